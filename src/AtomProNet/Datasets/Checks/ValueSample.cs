namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Some of the values that frames have: all of them up to a limit, then every second, fourth … one, chosen by a hash of the frame's number, so that no order of the frames
/// favours any. The same frames give the same sample.
/// </summary>
/// <param name="limit">How many are kept at most.</param>
internal sealed class ValueSample<T>(int limit = ValueSample<T>.Most)
    where T : struct
{
    /// <summary>Enough that a median is known better than to a hundredth of the spread.</summary>
    public const int Most = 1 << 17;

    private readonly List<(ulong Rank, T Value)> kept = [];
    private ulong highest = ulong.MaxValue;

    /// <summary>How many frames had a value.</summary>
    public int Count { get; private set; }

    /// <summary>Whether all of them were kept.</summary>
    public bool IsWhole => kept.Count == Count;

    /// <summary>Adds the value of a frame.</summary>
    /// <param name="frame">The frame's number.</param>
    /// <param name="value">The value.</param>
    public void Add(int frame, T value)
    {
        Count++;
        ulong rank = SplitMix64.Mix((ulong)frame);
        if (rank <= highest)
        {
            kept.Add((rank, value));
            if (kept.Count > limit)
            {
                highest /= 2;
                kept.RemoveAll(k => k.Rank > highest);
            }
        }
    }

    /// <summary>The values that were kept, in the order in which they came.</summary>
    public T[] ToArray() => [.. kept.Select(k => k.Value)];
}
