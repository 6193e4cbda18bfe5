using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// The <c>frame_id</c> of each frame of an export: no two alike. Those in the form that is made from a <see cref="FrameKey"/> are kept as a number, the others as text; of a
/// large set most of it waits in temporary files.
/// </summary>
internal sealed class FrameIds : IDisposable
{
    /// <summary>The key under which frames carry their id.</summary>
    public const string Key = "frame_id";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly HashIndex takenKeys = new(hasValues: false);
    private readonly HashIndex takenTexts = new(hasValues: false);
    // A key, of which no length is given, or where a text begins among the characters.
    private readonly ChunkedList<(ulong Value, int Length)> ids = new();
    private readonly ChunkedList<char> characters = new();

    /// <summary>The id of frame number <paramref name="frame"/>, from 0.</summary>
    public string this[int frame] => ids[frame] is var (value, length) && length == 0 ? FrameKey.ToId(value) : string.Create(length, value, (text, start) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = characters[(int)start + i];
        }
    });

    /// <summary>The id that a frame would get: the one that it came with, so that predictions for an earlier export still find it, unless another frame has it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="key">Its <see cref="FrameKey"/>.</param>
    public string For(Frame frame, FrameKey key)
    {
        if (frame.Information.TryGetValue(Key, out object? given) && given is string { Length: > 0 } text && !IsTaken(text))
        {
            return text;
        }

        string own = key.ToId(), id = own;
        if (!takenKeys.Contains(key.High))
        {
            return own;
        }

        for (int copy = 2; IsTaken(id); copy++)
        {
            id = FormattableString.Invariant($"{own}-{copy}");
        }

        return id;
    }

    /// <summary>Takes an id for the next frame.</summary>
    /// <param name="id">The id.</param>
    public void Add(string id)
    {
        if (Parse(id) is { } key)
        {
            takenKeys.TryAdd(key, 0, out _);
            ids.Add((key, 0));
        }
        else
        {
            takenTexts.TryAdd(HashOf(id), 0, out _);
            ids.Add(((ulong)characters.Count, id.Length));
            foreach (char c in id)
            {
                characters.Add(c);
            }
        }
    }

    /// <summary>Deletes temporary files.</summary>
    public void Dispose()
    {
        takenKeys.Dispose();
        takenTexts.Dispose();
        ids.Dispose();
        characters.Dispose();
    }

    private bool IsTaken(string id) => Parse(id) is { } key ? takenKeys.Contains(key) : takenTexts.Contains(HashOf(id));

    // Two texts that share a hash would cost the second one its id, and nothing else.
    private static ulong HashOf(string id) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan())));

    // Exactly the form that a key is written in, or the text would not come back.
    private static ulong? Parse(string id) =>
        id.Length == 17 && id[0] == 'f' && id.AsSpan(1).IndexOfAnyExcept(Digits) < 0 ? ulong.Parse(id.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;
}
