using System.Text;

namespace AtomProNet.Jobs.Hosts;

/// <summary>
/// Finds in a stream of bytes what stands between two sentinel lines, whatever pieces it comes in. The line break before each
/// sentinel belongs to it, so that what lies between is byte for byte what was printed.
/// </summary>
/// <param name="begin">The first sentinel, without its line breaks.</param>
/// <param name="end">The second one, without its line breaks; behind it a blank and a number may follow.</param>
internal sealed class SentinelScanner(string begin, string end)
{
    private readonly byte[] beginMark = Encoding.ASCII.GetBytes("\n" + begin + "\n"), endMark = Encoding.ASCII.GetBytes("\n" + end);
    private byte[] held = [];

    /// <summary>Whether the first sentinel was seen.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether the second one was seen, whole with its line break.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What stood behind the second sentinel on its line.</summary>
    public string EndText { get; private set; } = "";

    /// <summary>Takes the next piece; hands on what is certain to lie between the sentinels.</summary>
    /// <param name="piece">The next bytes.</param>
    /// <param name="before">Gets what lies before the first sentinel.</param>
    /// <returns>What lies between, as far as it is certain.</returns>
    public ReadOnlyMemory<byte> Take(ReadOnlySpan<byte> piece, StringBuilder? before)
    {
        if (HasEnded)
        {
            return default;
        }

        byte[] bytes = [.. held, .. piece];
        int start = 0;
        if (!HasBegun)
        {
            int at = bytes.AsSpan().IndexOf(beginMark);
            if (at < 0)
            {
                int keep = Math.Min(bytes.Length, beginMark.Length - 1);
                before?.Append(Encoding.UTF8.GetString(bytes, 0, bytes.Length - keep));
                held = bytes[^keep..];
                return default;
            }

            before?.Append(Encoding.UTF8.GetString(bytes, 0, at));
            HasBegun = true;
            start = at + beginMark.Length;
        }

        int stop = bytes.AsSpan(start).IndexOf(endMark);
        if (stop >= 0)
        {
            int after = start + stop + endMark.Length;
            int line = bytes.AsSpan(after).IndexOf((byte)'\n');
            if (line >= 0)
            {
                HasEnded = true;
                EndText = Encoding.ASCII.GetString(bytes, after, line).Trim();
                held = [];
                return bytes.AsMemory(start, stop);
            }

            held = bytes[(start + stop)..];
            return bytes.AsMemory(start, stop);
        }

        int rest = Math.Min(bytes.Length - start, endMark.Length - 1);
        held = bytes[^rest..];
        return bytes.AsMemory(start, bytes.Length - start - rest);
    }

    /// <summary>At the end of the stream: what was held back because it might have been a sentinel.</summary>
    public ReadOnlyMemory<byte> Rest(StringBuilder? before)
    {
        if (!HasBegun)
        {
            before?.Append(Encoding.UTF8.GetString(held));
            return default;
        }

        return HasEnded ? default : held;
    }
}
