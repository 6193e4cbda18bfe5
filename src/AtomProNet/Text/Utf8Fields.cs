using System.Text;

namespace AtomProNet.Text;

/// <summary>Walks over the fields of a line that are separated by blanks or tabs, without copying them.</summary>
/// <param name="line">The line, without its end.</param>
public ref struct Utf8Fields(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> rest = line;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end of the line.</returns>
    public bool TryRead(out ReadOnlySpan<byte> field)
    {
        int start = 0;
        while (start < rest.Length && IsBlank(rest[start]))
        {
            start++;
        }

        int end = start;
        while (end < rest.Length && !IsBlank(rest[end]))
        {
            end++;
        }

        field = rest[start..end];
        rest = rest[end..];
        return end > start;
    }

    /// <summary>Reads the next field where it is a number; where it is not, nothing is read.</summary>
    public bool TryReadDouble(out double value)
    {
        ReadOnlySpan<byte> before = rest;
        if (TryRead(out ReadOnlySpan<byte> field) && Utf8Number.TryParseDouble(field, out value))
        {
            return true;
        }

        rest = before;
        value = 0;
        return false;
    }

    /// <summary>Reads the next three fields where they are numbers; where they are not, nothing is read.</summary>
    public bool TryReadVector(out Structures.Vector3D vector)
    {
        ReadOnlySpan<byte> before = rest;
        if (TryReadDouble(out double x) && TryReadDouble(out double y) && TryReadDouble(out double z))
        {
            vector = new(x, y, z);
            return true;
        }

        rest = before;
        vector = default;
        return false;
    }

    /// <summary>Whether a line holds nothing but blanks.</summary>
    public static bool IsBlankLine(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0;

    /// <summary>The text of a field for a message; bytes that are no UTF-8 become U+FFFD.</summary>
    public static string ToText(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field);

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\v' or (byte)'\f';
}
