using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>Writes keys and values of the second line such that they read back with the same type, here and by the specification.</summary>
internal static class ValueWriter
{
    /// <summary>Says why a text cannot stand in an extended XYZ file; null where it can.</summary>
    public static string? WhyUnwritable(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsSurrogate(c))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1]))
                {
                    return "half of a surrogate pair";
                }

                i++;
            }
            else if (c < ' ' && c is not ('\n' or '\t'))
            {
                return FormattableString.Invariant($"the control character U+{(int)c:X4}");
            }
        }

        return null;
    }

    /// <summary>Says why a text cannot be a word of an atom line; null where it can.</summary>
    public static string? WhyNoWord(string text)
    {
        if (text.Length == 0)
        {
            return "no character";
        }

        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                return "a blank";
            }
        }

        return WhyUnwritable(text);
    }

    /// <summary>Says why a value cannot be written; null where it can.</summary>
    public static string? WhyUnwritable(object value)
    {
        switch (value)
        {
            case double or long or int or bool:
                return null;
            case string text:
                return WhyUnwritable(text);
            case Array { Length: 0 }:
                return "an empty array";
            case Array { Rank: 1 or 2 } array when array is double[] or long[] or int[] or bool[] or string[] or double[,] or long[,] or int[,] or bool[,] or string[,]:
                foreach (object? element in array)
                {
                    if (element is null)
                    {
                        return "nothing as an element of an array";
                    }

                    if (element is string word && WhyUnwritable(word) is { } why)
                    {
                        return why;
                    }
                }

                return null;
            default:
                return $"a value of type {value.GetType().Name}";
        }
    }

    /// <summary>Writes a key.</summary>
    public static void WriteKey(Utf8Output output, string key)
    {
        if (IsBareKey(key))
        {
            output.Write(key);
        }
        else
        {
            WriteQuoted(output, key, mustEscape: false);
        }
    }

    /// <summary>Writes a value that <see cref="WhyUnwritable(object)"/> has nothing against.</summary>
    public static void WriteValue(Utf8Output output, object value)
    {
        switch (value)
        {
            case string text:
                WriteText(output, text);
                break;
            case double[] { Length: > 1 } reals:
                WriteReals(output, reals);
                break;
            case Array { Rank: 1, Length: > 1 } array and not string[]:
                // The old form, which every program reads.
                WriteElements(output, array, "\""u8, " "u8, "\""u8);
                break;
            case Array { Rank: 1 } array:
                WriteElements(output, array, "["u8, ", "u8, "]"u8);
                break;
            case Array matrix:
                WriteMatrix(output, matrix);
                break;
            default:
                WriteScalar(output, value);
                break;
        }
    }

    /// <summary>Writes nine numbers in the old form.</summary>
    public static void WriteNine(Utf8Output output, Structures.Matrix3x3 matrix) => WriteReals(output, matrix.ToRowMajor());

    /// <summary>Writes a text: bare where that leaves no doubt, else quoted; with an escape where it could be taken for numbers.</summary>
    public static void WriteText(Utf8Output output, string text)
    {
        if (IsBareWord(text))
        {
            output.Write(text);
        }
        else
        {
            WriteQuoted(output, text, mustEscape: ValueParser.TryParseList(Encoding.UTF8.GetBytes(text), out _));
        }
    }

    // Every frame has some: no object is made for each number.
    private static void WriteReals(Utf8Output output, ReadOnlySpan<double> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            output.Write(i == 0 ? (byte)'"' : (byte)' ');
            output.Write(numbers[i]);
        }

        output.Write((byte)'"');
    }

    private static void WriteMatrix(Utf8Output output, Array matrix)
    {
        int rows = matrix.GetLength(0), columns = matrix.GetLength(1);
        for (int i = 0; i < rows; i++)
        {
            output.Write(i == 0 ? "[["u8 : ", ["u8);
            for (int j = 0; j < columns; j++)
            {
                output.Write(j == 0 ? ""u8 : ", "u8);
                WriteScalar(output, matrix.GetValue(i, j)!);
            }

            output.Write((byte)']');
        }

        output.Write((byte)']');
    }

    private static void WriteElements(Utf8Output output, Array array, ReadOnlySpan<byte> opening, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> closing)
    {
        output.Write(opening);
        bool first = true;
        foreach (object element in array)
        {
            output.Write(first ? ""u8 : separator);
            first = false;
            WriteScalar(output, element);
        }

        output.Write(closing);
    }

    // Texts stand in arrays only of the new form, where a quoted word is always text.
    private static void WriteScalar(Utf8Output output, object value)
    {
        switch (value)
        {
            case double real:
                output.Write(real);
                break;
            case long integer:
                output.Write(integer);
                break;
            case int integer:
                output.Write((long)integer);
                break;
            case bool logical:
                output.Write(logical ? (byte)'T' : (byte)'F');
                break;
            default:
                WriteQuoted(output, (string)value, mustEscape: false);
                break;
        }
    }

    /// <summary>
    /// By the specification a backslash stands for the character behind it, so that \1 is 1; only \n is a line end. A text with an
    /// escape in it is no list of numbers any more.
    /// </summary>
    private static void WriteQuoted(Utf8Output output, string text, bool mustEscape)
    {
        output.Write((byte)'"');
        int from = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool escapes = text[i] is '"' or '\\' or '\n' || (mustEscape && text[i] is not 'n');
            if (!escapes)
            {
                continue;
            }

            output.Write(text[from..i]);
            output.Write((byte)'\\');
            from = i;
            mustEscape = false;
            if (text[i] == '\n')
            {
                output.Write((byte)'n');
                from = i + 1;
            }
        }

        output.Write(text[from..]);
        output.Write((byte)'"');
    }

    private static bool IsBareKey(string key)
    {
        for (int i = 0; i < key.Length; i++)
        {
            if (!(char.IsAsciiLetter(key[i]) || key[i] == '_' || (i > 0 && (char.IsAsciiDigit(key[i]) || key[i] == '-'))))
            {
                return false;
            }
        }

        return key.Length > 0;
    }

    /// <summary>A letter first, then letters, digits and a few signs; nothing that another reader might take for a number or a truth value.</summary>
    private static bool IsBareWord(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiLetter(text[0]) || text[0] == '_'))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or '+'))
            {
                return false;
            }
        }

        return !text.Equals("t", StringComparison.OrdinalIgnoreCase) && !text.Equals("f", StringComparison.OrdinalIgnoreCase)
            && !text.Equals("true", StringComparison.OrdinalIgnoreCase) && !text.Equals("false", StringComparison.OrdinalIgnoreCase)
            && !text.Equals("nan", StringComparison.OrdinalIgnoreCase) && !text.Equals("inf", StringComparison.OrdinalIgnoreCase)
            && !text.Equals("infinity", StringComparison.OrdinalIgnoreCase);
    }
}
