using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>What a frame is, whatever file it came from: a hash of its structure and labels to the last bit.</summary>
public static class FrameKey
{
    /// <summary>
    /// The first 128 bits of SHA-256 over the structure's <see cref="Structure.ContentHash"/>, the four energies, the forces and the
    /// stress. Two frames with the same key are copies of each other.
    /// </summary>
    public static UInt128 Of(Frame frame)
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

        return BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(bytes));

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
    public static string ToId(UInt128 key) => ToId(Head(key));

    /// <summary>The same, of what of a key stands in an id.</summary>
    internal static string ToId(ulong head) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"f{head:x16}");

    /// <summary>What of a key stands in an id.</summary>
    internal static ulong Head(UInt128 key) => (ulong)(key >> 64);
}
