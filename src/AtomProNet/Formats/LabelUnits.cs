namespace AtomProNet.Formats;

/// <summary>
/// Knows the names under which files tell the units of their labels: <c>energy-unit=hartree</c>, <c>stress_unit=GPa</c> (extended XYZ,
/// as dpdata reads them), <c>e_unit</c> and <c>r_unit</c> (sGDML). Most files tell none, and are in eV and Å.
/// </summary>
internal static class LabelUnits
{
    /// <summary>The unit in which a label is read whose unit that name tells; null where the name tells no label's unit.</summary>
    public static string? OursFor(string name)
    {
        int end = name.EndsWith("unit", StringComparison.OrdinalIgnoreCase) ? name.Length - 4
            : name.EndsWith("units", StringComparison.OrdinalIgnoreCase) ? name.Length - 5
            : 0;
        if (end < 2 || name[end - 1] is not ('-' or '_'))
        {
            return null;
        }

        return name[..(end - 1)].ToLowerInvariant() switch
        {
            "energy" or "e" or "virial" or "virials" => "eV",
            "force" or "forces" or "f" => "eV/Å",
            "stress" or "stresses" => "eV/Å³",
            "length" or "position" or "positions" or "pos" or "r" or "lattice" or "cell" => "Å",
            _ => null,
        };
    }

    /// <summary>Whether a unit is another one, or cannot be understood.</summary>
    /// <param name="ours">What <see cref="OursFor"/> says.</param>
    /// <param name="theirs">What the file says.</param>
    public static bool IsOther(string ours, string? theirs) => theirs is null || Plain(theirs) != Plain(ours);

    // eV/Angstrom^3, ev/ang**3 and eV/Å³ are one.
    private static string Plain(string unit) => unit.Trim().ToLowerInvariant()
        .Replace("angstroms", "å", StringComparison.Ordinal)
        .Replace("angstrom", "å", StringComparison.Ordinal)
        .Replace("ang", "å", StringComparison.Ordinal)
        .Replace("a", "å", StringComparison.Ordinal)
        .Replace("³", "3", StringComparison.Ordinal)
        .Replace("**", "", StringComparison.Ordinal)
        .Replace("^", "", StringComparison.Ordinal)
        .Replace(".", "", StringComparison.Ordinal);
}
