using System.Diagnostics.CodeAnalysis;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.Poscar;

/// <summary>The spellings under which a POSCAR names a species: <c>Al</c>, <c>Al_pv</c>, <c>Al_pv/4d2a…</c>, <c>H1.25</c>, <c>Al3+</c>, <c>O2-</c>.</summary>
internal static class SpeciesLabel
{
    /// <summary>The element that a label names: its letters up to the first other character are a symbol, in its exact spelling.</summary>
    public static bool TryParse(ReadOnlySpan<byte> label, [NotNullWhen(true)] out Element? element)
    {
        int letters = 0;
        while (letters < label.Length && (label[letters] | 0x20) is >= 'a' and <= 'z')
        {
            letters++;
        }

        return Element.TryFromSymbol(label[..letters], out element);
    }

    /// <summary>The oxidation state in a label such as <c>Al3+</c>, <c>O2-</c>, <c>Na+</c> or <c>O0+</c>.</summary>
    public static bool TryParseOxidationState(ReadOnlySpan<byte> label, [NotNullWhen(true)] out Element? element, out double oxidationState)
    {
        oxidationState = 0;
        if (!TryParse(label, out element) || label[^1] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        ReadOnlySpan<byte> digits = label[element.Symbol.Length..^1];
        double magnitude = 1;
        if (!digits.IsEmpty && (!Utf8Number.TryParseDouble(digits, out magnitude) || magnitude < 0))
        {
            return false;
        }

        oxidationState = label[^1] == '-' && magnitude != 0 ? -magnitude : magnitude;
        return true;
    }
}
