using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>Puts VASP's tags into the words of <see cref="DftMethod"/>. Source: the VASP wiki's pages of the tags.</summary>
internal static class VaspMethod
{
    /// <summary>The method of a run.</summary>
    /// <param name="settings">Its tags.</param>
    /// <param name="types">Its species, in the order of the POTCAR.</param>
    internal static DftMethod Create(VaspSettings settings, IReadOnlyList<VaspType> types)
    {
        string? smearing = Smearing(settings.Integer("ISMEAR"));
        return new()
        {
            Code = "VASP",
            Version = settings.Version,
            Functional = Functional(settings),
            Dispersion = Dispersion(settings),
            CutoffEnergy = settings.Number("ENCUT", rounding: 0.05),
            Precision = Precision(settings.Text("PREC")),
            Smearing = smearing,
            // The tetrahedron method and fixed occupations have no width, whatever SIGMA says.
            SmearingWidth = smearing is null || smearing.StartsWith("Tetrahedron", StringComparison.Ordinal) || smearing == "Fixed" ? null : settings.Number("SIGMA", rounding: 0.005),
            AsphericalCorrections = settings.Flag("LASPH"),
            SpinPolarised = settings.IsNonCollinear ? true : settings.Integer("ISPIN") is { } spin ? spin == 2 : null,
            Potentials = Potentials(types),
            HubbardU = HubbardU(settings, types),
            KPointMesh = KPointMesh(settings),
            ElectronicTolerance = settings.ElectronicTolerance,
            CoreCount = settings.CoreCount,
        };
    }

    private static string? Functional(VaspSettings settings)
    {
        string? meta = settings.WholeName("METAGGA")?.Trim();
        string? gga = settings.Text("GGA")?.Trim() is { Length: > 0 } tag && tag[0] is not '-' ? tag.Split(' ')[0] : settings.PotentialFunctional ?? (settings.Integer("LEXCH") switch { 8 => "PE", 7 => "91", 2 => "CA", _ => null });
        string? name = IsName(meta) ? meta!.Split(' ')[0].ToUpperInvariant() switch { "R2SCA" => "R2SCAN", var whole => whole } : Name(gga);
        if (settings.Flag("LHFCALC") != true)
        {
            return name;
        }

        double? exchange = settings.Number("AEXX"), screening = settings.Number("HFSCREEN");
        return (name, exchange, screening ?? 0) switch
        {
            ("PBE", 0.25, 0.2) => "HSE06",
            ("PBE", 0.25, 0.3) => "HSE03",
            ("PBE", 0.25, 0) => "PBE0",
            (_, 1, 0) => "Hartree-Fock",
            _ => string.Create(CultureInfo.InvariantCulture, $"{name}+hybrid(AEXX={exchange},HFSCREEN={screening ?? 0})"),
        };

        static bool IsName(string? text) => text is { Length: > 1 } && char.IsAsciiLetter(text[0]) && text.Split(' ')[0] is not ("F" or "T" or "NONE" or "None");
    }

    private static string? Name(string? letters) => letters?.ToUpperInvariant() switch
    {
        null or "" or "--" => null,
        "PE" => "PBE",
        "PS" => "PBEsol",
        "RP" => "RPBE",
        "RE" => "revPBE",
        "91" => "PW91",
        "CA" or "PZ" => "LDA",
        "AM" => "AM05",
        "BF" => "BEEF",
        "B3" or "B5" => "B3LYP",
        "OR" => "optPBE",
        "BO" => "optB88",
        "MK" => "optB86b",
        "ML" => "rPW86",
        var other => other,
    };

    private static string? Dispersion(VaspSettings settings)
    {
        if (settings.Flag("LUSE_VDW") == true)
        {
            return "NonlocalVdW";
        }

        return settings.Integer("IVDW") switch
        {
            null or 0 => settings.Flag("LVDW") == true ? "D2" : null,
            1 or 10 => "D2",
            11 => "D3",
            12 => "D3(BJ)",
            13 => "D4",
            2 or 20 => "TS",
            21 => "TS(HI)",
            202 => "MBD@rsSCS",
            263 => "MBD(FI)",
            3 => "DFT-ulg",
            4 => "dDsC",
            var other => string.Create(CultureInfo.InvariantCulture, $"IVDW={other}"),
        };
    }

    private static string? Precision(string? text) => text?.Trim() switch
    {
        null or "" => null,
        { } t when t.StartsWith("a", StringComparison.OrdinalIgnoreCase) => "Accurate",
        { } t when t.StartsWith("n", StringComparison.OrdinalIgnoreCase) => "Normal",
        { } t when t.StartsWith("m", StringComparison.OrdinalIgnoreCase) => "Medium",
        { } t when t.StartsWith("h", StringComparison.OrdinalIgnoreCase) => "High",
        { } t when t.StartsWith("l", StringComparison.OrdinalIgnoreCase) => "Low",
        { } t when t.StartsWith("s", StringComparison.OrdinalIgnoreCase) => "Single",
        { } t => t,
    };

    private static string? Smearing(int? flag) => flag switch
    {
        null => null,
        0 => "Gaussian",
        -1 => "Fermi",
        -2 => "Fixed",
        -4 => "Tetrahedron",
        -5 => "TetrahedronBloechl",
        -14 => "TetrahedronFermi",
        -15 => "TetrahedronBloechlFermi",
        > 0 => string.Create(CultureInfo.InvariantCulture, $"MethfesselPaxton{flag}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"ISMEAR={flag}"),
    };

    private static string? KPointMesh(VaspSettings settings) => settings.KPointMesh is { } mesh
        ? settings.KPointShift is { } shift ? $"{mesh} shift {shift}" : mesh
        : settings.IrreducibleKPoints is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count} irreducible") : null;

    private static ImmutableSortedDictionary<string, string> Potentials(IReadOnlyList<VaspType> types)
    {
        var potentials = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (VaspType type in types)
        {
            if (type.Potential is not { Length: > 0 } title)
            {
                continue;
            }

            // An element may stand twice, with the same potential (Ti O Ti) or with different ones.
            potentials[type.Element.Symbol] = potentials.TryGetValue(type.Element.Symbol, out string? known) && !known.Split("; ").Contains(title, StringComparer.Ordinal) ? known + "; " + title : known ?? title;
        }

        return potentials.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, double> HubbardU(VaspSettings settings, IReadOnlyList<VaspType> types)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        if (settings.Text("LDAUTYPE") is null && settings.Flag("LDAU") != true)
        {
            return values.ToImmutable();
        }

        double[] l = settings.Numbers("LDAUL"), u = settings.Numbers("LDAUU"), j = settings.Numbers("LDAUJ");
        for (int i = 0; i < types.Count && i < l.Length && i < u.Length; i++)
        {
            // Only U − J enters Dudarev's form (LDAUTYPE = 2), and it is what sets of any form are compared by.
            double effective = u[i] - (i < j.Length ? j[i] : 0);
            if (l[i] < 0 || effective == 0)
            {
                continue;
            }

            string symbol = types[i].Element.Symbol;
            bool taken = values.TryGetValue(symbol, out double known) && known != effective;
            values[taken ? string.Create(CultureInfo.InvariantCulture, $"{symbol}[{i + 1}]") : symbol] = effective;
        }

        return values.ToImmutable();
    }
}
