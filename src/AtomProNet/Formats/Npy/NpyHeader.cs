using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace AtomProNet.Formats.Npy;

/// <summary>Writes the head of a file in NumPy's .npy format, version 1.0 (NEP 1): type and shape, then the values follow row by row.</summary>
internal static class NpyHeader
{
    // Room for any shape that fits on a disk; a multiple of 64, as NumPy aligns its data.

    /// <summary>Its length, whatever the shape, so that a file can be begun before its shape is known.</summary>
    public const int Size = 128;

    /// <summary>Writes it.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="type">The type of the values.</param>
    /// <param name="shape">The length of each axis; none for a single value.</param>
    public static void Write(Stream stream, NpyType type, params long[] shape)
    {
        Span<byte> header = stackalloc byte[Size];
        header.Fill((byte)' ');
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]).CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Size - 10);
        string axes = string.Join(", ", shape.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({axes}{(shape.Length == 1 ? "," : "")}), }}").CopyTo(header[10..]);
        header[^1] = (byte)'\n';
        stream.Write(header);
    }
}
