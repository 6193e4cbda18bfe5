using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace AtomProNet.Formats.Npy;

/// <summary>
/// Writes an array in NumPy's .npy format (version 1.0; NEP 1), row by row: how many rows there are is filled in at the end, so that
/// arrays of any size need no memory.
/// </summary>
public sealed class NpyWriter
{
    // Room for any shape; a multiple of 64, as NumPy aligns its data.
    private const int HeaderSize = 128;

    private readonly Stream stream;
    private readonly long start;
    private readonly NpyType type;
    private readonly long[] rowShape;
    private readonly long rowSize;
    private long values;

    /// <summary>Begins an array.</summary>
    /// <param name="stream">Where to; it must be able to go back. Left open.</param>
    /// <param name="type">The type of the values.</param>
    /// <param name="rowShape">The shape of a row, that is, of the array without its first axis: <c>[]</c> for one value a row.</param>
    public NpyWriter(Stream stream, NpyType type, params long[] rowShape)
    {
        this.stream = stream;
        this.type = type;
        this.rowShape = rowShape;
        rowSize = rowShape.Aggregate(1L, (a, b) => a * b);
        start = stream.Position;
        stream.Write(new byte[HeaderSize]);
    }

    /// <summary>An array without axes that holds one text.</summary>
    public static void WriteScalar(Stream stream, string text)
    {
        var writer = new NpyWriter(stream, NpyType.Unicode(text.Length));
        writer.Write(text);
        writer.WriteHeader("()");
    }

    /// <summary>Writes values, in row-major order.</summary>
    public void Write(ReadOnlySpan<double> numbers)
    {
        Expect(NpyKind.Real);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(8, numbers.Length * type.Size));
        for (int i = 0; i < numbers.Length; i++)
        {
            if (type.Size == 8)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(buffer.AsSpan(8 * i), numbers[i]);
            }
            else
            {
                BinaryPrimitives.WriteSingleLittleEndian(buffer.AsSpan(4 * i), (float)numbers[i]);
            }
        }

        stream.Write(buffer, 0, numbers.Length * type.Size);
        ArrayPool<byte>.Shared.Return(buffer);
        values += numbers.Length;
    }

    /// <summary>Writes a value.</summary>
    public void Write(double number) => Write([number]);

    /// <summary>Writes a whole number or (0 or 1) a truth value.</summary>
    public void Write(long number)
    {
        if (type.Kind is not (NpyKind.Integer or NpyKind.Unsigned or NpyKind.Logical))
        {
            Expect(NpyKind.Integer);
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        stream.Write(bytes[..type.Size]);
        values++;
    }

    /// <summary>Writes a text, which must not be longer than the type allows.</summary>
    public void Write(string text)
    {
        Expect(NpyKind.Text);
        byte[] encoded = Encoding.UTF32.GetBytes(text), padded = new byte[type.Size];
        if (encoded.Length > padded.Length)
        {
            throw new ArgumentException($"The text is longer than {type.Size / 4} characters.", nameof(text));
        }

        encoded.CopyTo(padded, 0);
        stream.Write(padded);
        values++;
    }

    /// <summary>Fills in the number of rows. Nothing can be written afterwards.</summary>
    public void Complete()
    {
        if (values % rowSize != 0)
        {
            throw new InvalidOperationException("The last row is not whole.");
        }

        long[] shape = [values / rowSize, .. rowShape];
        WriteHeader(shape.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"({shape[0]},)") : $"({string.Join(", ", shape.Select(n => n.ToString(CultureInfo.InvariantCulture)))})");
    }

    private void WriteHeader(string shape)
    {
        byte[] header = new byte[HeaderSize];
        header.AsSpan().Fill((byte)' ');
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), HeaderSize - 10);
        Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}").CopyTo(header, 10);
        header[^1] = (byte)'\n';
        long end = stream.Position;
        stream.Position = start;
        stream.Write(header);
        stream.Position = end;
    }

    private void Expect(NpyKind kind)
    {
        if (type.Kind != kind)
        {
            throw new InvalidOperationException($"The array holds {type.Kind} values.");
        }
    }
}
