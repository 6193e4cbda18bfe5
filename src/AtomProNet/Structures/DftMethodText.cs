using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AtomProNet.Structures;

/// <summary>
/// A <see cref="DftMethod"/> as one line of text and back, for files that carry it with each frame:
/// <code>code=VASP; version=6.3.0; functional=PBE; cutoff_ev=520; potential.Al=PAW_PBE Al 04Jan2001</code>
/// Settings that nobody told are left out. In values <c>; % " \</c> and control characters stand as <c>%3B</c> and so on, so that the text
/// needs no escapes where it is quoted. Numbers have the digits that read back the same double: the fingerprint stays what it was.
/// </summary>
public static class DftMethodText
{
    private const string First = "code=", Separator = "; ", Potential = "potential.", Hubbard = "hubbard_u_ev.";

    /// <summary>The settings that were told, by name, in one order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(DftMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        (string Name, string? Value)[] single =
        [
            ("code", method.Code),
            ("version", method.Version),
            ("functional", method.Functional),
            ("dispersion", method.Dispersion),
            ("cutoff_ev", Text(method.CutoffEnergy)),
            ("density_cutoff_ev", Text(method.DensityCutoffEnergy)),
            ("precision", method.Precision),
            ("smearing", method.Smearing),
            ("smearing_width_ev", Text(method.SmearingWidth)),
            ("aspherical", Text(method.AsphericalCorrections)),
            ("spin_polarised", Text(method.SpinPolarised)),
            ("k_points", method.KPointMesh),
            ("scf_tolerance_ev", Text(method.ElectronicTolerance)),
            ("cores", method.CoreCount?.ToString(CultureInfo.InvariantCulture)),
        ];
        return single.Where(s => s.Value is not null).Select(s => KeyValuePair.Create(s.Name, s.Value!))
            .Concat(method.Potentials.Select(p => KeyValuePair.Create(Potential + p.Key, p.Value)))
            .Concat(method.HubbardU.Select(u => KeyValuePair.Create(Hubbard + u.Key, Text(u.Value)!)));
    }

    /// <summary>The method as one line.</summary>
    public static string Write(DftMethod method) => string.Join(Separator, Settings(method).Select(s => $"{s.Key}={Escaped(s.Value)}"));

    /// <summary>Whether a text is meant to be a method: it begins with the code.</summary>
    public static bool IsMethod(string text) => text.StartsWith(First, StringComparison.Ordinal);

    /// <summary>Reads what <see cref="Write"/> made. Settings of later versions, whose names are not known here, are passed over.</summary>
    /// <exception cref="AtomProNetException">The text is damaged: a setting without a value, a number that is none, a name twice.</exception>
    public static DftMethod Read(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in text.Split(';', StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !settings.TryAdd(pair[..equals], Uri.UnescapeDataString(pair[(equals + 1)..])))
            {
                throw Damaged("A setting of the method has no value, or stands twice.", pair);
            }
        }

        return new()
        {
            Code = settings.GetValueOrDefault("code") is { Length: > 0 } code ? code : throw Damaged("The method does not tell its code.", text),
            Version = settings.GetValueOrDefault("version"),
            Functional = settings.GetValueOrDefault("functional"),
            Dispersion = settings.GetValueOrDefault("dispersion"),
            CutoffEnergy = Number("cutoff_ev"),
            DensityCutoffEnergy = Number("density_cutoff_ev"),
            Precision = settings.GetValueOrDefault("precision"),
            Smearing = settings.GetValueOrDefault("smearing"),
            SmearingWidth = Number("smearing_width_ev"),
            AsphericalCorrections = Truth("aspherical"),
            SpinPolarised = Truth("spin_polarised"),
            KPointMesh = settings.GetValueOrDefault("k_points"),
            ElectronicTolerance = Number("scf_tolerance_ev"),
            CoreCount = Number("cores") is { } cores ? cores is >= 1 and <= int.MaxValue && cores == Math.Floor(cores) ? (int)cores : throw Damaged("'cores' of the method is no whole number.", settings["cores"]) : null,
            Potentials = ByElement(Potential, (_, value) => value),
            HubbardU = ByElement(Hubbard, (name, _) => Number(name)!.Value),
        };

        double? Number(string name) => !settings.TryGetValue(name, out string? value) ? null
            : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number
            : throw Damaged($"'{name}' of the method is no number.", value);

        bool? Truth(string name) => !settings.TryGetValue(name, out string? value) ? null
            : value switch { "true" => true, "false" => false, _ => throw Damaged($"'{name}' of the method is neither true nor false.", value) };

        ImmutableSortedDictionary<string, T> ByElement<T>(string prefix, Func<string, string, T> value) => settings
            .Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(s => s.Key[prefix.Length..], s => value(s.Key, s.Value), StringComparer.Ordinal);
    }

    private static string? Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Text(bool? value) => value is null ? null : value.Value ? "true" : "false";

    private static string Escaped(string value)
    {
        if (!value.Any(c => c is ';' or '%' or '"' or '\\' || char.IsControl(c)) && value == value.Trim())
        {
            return value;
        }

        // Blanks at the ends are told apart from those that separate settings.
        string inner = value.Trim();
        int start = inner.Length == 0 ? 0 : value.IndexOf(inner, StringComparison.Ordinal);
        var text = new StringBuilder();
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            bool outer = i < start || i >= start + inner.Length;
            if (outer || c is ';' or '%' or '"' or '\\' || char.IsControl(c))
            {
                text.Append(Uri.EscapeDataString(c.ToString()));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private static AtomProNetException Damaged(string problem, string value) =>
        new(ErrorKind.InvalidData, "DftMethodDamaged", problem, value: value, remedy: "Correct the text, or take it out: then nobody knows how the frame was computed.");
}
