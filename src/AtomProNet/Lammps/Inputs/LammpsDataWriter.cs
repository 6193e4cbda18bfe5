using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Structures;

namespace AtomProNet.Lammps.Inputs;

/// <summary>Writes LAMMPS data files (docs.lammps.org/read_data.html): numbers with the shortest digits that read back the same.</summary>
internal static class LammpsDataWriter
{
    /// <summary>The name of the site property that holds charges, e.</summary>
    internal const string ChargeProperty = "charge";

    /// <summary>The text of a data file.</summary>
    /// <param name="box">The structure along LAMMPS's axes.</param>
    /// <param name="types">Which element is which type.</param>
    /// <param name="charges">The charge of each atom, e; null for atom_style atomic.</param>
    /// <param name="title">What stands in the first line.</param>
    internal static string ToText(LammpsBox box, TypeOrder types, IReadOnlyList<double>? charges, string title)
    {
        Structure s = box.Structure;
        var text = new StringBuilder();
        // The first line is a comment to LAMMPS, whatever it holds, as long as it is one line.
        text.Append(CultureInfo.InvariantCulture, $"{title.ReplaceLineEndings(" ")}; types: {types}\n\n{s.AtomCount} atoms\n{types.Count} atom types\n\n");
        Vector3D lo = box.Origin;
        Edge("x", lo.X, lo.X + box.Rows[0, 0]);
        Edge("y", lo.Y, lo.Y + box.Rows[1, 1]);
        Edge("z", lo.Z, lo.Z + box.Rows[2, 2]);
        if (box.IsTriclinic)
        {
            text.Append(CultureInfo.InvariantCulture, $"{box.Rows[1, 0]:R} {box.Rows[2, 0]:R} {box.Rows[2, 1]:R} xy xz yz\n");
        }

        text.Append("\nMasses\n\n");
        for (int t = 0; t < types.Count; t++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{t + 1} {types.Elements[t].Mass:R} # {types.Elements[t].Symbol}\n");
        }

        text.Append(charges is null ? "\nAtoms # atomic\n\n" : "\nAtoms # charge\n\n");
        for (int i = 0; i < s.AtomCount; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {types[s.Species[i]]} ");
            if (charges is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{charges[i]:R} ");
            }

            Vector3D r = box.Positions[i];
            text.Append(CultureInfo.InvariantCulture, $"{r.X:R} {r.Y:R} {r.Z:R}\n");
        }

        return text.ToString();

        void Edge(string axis, double low, double high) => text.Append(CultureInfo.InvariantCulture, $"{low:R} {high:R} {axis}lo {axis}hi\n");
    }

    /// <summary>
    /// The charges that a structure starts with: its own column, else a neutral guess from which equilibration starts, with the sign of the
    /// electronegativities, q = χ̄ − χ with the mean χ̄ over the atoms (Pauling's scale).
    /// </summary>
    internal static ImmutableArray<double> StartCharges(Structure s)
    {
        if (s.SiteProperties.TryGetValue(ChargeProperty, out SiteProperty? column) && column is { Kind: SitePropertyKind.Real, Width: 1 })
        {
            return [.. column.Reals];
        }

        double[] electronegativity = [.. s.Species.Select(e => e.Electronegativity ?? 2)];
        double mean = electronegativity.Average();
        return s.Composition.Counts.Count == 1 ? [.. new double[s.AtomCount]] : [.. electronegativity.Select(x => mean - x)];
    }
}
