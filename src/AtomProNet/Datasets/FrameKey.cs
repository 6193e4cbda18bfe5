using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>What a frame is, whatever file it came from: a hash of its structure and labels to the last bit. Two halves, since for numbers of 128 bits the runtime has no code beforehand.</summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The last 64 bits.</param>
public readonly record struct FrameKey(ulong High, ulong Low) : IComparable<FrameKey>
{
    /// <summary>No key is greater.</summary>
    public static FrameKey MaxValue { get; } = new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>
    /// The first 128 bits of SHA-256 over the structure's <see cref="Structure.ContentHash"/>, the four energies, the forces and the
    /// stress. Two frames with the same key are copies of each other.
    /// </summary>
    public static FrameKey Of(Frame frame)
    {
        ImmutableArray<Vector3D> forces = frame.Forces ?? [];
        byte[] bytes = new byte[32 + 4 * 9 + 1 + forces.Length * 24 + 1 + 48];
        Convert.FromHexString(frame.Structure.ContentHash).CopyTo(bytes, 0);
        int at = 32;
        foreach (EnergyKind kind in (ReadOnlySpan<EnergyKind>)[EnergyKind.Free, EnergyKind.WithoutEntropy, EnergyKind.SigmaToZero, EnergyKind.Unspecified])
        {
            double? energy = frame.GetEnergy(kind);
            bytes[at++] = energy is null ? (byte)0 : (byte)1;
            Put(energy ?? 0);
        }

        bytes[at++] = frame.Forces is null ? (byte)0 : (byte)1;
        foreach (Vector3D f in forces)
        {
            Put(f.X);
            Put(f.Y);
            Put(f.Z);
        }

        bytes[at++] = frame.Stress is null ? (byte)0 : (byte)1;
        foreach (double s in frame.Stress?.ToVoigt() ?? new double[6])
        {
            Put(s);
        }

        return FromBytes(SHA256.HashData(bytes));

        // Negative zero is the same number as zero.
        void Put(double value)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), value == 0 ? 0 : value);
            at += 8;
        }
    }

    /// <summary>
    /// The key as the <c>frame_id</c> of exported frames: <c>f</c> and its first 16 hexadecimal digits. The letter in front keeps
    /// readers from taking the digits for a number.
    /// </summary>
    public string ToId() => ToId(High);

    /// <summary>The key whose bytes a hash begins with.</summary>
    /// <param name="hash">16 bytes or more.</param>
    public static FrameKey FromBytes(ReadOnlySpan<byte> hash) => new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => FormattableString.Invariant($"{High:x16}{Low:x16}");

    /// <inheritdoc/>
    public int CompareTo(FrameKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Whether a key comes before another one.</summary>
    public static bool operator <(FrameKey left, FrameKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether a key comes behind another one.</summary>
    public static bool operator >(FrameKey left, FrameKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether a key comes before another one or is the same.</summary>
    public static bool operator <=(FrameKey left, FrameKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether a key comes behind another one or is the same.</summary>
    public static bool operator >=(FrameKey left, FrameKey right) => left.CompareTo(right) >= 0;

    /// <summary>The same, of what of a key stands in an id.</summary>
    internal static string ToId(ulong head) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"f{head:x16}");
}
