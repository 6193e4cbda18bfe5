using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>
/// Tells what an unquoted word, or a list of them, is: whole numbers, real numbers, truth values, in this order, for the whole
/// list at once (extended XYZ specification, "Order for identifying primitive data types").
/// </summary>
internal static class ValueParser
{
    /// <summary>A list of words separated by blanks, or by commas and perhaps blanks, that are all numbers or all truth values.</summary>
    /// <param name="text">The list.</param>
    /// <param name="value">long, double, bool for one word; an array of them for several.</param>
    /// <returns>False where it is empty or anything else.</returns>
    public static bool TryParseList(ReadOnlySpan<byte> text, out object? value)
    {
        value = null;
        int count = 0;
        var words = new Words(text);
        while (words.TryRead(out _))
        {
            count++;
        }

        if (count == 0 || words.IsMalformed)
        {
            return false;
        }

        if (count == 1)
        {
            words = new Words(text);
            words.TryRead(out ReadOnlySpan<byte> only);
            return TryParseScalar(only, out value);
        }

        value = (object?)Integers(text, count) ?? (object?)Reals(text, count) ?? Logicals(text, count);
        return value is not null;
    }

    /// <summary>One word that is a number or a truth value.</summary>
    public static bool TryParseScalar(ReadOnlySpan<byte> word, out object? value)
    {
        value = TryParseInteger(word, out long integer) ? integer
            : TryParseReal(word, out double real) ? real
            : TryParseLogical(word, out bool logical) ? logical
            : null;
        return value is not null;
    }

    /// <summary>A whole number: an optional sign and digits. One that is too large for 64 bits is a real number.</summary>
    public static bool TryParseInteger(ReadOnlySpan<byte> word, out long value) => Utf8Number.TryParseInteger(word, out value);

    /// <summary>A real number, also with Fortran's exponents d and D, and what ASE writes for values that are none: nan, inf.</summary>
    public static bool TryParseReal(ReadOnlySpan<byte> word, out double value)
    {
        if (Utf8Number.TryParseDouble(word, out value))
        {
            return true;
        }

        ReadOnlySpan<byte> letters = word.Length > 0 && word[0] is (byte)'+' or (byte)'-' ? word[1..] : word;
        if (letters.Length is 3 or 8)
        {
            Span<byte> lower = stackalloc byte[letters.Length];
            for (int i = 0; i < lower.Length; i++)
            {
                lower[i] = (byte)(letters[i] | 0x20);
            }

            if (lower.SequenceEqual("nan"u8))
            {
                value = double.NaN;
                return true;
            }

            if (lower.SequenceEqual("inf"u8) || lower.SequenceEqual("infinity"u8))
            {
                value = word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            }
        }

        return false;
    }

    /// <summary>A truth value: T, F, true, True, TRUE, false, False, FALSE.</summary>
    public static bool TryParseLogical(ReadOnlySpan<byte> word, out bool value)
    {
        value = word.SequenceEqual("T"u8) || word.SequenceEqual("true"u8) || word.SequenceEqual("True"u8) || word.SequenceEqual("TRUE"u8);
        return value || word.SequenceEqual("F"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("False"u8) || word.SequenceEqual("FALSE"u8);
    }

    private static long[]? Integers(ReadOnlySpan<byte> text, int count)
    {
        var values = new long[count];
        var words = new Words(text);
        for (int i = 0; words.TryRead(out ReadOnlySpan<byte> word); i++)
        {
            if (!TryParseInteger(word, out values[i]))
            {
                return null;
            }
        }

        return values;
    }

    private static double[]? Reals(ReadOnlySpan<byte> text, int count)
    {
        var values = new double[count];
        var words = new Words(text);
        for (int i = 0; words.TryRead(out ReadOnlySpan<byte> word); i++)
        {
            if (!TryParseReal(word, out values[i]))
            {
                return null;
            }
        }

        return values;
    }

    private static bool[]? Logicals(ReadOnlySpan<byte> text, int count)
    {
        var values = new bool[count];
        var words = new Words(text);
        for (int i = 0; words.TryRead(out ReadOnlySpan<byte> word); i++)
        {
            if (!TryParseLogical(word, out values[i]))
            {
                return null;
            }
        }

        return values;
    }

    /// <summary>The words of a list. A comma stands between two words, or none does.</summary>
    private ref struct Words(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> rest = text.Trim(" \t"u8);
        private bool expectsWord;

        /// <summary>Whether a comma stands where a word should.</summary>
        public readonly bool IsMalformed => expectsWord || rest.Length > 0;

        public bool TryRead(out ReadOnlySpan<byte> word)
        {
            int end = rest.IndexOfAny(" \t,"u8);
            end = end < 0 ? rest.Length : end;
            word = rest[..end];
            if (end == 0)
            {
                return false;
            }

            rest = rest[end..].TrimStart(" \t"u8);
            expectsWord = rest.Length > 0 && rest[0] == ',';
            if (expectsWord)
            {
                rest = rest[1..].TrimStart(" \t"u8);
            }

            return true;
        }
    }
}
