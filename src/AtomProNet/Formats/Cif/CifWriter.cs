using System.Globalization;
using System.Text;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.Cif;

/// <summary>
/// Writes a CIF in P1: every atom of the cell, no symmetry. Fractional coordinates have the shortest digits that read back the
/// same double.
/// </summary>
/// <remarks>
/// A CIF holds lengths and angles, so the orientation of the cell is lost; lengths and angles are rounded to fifteen significant
/// digits after the computation. A left-handed cell is written with its first two vectors exchanged: its lengths and angles alone
/// would mean the mirror image.
/// </remarks>
public sealed class CifWriter : IFormatWriter
{
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Utf8Output output;

    /// <summary>Prepares writing; the stream is left open.</summary>
    public CifWriter(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        output = new Utf8Output(stream);
    }

    /// <summary>Writes a structure; the stream is left open.</summary>
    /// <exception cref="AtomProNetException">The structure has no lattice.</exception>
    public static void Write(Stream stream, Structure structure)
    {
        using var writer = new CifWriter(stream);
        writer.Write(structure);
    }

    /// <summary>Writes the structure of a frame as a data block; the format holds no labels.</summary>
    /// <exception cref="AtomProNetException">The structure has no lattice.</exception>
    public void Write(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Write(frame.Structure);
    }

    /// <summary>Writes a structure as a data block.</summary>
    /// <exception cref="AtomProNetException">The structure has no lattice.</exception>
    public void Write(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure.Lattice is not { } given)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "CifNeedsLattice", "A structure without a lattice cannot be written as a CIF.", value: structure.ToString(), remedy: "Put it into a cell, or write extended XYZ.");
        }

        if (structure.AtomCount == 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "CifNeedsAtoms", "A structure without atoms cannot be written as a CIF.", value: structure.ToString());
        }

        bool exchanged = !given.IsRightHanded;
        Lattice lattice = exchanged ? new(given.B, given.A, given.C) : given;
        output.Write("data_" + BlockName(structure, names) + "\n");
        Vector3D lengths = lattice.Lengths, angles = lattice.Angles;
        Item(output, "_cell_length_a   ", Round(lengths.X));
        Item(output, "_cell_length_b   ", Round(lengths.Y));
        Item(output, "_cell_length_c   ", Round(lengths.Z));
        Item(output, "_cell_angle_alpha", Round(angles.X));
        Item(output, "_cell_angle_beta ", Round(angles.Y));
        Item(output, "_cell_angle_gamma", Round(angles.Z));
        Item(output, "_cell_volume     ", Round(lattice.Volume));
        output.Write("_chemical_formula_sum '" + FormulaSum(structure) + "'\n"
            + "_cell_formula_units_Z 1\n_space_group_name_H-M_alt 'P 1'\n_space_group_IT_number 1\nloop_\n_space_group_symop_operation_xyz\n'x, y, z'\n");

        string[] types = Types(structure);
        if (structure.SiteProperties.TryGetValue("oxidation_state", out SiteProperty? states) && states is { Kind: SitePropertyKind.Real, Width: 1 })
        {
            output.Write("loop_\n_atom_type_symbol\n_atom_type_oxidation_number\n");
            var written = new HashSet<string>(StringComparer.Ordinal);
            for (int i = 0; i < types.Length; i++)
            {
                if (written.Add(types[i]))
                {
                    output.Write(types[i] + " ");
                    output.Write(states.Reals[i]);
                    output.Write((byte)'\n');
                }
            }
        }

        output.Write("loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n");
        for (int i = 0; i < types.Length; i++)
        {
            Vector3D f = structure.FractionalPositions[i];
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{structure.Species[i].Symbol}{i + 1} {types[i]} "));
            output.Write(exchanged ? f.Y : f.X);
            output.Write((byte)' ');
            output.Write(exchanged ? f.X : f.Y);
            output.Write((byte)' ');
            output.Write(f.Z);
            output.Write(" 1\n"u8);
        }

        output.Flush();
    }

    /// <summary>Gives the buffer back; the stream is left open.</summary>
    public void Dispose() => output.Dispose();

    private static void Item(Utf8Output output, string name, double value)
    {
        output.Write(name + " ");
        output.Write(value);
        output.Write((byte)'\n');
    }

    // The square root and the arc tangent leave noise in the last digits: 120.00000000000001.
    private static double Round(double value) => double.Parse(value.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string[] Types(Structure structure)
    {
        bool charged = structure.SiteProperties.TryGetValue("oxidation_state", out SiteProperty? states) && states is { Kind: SitePropertyKind.Real, Width: 1 };
        var types = new string[structure.AtomCount];
        for (int i = 0; i < types.Length; i++)
        {
            types[i] = structure.Species[i].Symbol;
            if (charged)
            {
                double state = states!.Reals[i];
                types[i] += Math.Abs(state).ToString(CultureInfo.InvariantCulture) + (state < 0 ? '-' : '+');
            }
        }

        return types;
    }

    private static string FormulaSum(Structure structure)
    {
        SpeciesGrouping groups = SpeciesGrouping.Of(structure);
        return string.Join(' ', groups.Elements.Select((element, i) => string.Create(CultureInfo.InvariantCulture, $"{element.Symbol}{groups.Counts[i]}")));
    }

    private static string BlockName(Structure structure, HashSet<string> names)
    {
        var name = new StringBuilder();
        foreach (char c in structure.Name ?? structure.ReducedFormula)
        {
            name.Append(c is > ' ' and <= '~' ? c : '_');
        }

        // Block names are at most 75 characters long, and differ within a file.
        string wanted = name.Length == 0 ? "structure" : name.ToString(0, Math.Min(60, name.Length));
        string unique = wanted;
        for (int k = 2; !names.Add(unique); k++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{k}");
        }

        return unique;
    }
}
