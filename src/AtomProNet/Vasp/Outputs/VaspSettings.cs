using System.Globalization;
using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// The tags of one VASP run as its output tells them: what VASP printed as its own parameters, and what it echoed of the INCAR
/// (VASP 6). The printed value counts; the echo adds digits where both agree (SIGMA is printed with two decimals) and tags that
/// are not printed at all (IVDW).
/// </summary>
internal sealed class VaspSettings
{
    // As large as they become.
    private readonly Dictionary<string, string> printed = new(53, StringComparer.Ordinal);
    private readonly Dictionary<string, string> requested = new(29, StringComparer.Ordinal);
    // What each ionic step asks for; null since the last tag that was kept.
    private StepSettings? forSteps;

    /// <summary>The version, such as <c>6.3.0</c> or <c>5.4.4.18Apr17-6-g9f103f2a35</c>.</summary>
    internal string? Version { get; set; }

    /// <summary>Processes times threads; null where the file does not tell.</summary>
    internal int? CoreCount { get; set; }

    /// <summary>The divisions of the k mesh, such as <c>4x4x4</c>; null where the file does not tell.</summary>
    internal string? KPointMesh { get; set; }

    /// <summary>How far the mesh is moved from Γ, in units of its own vectors; null where the file does not tell.</summary>
    internal string? KPointShift { get; set; }

    /// <summary>The number of irreducible k-points.</summary>
    internal int? IrreducibleKPoints { get; set; }

    /// <summary>The two letters of the functional in the potentials' LEXCH.</summary>
    internal string? PotentialFunctional { get; set; }

    internal int? MaximumElectronicSteps => ForSteps.MaximumElectronicSteps;

    /// <summary>EDIFF, eV.</summary>
    internal double? ElectronicTolerance => ForSteps.ElectronicTolerance;

    internal int? IonicSteps => ForSteps.IonicSteps;

    internal int? IonicMotion => ForSteps.IonicMotion;

    internal int? StressFlag => ForSteps.StressFlag;

    internal bool IsNonCollinear => ForSteps.IsNonCollinear;

    /// <summary>N of σ→0 = F + (E − F)/(N + 2): ISMEAR where it is a Methfessel–Paxton order, else 0.</summary>
    internal int SmearingOrder => ForSteps.SmearingOrder;

    /// <summary>Whether it is certain that no classical dispersion is added to the energy of the electrons: VASP 6 echoes the whole INCAR.</summary>
    internal bool IsWithoutDispersion => ForSteps.IsWithoutDispersion;

    /// <summary>ICHARG, where the density of another run is kept fixed (10 and more: band structures); else null.</summary>
    internal int? FixedDensity => ForSteps.FixedDensity;

    /// <summary>Whether the response to a field or to displacements is computed after the ground state, by electronic loops of its own.</summary>
    internal bool HasResponse => ForSteps.HasResponse;

    private StepSettings ForSteps => forSteps ??= new(
        Integer("NELM"), Number("EDIFF"), Integer("NSW"), Integer("IBRION"), Integer("ISIF"), Flag("LNONCOLLINEAR") == true, Math.Max(Integer("ISMEAR") ?? 0, 0),
        requested.Count > 0 && Integer("IVDW") is null or 0 && Flag("LVDW") != true,
        Integer("ICHARG") is >= 10 and var charge ? charge : null, Flag("LEPSILON") == true || Flag("LCHIMAG") == true || Integer("IBRION") is 7 or 8);

    /// <summary>Keeps a value that VASP printed as its own parameter; the first one stays.</summary>
    internal void Print(string tag, ReadOnlySpan<byte> value)
    {
        if (!printed.ContainsKey(tag))
        {
            printed.Add(tag, Encoding.ASCII.GetString(value));
            forSteps = null;
        }
    }

    /// <summary>Keeps a value that VASP echoed from the INCAR; VASP takes the first of several.</summary>
    internal void Request(string tag, string value)
    {
        requested.TryAdd(tag, value);
        forSteps = null;
    }

    /// <summary>The value of a tag; null where the file does not tell.</summary>
    internal string? Text(string tag) => printed.GetValueOrDefault(tag) ?? requested.GetValueOrDefault(tag);

    /// <summary>A name of which VASP prints the first five letters: the whole one of the INCAR, where it begins with them.</summary>
    internal string? WholeName(string tag) =>
        FirstWord(printed.GetValueOrDefault(tag)) is { Length: 5 } first && requested.GetValueOrDefault(tag)?.Trim() is { } whole && whole.StartsWith(first, StringComparison.OrdinalIgnoreCase) ? whole : Text(tag);

    internal int? Integer(string tag) =>
        int.TryParse(FirstWord(Text(tag)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null;

    internal bool? Flag(string tag) => FirstWord(Text(tag))?.TrimStart('.') is { Length: > 0 } text
        ? char.ToUpperInvariant(text[0]) switch { 'T' => true, 'F' => false, _ => null }
        : null;

    internal double? Number(string tag) => Parse(Text(tag));

    /// <summary>A number with the digits of the INCAR, where the printed one is its rounding.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="rounding">Half of the last printed digit.</param>
    internal double? Number(string tag, double rounding) =>
        Parse(printed.GetValueOrDefault(tag)) is { } rounded
            ? Parse(requested.GetValueOrDefault(tag)) is { } exact && Math.Abs(exact - rounded) <= rounding * 1.000001 ? exact : rounded
            : Parse(requested.GetValueOrDefault(tag));

    /// <summary>Numbers of a tag that has one value per species.</summary>
    internal double[] Numbers(string tag)
    {
        var values = new List<double>();
        foreach (string word in (Text(tag) ?? "").Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(word) is not { } value)
            {
                break;
            }

            values.Add(value);
        }

        return [.. values];
    }

    private static string? FirstWord(string? text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(" \t;");
        int length = rest.IndexOfAny(' ', '\t', ';');
        return rest.IsEmpty ? null : length < 0 && rest.Length == text!.Length ? text : rest[..(length < 0 ? rest.Length : length)].ToString();
    }

    private static double? Parse(string? text)
    {
        if (FirstWord(text) is not { } word)
        {
            return null;
        }

        Span<byte> bytes = word.Length <= 64 ? stackalloc byte[64] : new byte[word.Length];
        return Encoding.ASCII.TryGetBytes(word, bytes, out int written) && Utf8Number.TryParseDouble(bytes[..written], out double value) ? value : null;
    }

    private sealed record StepSettings(
        int? MaximumElectronicSteps, double? ElectronicTolerance, int? IonicSteps, int? IonicMotion, int? StressFlag, bool IsNonCollinear, int SmearingOrder, bool IsWithoutDispersion, int? FixedDensity, bool HasResponse);
}
