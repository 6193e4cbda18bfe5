using System.Diagnostics.CodeAnalysis;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Cif;

/// <summary>The element in a type symbol (<c>Al3+</c>, <c>O2-</c>, <c>Fe</c>) or in a site's label (<c>Al1</c>, <c>O1A</c>, <c>OW2</c>).</summary>
internal static class CifElement
{
    /// <summary>The element of a type symbol, and its charge where it has one.</summary>
    public static bool TryParseType(string text, [NotNullWhen(true)] out Element? element, out double? oxidationState)
    {
        oxidationState = null;
        string letters = Letters(text);
        if (!Element.TryFromSymbol(letters, out element) && !Element.TryFromSymbol(Capitalise(letters), out element))
        {
            return false;
        }

        string charge = text[letters.Length..].Trim();
        // 3+ is usual, +3 not rare.
        string digits = charge.Trim('+', '-');
        if (charge.Length > digits.Length && CifNumber.TryParse(digits.Length == 0 ? "1" : digits, out double magnitude))
        {
            oxidationState = charge.Contains('-', StringComparison.Ordinal) && magnitude != 0 ? -magnitude : magnitude;
        }

        return true;
    }

    /// <summary>
    /// The element that a label begins with. Where upper-case letters leave two readings (CA1: calcium, or a carbon), there is none.
    /// </summary>
    public static bool TryParseLabel(string text, [NotNullWhen(true)] out Element? element)
    {
        string letters = Letters(text);
        if (Element.TryFromSymbol(letters, out element))
        {
            return true;
        }

        if (letters.Length >= 2 && char.IsAsciiLetterLower(letters[1]))
        {
            return Element.TryFromSymbol(letters[..2], out element) || (letters.Length == 2 && Element.TryFromSymbol(Capitalise(letters), out element));
        }

        if (letters.Length == 0)
        {
            return false;
        }

        bool one = Element.TryFromSymbol(letters[..1].ToUpperInvariant(), out Element? single);
        Element? pair = null;
        bool two = letters.Length >= 2 && Element.TryFromSymbol(Capitalise(letters[..2]), out pair);
        element = one == two ? null : single ?? pair;
        return element is not null;
    }

    private static string Letters(string text)
    {
        int n = 0;
        while (n < text.Length && char.IsAsciiLetter(text[n]))
        {
            n++;
        }

        return text[..n];
    }

    private static string Capitalise(string letters) =>
        letters.Length == 0 ? letters : char.ToUpperInvariant(letters[0]) + letters[1..].ToLowerInvariant();
}
