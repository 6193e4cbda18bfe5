using System.Buffers;
using System.Globalization;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// The <c>frame_id</c> of each frame of an export: no two alike. Those that are made from the frame's own <see cref="FrameKey"/> need not be
/// kept, the others are kept as text.
/// </summary>
/// <param name="keyOf">The key of each frame that has an id, by its number from 0.</param>
internal sealed class FrameIds(Func<int, UInt128> keyOf)
{
    /// <summary>The key under which frames carry their id.</summary>
    public const string Key = "frame_id";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly HashIndex<ulong> takenKeys = new(hasValues: false);
    private readonly Dictionary<int, string> brought = [];
    private readonly HashSet<string> takenTexts = new(StringComparer.Ordinal);
    private int count;

    /// <summary>The id of frame number <paramref name="frame"/>, from 0.</summary>
    public string this[int frame] => brought.TryGetValue(frame, out string? text) ? text : FrameKey.ToId(keyOf(frame));

    /// <summary>The id that a frame would get: the one that it came with, so that predictions for an earlier export still find it, unless another frame has it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="key">Its <see cref="FrameKey"/>.</param>
    public string For(Frame frame, UInt128 key)
    {
        if (frame.Information.TryGetValue(Key, out object? given) && given is string { Length: > 0 } text && !IsTaken(text))
        {
            return text;
        }

        string own = FrameKey.ToId(key), id = own;
        if (!takenKeys.Contains(FrameKey.Head(key)))
        {
            return own;
        }

        for (int copy = 2; IsTaken(id); copy++)
        {
            id = FormattableString.Invariant($"{own}-{copy}");
        }

        return id;
    }

    /// <summary>Takes an id for the next frame, whose key is known by now.</summary>
    /// <param name="id">The id.</param>
    /// <param name="frameKey">The <see cref="FrameKey"/> of the frame.</param>
    public void Add(string id, UInt128 frameKey)
    {
        bool isOwn = false;
        if (Parse(id) is { } key)
        {
            takenKeys.TryAdd(key, 0, out _);
            isOwn = key == FrameKey.Head(frameKey);
        }
        else
        {
            takenTexts.Add(id);
        }

        if (!isOwn)
        {
            brought.Add(count, id);
        }

        count++;
    }

    private bool IsTaken(string id) => Parse(id) is { } key ? takenKeys.Contains(key) : takenTexts.Contains(id);

    // Exactly the form that a key is written in, or the text would not come back.
    private static ulong? Parse(string id) =>
        id.Length == 17 && id[0] == 'f' && id.AsSpan(1).IndexOfAnyExcept(Digits) < 0 ? ulong.Parse(id.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;
}
