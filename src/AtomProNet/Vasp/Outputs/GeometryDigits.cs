using System.Collections.Immutable;
using AtomProNet.Files;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// An OUTCAR has five decimals of each position (a vasprun.xml eight); the CONTCAR or POSCAR beside it has sixteen. They are taken where, and only
/// where, they are the same geometry: every vector and every position within half of the output's last digit.
/// </summary>
internal static class GeometryDigits
{
    /// <summary>The geometry with more digits; null where neither file has it.</summary>
    /// <param name="folder">Where CONTCAR and POSCAR may lie.</param>
    /// <param name="names">Which files to try, in order.</param>
    /// <param name="types">The element of each entry of the POTCAR.</param>
    /// <param name="species">The element of each atom.</param>
    /// <param name="lattice">The cell.</param>
    /// <param name="positions">The positions, Å.</param>
    /// <param name="latticeRounding">Half of the last digit of the cell, Å.</param>
    /// <param name="positionRounding">Half of the last digit of the positions, Å.</param>
    internal static Structure? Find(string folder, ReadOnlySpan<string> names, ImmutableArray<Element> types, ImmutableArray<Element> species, Lattice lattice, ReadOnlySpan<Vector3D> positions, double latticeRounding = 0.5e-9, double positionRounding = 0.5e-5)
    {
        foreach (string name in names)
        {
            string path = Path.Combine(folder, name);
            if (Read(path, types) is { Lattice: { } other } structure && structure.Species.AsSpan().SequenceEqual(species.AsSpan())
                && IsSame(lattice, other, latticeRounding) && IsSame(other, structure.CartesianPositions.AsSpan(), positions, positionRounding))
            {
                return structure;
            }
        }

        return null;
    }

    /// <summary>Whether positions are the same up to lattice vectors and rounding.</summary>
    /// <param name="lattice">The cell.</param>
    /// <param name="exact">The positions with more digits, Å.</param>
    /// <param name="rounded">The positions with fewer digits, Å.</param>
    /// <param name="rounding">Half of the last digit of the latter, per component.</param>
    internal static bool IsSame(Lattice lattice, ReadOnlySpan<Vector3D> exact, ReadOnlySpan<Vector3D> rounded, double rounding)
    {
        if (exact.Length != rounded.Length)
        {
            return false;
        }

        double tolerance = rounding * 1.001 + 2e-9;
        for (int i = 0; i < exact.Length; i++)
        {
            Vector3D difference = rounded[i] - exact[i];
            if (Fits(difference, tolerance))
            {
                continue;
            }

            Vector3D f = lattice.ToFractional(difference);
            if (!Fits(difference - lattice.ToCartesian(new(Math.Round(f.X), Math.Round(f.Y), Math.Round(f.Z))), tolerance))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSame(Lattice rounded, Lattice exact, double rounding)
    {
        for (int i = 0; i < 3; i++)
        {
            if (!Fits(rounded.Rows[i] - exact.Rows[i], rounding * 1.001 + 1e-12))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Fits(Vector3D d, double tolerance) => Math.Abs(d.X) <= tolerance && Math.Abs(d.Y) <= tolerance && Math.Abs(d.Z) <= tolerance;

    /// <summary>The POSCAR of a folder; null where there is none, or it cannot be read.</summary>
    internal static Structure? Input(string? folder, ImmutableArray<Element> types) => folder is null ? null : Read(Path.Combine(folder, "POSCAR"), types);

    private static Structure? Read(string path, ImmutableArray<Element> types)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > 1 << 28)
            {
                return null;
            }

            // A VASP 4 file has no line of species; the OUTCAR knows them.
            using FileStream stream = SharedFile.OpenRead(path);
            return PoscarReader.Read(stream, path, new() { Species = types });
        }
        catch (Exception e) when (e is AtomProNetException or IOException or UnauthorizedAccessException)
        {
            // It serves for digits alone: one that is empty or half written (a job that runs) is as good as none.
            return null;
        }
    }
}
