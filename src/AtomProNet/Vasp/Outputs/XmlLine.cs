using System.Text;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// One line of a vasprun.xml as VASP writes it: one element a line, the attributes in double quotes, no nesting within a line but in
/// tables. The file is read by lines, not as a tree: it may be cut off anywhere, may hold characters that XML forbids, and most of
/// it (eigenvalues, densities of states, projections) is passed over.
/// </summary>
internal static class XmlLine
{
    /// <summary>Whether the line, without its leading blanks, opens an element of that name (<c>&lt;varray</c>).</summary>
    internal static bool Opens(ReadOnlySpan<byte> line, ReadOnlySpan<byte> tag) =>
        line.StartsWith(tag) && line.Length > tag.Length && line[tag.Length] is (byte)' ' or (byte)'>' or (byte)'/';

    /// <summary>The value of <c>name="…"</c>; empty where there is none.</summary>
    internal static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)'>'), at = line.IndexOf(" name=\""u8);
        if (at < 0 || (end >= 0 && at > end))
        {
            return default;
        }

        ReadOnlySpan<byte> rest = line[(at + 7)..];
        int quote = rest.IndexOf((byte)'"');
        return quote < 0 ? default : rest[..quote];
    }

    /// <summary>What stands between the first <c>&gt;</c> and the closing tag at the end of the line, without blanks at its ends.</summary>
    /// <param name="line">The line.</param>
    /// <param name="close">The closing tag, such as <c>&lt;/i&gt;</c>.</param>
    /// <param name="content">The content.</param>
    /// <returns>False where the line does not end with the closing tag: it is damaged.</returns>
    internal static bool TryContent(ReadOnlySpan<byte> line, ReadOnlySpan<byte> close, out ReadOnlySpan<byte> content)
    {
        line = line.TrimEnd((byte)' ');
        int open = line.IndexOf((byte)'>');
        content = default;
        if (open < 0 || !line.EndsWith(close) || line.Length - close.Length < open + 1)
        {
            return false;
        }

        content = line[(open + 1)..^close.Length].Trim((byte)' ');
        return true;
    }

    /// <summary>A number in an <c>&lt;i&gt;</c>.</summary>
    internal static bool TryNumber(ReadOnlySpan<byte> line, out PrintedNumber number)
    {
        number = default;
        if (!TryContent(line, "</i>"u8, out ReadOnlySpan<byte> content) || !Utf8Number.TryParseDouble(content, out double value))
        {
            return false;
        }

        number = new(value, FixedDecimals.CountDecimals(content));
        return true;
    }

    /// <summary>Three numbers in a <c>&lt;v&gt;</c>, each with as many decimals.</summary>
    internal static bool TryRow(ReadOnlySpan<byte> line, ref int decimals, out Structures.Vector3D row)
    {
        row = default;
        line = line.TrimStart((byte)' ');
        if (!line.StartsWith("<v>"u8) || !TryContent(line, "</v>"u8, out ReadOnlySpan<byte> content))
        {
            return false;
        }

        decimals = decimals > 0 ? decimals : FixedDecimals.CountDecimals(content);
        Span<double> values = stackalloc double[3];
        if (decimals is < 1 or > 12 || !FixedDecimals.TryTake(ref content, decimals, values) || !FixedDecimals.IsBlank(content))
        {
            return false;
        }

        row = new(values[0], values[1], values[2]);
        return true;
    }

    /// <summary>The next cell of a row of a table, <c>&lt;c&gt;…&lt;/c&gt;</c>, without blanks at its ends.</summary>
    internal static bool TryCell(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> cell)
    {
        int open = rest.IndexOf("<c>"u8), close = rest.IndexOf("</c>"u8);
        cell = default;
        if (open < 0 || close < open)
        {
            return false;
        }

        cell = rest[(open + 3)..close].Trim((byte)' ');
        rest = rest[(close + 4)..];
        return true;
    }

    internal static string ToText(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes.Trim((byte)' '));
}
