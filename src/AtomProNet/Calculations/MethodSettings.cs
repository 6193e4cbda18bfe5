using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>One setting of a method, as it is compared between the frames of a set.</summary>
/// <param name="Name">Its name, such as <c>CutoffEnergy</c> or <c>Potential of Al</c>.</param>
/// <param name="Text">Its value for people.</param>
/// <param name="Number">Its value as a number; null where it is none.</param>
/// <param name="Tolerance">How far two numbers may be apart and still be the same, since printed ones are rounded.</param>
internal readonly record struct MethodSetting(string Name, string Text, double? Number = null, double Tolerance = 0)
{
    /// <summary>Whether another value of the same setting is the same.</summary>
    internal bool IsSame(MethodSetting other) => Number is { } a && other.Number is { } b
        ? Math.Abs(a - b) <= Tolerance
        // pw.x's XML names the potential's file alone, its standard output the checksum too.
        : Text == other.Text || Text.StartsWith(other.Text + " MD5 ", StringComparison.Ordinal) || other.Text.StartsWith(Text + " MD5 ", StringComparison.Ordinal);
}

/// <summary>
/// What must agree between the frames of one set: code, functional, dispersion, cut-offs, precision, smearing and its width, LASPH, the
/// potential of each shared element, +U by the rule of its element. One rule for whoever compares: import, check and export.
/// </summary>
internal static class MethodSettings
{
    /// <summary>Settings of potentials begin with this.</summary>
    internal const string Potential = "Potential of ";

    /// <summary>Settings of +U begin with this.</summary>
    internal const string Hubbard = "HubbardU of ";

    /// <summary>Printed values are rounded: ENCUT to 0.1 eV, SIGMA to 0.01 eV in older versions.</summary>
    private const double CutoffRounding = 0.051, WidthRounding = 0.00501, HubbardRounding = 0.005;

    /// <summary>Whether a frame is a single atom in a box, which is exempt from k-points, spin and smearing.</summary>
    internal static bool IsExempt(Frame frame) => frame.ConfigType == IsolatedAtoms.Operation || IsolatedAtoms.IsIsolated(frame.Structure);

    /// <summary>The settings of a frame that must agree; what its file does not tell is left out and agrees with any.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="method">Its method.</param>
    /// <param name="isExempt">Whether it is a single atom in a box.</param>
    internal static IEnumerable<MethodSetting> MustAgree(Frame frame, DftMethod method, bool isExempt)
    {
        IEnumerable<MethodSetting?> single =
        [
            Text("Code", method.Code),
            Text("Functional", method.Functional),
            Text("Dispersion", method.Dispersion ?? "none"),
            Number("CutoffEnergy", method.CutoffEnergy, CutoffRounding),
            Number("DensityCutoffEnergy", method.DensityCutoffEnergy, CutoffRounding),
            Text("Precision", method.Precision),
            Text("AsphericalCorrections", method.AsphericalCorrections?.ToString()),
            isExempt ? null : Text("Smearing", method.Smearing),
            isExempt ? null : Number("SmearingWidth", method.SmearingWidth, WidthRounding),
        ];
        foreach (MethodSetting? setting in single)
        {
            if (setting is { } told)
            {
                yield return told;
            }
        }

        // MP and others put U on a metal only in oxides and fluorides.
        bool hasAnion = frame.Structure.Composition.Counts.Keys.Any(e => e.Symbol is "O" or "F");
        foreach (Element element in frame.Structure.Composition.Counts.Keys)
        {
            if (method.Potentials.TryGetValue(element.Symbol, out string? potential))
            {
                yield return new(Potential + element.Symbol, potential);
            }

            string rule = hasAnion ? $"{Hubbard}{element.Symbol} (with O or F)" : Hubbard + element.Symbol;
            KeyValuePair<string, double>[] own = [.. method.HubbardU.Where(u => BelongsTo(u.Key, element))];
            yield return own.All(u => u.Key == element.Symbol)
                ? Number(rule, method.HubbardU.GetValueOrDefault(element.Symbol), HubbardRounding)!.Value
                : new(rule, string.Join(", ", own.Select(u => string.Create(CultureInfo.InvariantCulture, $"{u.Key} {u.Value:G7} eV"))));
        }
    }

    /// <summary>Whether a setting of +U is one of an element: <c>Fe</c>, <c>Fe1</c>, <c>Fe-3p</c>, <c>Fe J0</c>, but not <c>F</c>.</summary>
    private static bool BelongsTo(string name, Element element) =>
        name.StartsWith(element.Symbol, StringComparison.Ordinal) && (name.Length == element.Symbol.Length || !char.IsAsciiLetterLower(name[element.Symbol.Length]));

    private static MethodSetting? Text(string name, string? value) => value is null ? null : new(name, value);

    private static MethodSetting? Number(string name, double? value, double tolerance) =>
        value is { } number ? new(name, string.Create(CultureInfo.InvariantCulture, $"{number:G7} eV"), number, tolerance) : null;
}
