using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.Poscar;

/// <summary>
/// Writes a POSCAR for VASP 5 and 6 (VASP manual, POSCAR). Sites are gathered by element (<see cref="SpeciesGrouping"/>), their
/// properties move along; numbers have the shortest digits that read back the same double.
/// </summary>
public static class PoscarWriter
{
    /// <summary>Writes a structure; the stream is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="structure">What; it needs a lattice.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="AtomProNetException">A POSCAR cannot hold the structure.</exception>
    public static void Write(Stream stream, Structure structure, PoscarWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ToBytes(structure, options));
    }

    /// <summary>The bytes of the file.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[] ToBytes(Structure structure, PoscarWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        options ??= new PoscarWriteOptions();
        Lattice lattice = structure.Lattice ?? throw new AtomProNetException(ErrorKind.NotSupported, "PoscarNeedsLattice", "A structure without a lattice cannot be written as a POSCAR.", value: structure.ToString(), remedy: "Put it into a cell, or write extended XYZ.");
        if (structure.AtomCount == 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "PoscarNeedsAtoms", "A structure without atoms cannot be written as a POSCAR.", value: structure.ToString());
        }

        SiteProperty? free = options.IncludeSelectiveDynamics ? Column(structure, "selective_dynamics", SitePropertyKind.Logical) : null;
        SiteProperty? velocities = options.IncludeVelocities ? Column(structure, "velocities", SitePropertyKind.Real) : null;
        SpeciesGrouping groups = SpeciesGrouping.Of(structure);
        bool direct = (options.Coordinates ?? structure.CoordinateKind) == CoordinateKind.Fractional;
        ImmutableArray<Vector3D> positions = direct ? structure.FractionalPositions : structure.CartesianPositions;

        var output = new ArrayBufferWriter<byte>(512 + structure.AtomCount * (velocities is null ? 70 : 140));
        Text(output, OneLine(options.Comment ?? structure.Name ?? structure.Composition.Formula));
        Text(output, "\n1.0\n");
        for (int i = 0; i < 3; i++)
        {
            Vector(output, lattice.Rows[i]);
            Text(output, "\n");
        }

        Text(output, string.Join(' ', groups.Elements) + "\n");
        Text(output, string.Join(' ', groups.Counts.Select(n => n.ToString(CultureInfo.InvariantCulture))) + "\n");
        Text(output, (free is null ? "" : "Selective dynamics\n") + (direct ? "Direct\n" : "Cartesian\n"));
        foreach (int site in groups.SiteOrder)
        {
            Vector(output, positions[site]);
            for (int k = 0; free is not null && k < 3; k++)
            {
                Text(output, free.Logicals[site * 3 + k] ? " T" : " F");
            }

            Text(output, "\n");
        }

        if (velocities is not null)
        {
            Text(output, "\n");
            foreach (int site in groups.SiteOrder)
            {
                ReadOnlySpan<double> v = velocities.Reals.Slice(site * 3, 3);
                Vector(output, new(v[0], v[1], v[2]));
                Text(output, "\n");
            }
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>A text on one line: line ends and other control characters become blanks.</summary>
    internal static string OneLine(string text)
    {
        string cleaned = string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
            }
        });
        return cleaned.Trim();
    }

    private static SiteProperty? Column(Structure structure, string name, SitePropertyKind kind)
    {
        SiteProperty? column = structure.SiteProperties.GetValueOrDefault(name);
        return column is null || (column.Kind == kind && column.Width == 3)
            ? column
            : throw new AtomProNetException(ErrorKind.InvalidData, "SitePropertyShape", $"The site property '{name}' must hold three values of kind {kind} per site to be written into a POSCAR.", value: column.ToString(), remedy: "Take it off the structure, or give it that shape.");
    }

    private static void Vector(ArrayBufferWriter<byte> output, Vector3D vector)
    {
        // Columns are aligned for the reader's eye: a double takes 24 bytes at most.
        const int Width = 24;
        Span<byte> digits = stackalloc byte[48];
        for (int i = 0; i < 3; i++)
        {
            Span<byte> span = output.GetSpan(Width + 3);
            int length = Utf8Number.FormatReal(vector[i], digits);
            int blanks = Math.Max(1, Width - length);
            span[..blanks].Fill((byte)' ');
            digits[..length].CopyTo(span[blanks..]);
            output.Advance(blanks + length);
        }
    }

    private static void Text(ArrayBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
