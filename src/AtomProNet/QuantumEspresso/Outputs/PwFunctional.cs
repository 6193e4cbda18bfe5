using System.Globalization;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Puts what pw.x prints about functional and smearing into the words of <see cref="Structures.DftMethod"/>.</summary>
internal static class PwFunctional
{
    /// <summary>
    /// The printed name, blanks made single, and the indices (exchange, correlation, gradient exchange, gradient correlation,
    /// non-local, meta) that stand behind it in brackets; old releases print them without blanks: <c>(1434)</c>.
    /// </summary>
    internal static (string? Name, int[]? Indices) Split(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal), close = text.LastIndexOf(')');
        string name = string.Join(' ', (open < 0 ? text : text[..open]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (open < 0 || close < open)
        {
            return (name.Length > 0 ? name : null, null);
        }

        string[] fields = text[(open + 1)..close].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is [{ Length: 4 } compact] && compact.All(char.IsAsciiDigit))
        {
            fields = [.. compact.Select(c => c.ToString())];
        }

        var indices = new int[fields.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            if (!int.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out indices[i]))
            {
                return (name.Length > 0 ? name : null, null);
            }
        }

        return (name.Length > 0 ? name : null, indices);
    }

    /// <summary>
    /// The common name where the indices are those of a common functional (Modules/funct.f90), else the name as printed: one functional
    /// is printed as <c>PBE</c>, <c>SLA PW PBE PBE</c>, <c>SLA PW PBX PBC</c> or <c>SLA-PW-PBX-PBC</c>, as the pseudopotential spells it.
    /// </summary>
    /// <param name="printed">The printed name.</param>
    /// <param name="indices">The printed indices.</param>
    /// <param name="exchangeFraction">The fraction of exact exchange, where there is one.</param>
    internal static string? Name(string? printed, int[]? indices, double? exchangeFraction)
    {
        string? name = indices is { Length: >= 4 } i && i.Skip(4).All(n => n == 0)
            ? (i[0], i[1], i[2], i[3]) switch
            {
                (1, 1, 0, 0) => "LDA",
                (1, 4, 3, 4) => "PBE",
                (1, 4, 10, 8) => "PBEsol",
                (1, 4, 4, 4) => "revPBE",
                (1, 4, 2, 2) => "PW91",
                (1, 3, 1, 3) => "BLYP",
                (6, 4, 8, 4) => "PBE0",
                (1, 4, 12, 4) => "HSE",
                (7, 12, 9, 7) => "B3LYP",
                (5, 0, 0, 0) => "Hartree-Fock",
                _ => NameOf(printed),
            }
            : NameOf(printed);
        double usual = name switch { "PBE0" or "HSE" => 0.25, "B3LYP" => 0.2, "Hartree-Fock" => 1, _ => 0 };
        return name is not null && exchangeFraction is { } fraction && fraction != usual && fraction > 0 && usual > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{name}(AEXX={fraction})")
            : name;
    }

    /// <summary>The common name of a functional that is given by name only, as in the XML.</summary>
    internal static string? NameOf(string? name) => name?.ToUpperInvariant() switch
    {
        "PZ" or "LDA" or "SLA PZ NOGX NOGC" => "LDA",
        "SLA PW PBE PBE" or "SLA PW PBX PBC" or "SLA-PW-PBX-PBC" or "SLA+PW+PBX+PBC" or "PBE" => "PBE",
        "PBESOL" or "SLA PW PSX PSC" => "PBEsol",
        "REVPBE" => "revPBE",
        "HF" => "Hartree-Fock",
        _ => name,
    };

    /// <summary>Whether the indices hold a non-local correlation (vdW-DF and its kin).</summary>
    internal static bool IsNonLocal(int[]? indices) => indices is { Length: >= 6 } && indices[4] > 0;

    /// <summary>What stands behind <c>number of k points=</c> and the number: the smearing and its width in Ry.</summary>
    internal static (string? Name, double? Width) Smearing(string text)
    {
        if (text.Length == 0)
        {
            return ("Fixed", null);
        }

        if (text.Contains("tetrahedron", StringComparison.OrdinalIgnoreCase))
        {
            return ("TetrahedronBloechl", null);
        }

        int sign = text.IndexOf('=', StringComparison.Ordinal);
        string[] fields = sign < 0 ? [] : text[(sign + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double? width = fields.Length > 0 && double.TryParse(fields[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 ? value : null;
        if (fields is [_, "ngauss", "=", var order])
        {
            return (order switch { "0" => "Gaussian", "-1" => "MarzariVanderbilt", "-99" => "Fermi", _ => "MethfesselPaxton" + order }, width);
        }

        string name = text.Split(' ')[0].ToUpperInvariant() switch
        {
            "GAUSSIAN" => "Gaussian",
            "METHFESSEL-PAXTON" => "MethfesselPaxton1",
            "MARZARI-VANDERBILT" => "MarzariVanderbilt",
            "FERMI-DIRAC" => "Fermi",
            var other => other,
        };
        return (name, width);
    }
}
