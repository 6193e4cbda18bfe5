using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AtomProNet.Formats.Npy;

/// <summary>
/// Reads an array in NumPy's .npy format (versions 1 to 3), value by value in row-major order, so that arrays of any size need no
/// memory; an array in column-major order is read whole first.
/// </summary>
public sealed class NpyReader : IDisposable
{
    private readonly string source;
    private Stream stream;
    private long left;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The array; closed with the reader.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <exception cref="AtomProNetException">It is no array, or one of a type that cannot be read.</exception>
    public NpyReader(Stream stream, string source)
    {
        this.stream = stream;
        this.source = source;
        byte[] start = Take(10);
        if (!start.AsSpan(0, 6).SequenceEqual((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']) || start[6] is < 1 or > 3)
        {
            throw Error("NpyMagicMissing", "This is no array of NumPy.");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
        if (start[6] > 1)
        {
            byte[] more = Take(2);
            length |= BinaryPrimitives.ReadUInt16LittleEndian(more) << 16;
        }

        if (length is < 0 or > 1 << 20)
        {
            throw Error("NpyHeaderDamaged", "The header of the array is damaged.");
        }

        string header = Encoding.UTF8.GetString(Take(length));
        string descriptor = Value(header, "descr").Trim('\'', '"');
        if (!NpyType.TryParse(descriptor, out NpyType type))
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "NpyTypeUnknown", "The array holds values of a type that cannot be read.", source, value: descriptor, remedy: "Save plain numbers or texts (no objects) with numpy.save or numpy.savez.");
        }

        Type = type;
        Shape = [.. Value(header, "shape").Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(n => long.TryParse(n.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long axis) ? axis : throw Error("NpyHeaderDamaged", "The shape of the array cannot be read."))];
        try
        {
            left = Count = Shape.Aggregate(1L, (a, b) => checked(a * b));
            _ = checked(Count * type.Size);
        }
        catch (OverflowException)
        {
            throw Error("NpyHeaderDamaged", "The shape of the array is larger than any file.");
        }

        if (Value(header, "fortran_order") == "True" && Shape.Count(n => n > 1) > 1)
        {
            ReorderToRowMajor();
        }
    }

    /// <summary>The type of the values.</summary>
    public NpyType Type { get; }

    /// <summary>The length of each axis.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The number of values.</summary>
    public long Count { get; }

    /// <summary>Reads the next numbers; whole numbers and truth values are converted.</summary>
    /// <exception cref="AtomProNetException">The file ends before that, or holds texts.</exception>
    public void Read(Span<double> numbers)
    {
        byte[] buffer = Next(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> bytes = buffer.AsSpan(i * Type.Size, Type.Size);
            numbers[i] = Type.Kind == NpyKind.Real ? Real(bytes) : Whole(bytes);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Reads the next whole numbers or truth values.</summary>
    /// <exception cref="AtomProNetException">The file ends before that, or holds something else.</exception>
    public void Read(Span<long> numbers)
    {
        byte[] buffer = Next(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> bytes = buffer.AsSpan(i * Type.Size, Type.Size);
            double value = Type.Kind == NpyKind.Real ? Real(bytes) : 0;
            numbers[i] = Type.Kind != NpyKind.Real ? Whole(bytes)
                : value == Math.Floor(value) && Math.Abs(value) < 1L << 53 ? (long)value
                : throw Error("NpyValueNotWhole", "There should be whole numbers.", value.ToString(CultureInfo.InvariantCulture));
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Reads the next texts.</summary>
    /// <exception cref="AtomProNetException">The file ends before that, or holds numbers.</exception>
    public void Read(Span<string> texts)
    {
        if (Type.Kind is not (NpyKind.Text or NpyKind.Bytes))
        {
            throw Error("NpyTypeMismatch", "There should be texts.", Type.ToString());
        }

        byte[] buffer = Next(texts.Length);
        Encoding encoding = Type.Kind == NpyKind.Bytes ? Encoding.UTF8 : new UTF32Encoding(Type.BigEndian, byteOrderMark: false);
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = encoding.GetString(buffer, i * Type.Size, Type.Size).TrimEnd('\0');
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose() => stream.Dispose();

    // The text behind a key of the header, which is a literal of Python's dictionary: up to the comma that belongs to no tuple or string.
    private string Value(string header, string key)
    {
        int at = header.IndexOf($"'{key}'", StringComparison.Ordinal);
        at = at < 0 ? header.IndexOf($"\"{key}\"", StringComparison.Ordinal) : at;
        int colon = at < 0 ? -1 : header.IndexOf(':', at);
        if (colon < 0)
        {
            throw Error("NpyHeaderDamaged", $"The header of the array lacks '{key}'.");
        }

        int depth = 0, end = colon + 1;
        for (; end < header.Length && !(depth == 0 && header[end] is ',' or '}'); end++)
        {
            depth += header[end] is '(' or '[' ? 1 : header[end] is ')' or ']' ? -1 : 0;
        }

        return header[(colon + 1)..end].Trim();
    }

    private byte[] Next(int count)
    {
        if (count > left)
        {
            throw Error("NpyTooShort", "The array has fewer values than are needed.");
        }

        if (Type.Kind is NpyKind.Text or NpyKind.Bytes && count > 0 && Type.Size == 0)
        {
            return ArrayPool<byte>.Shared.Rent(1);
        }

        int bytes = checked(count * Type.Size);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, bytes));
        if (stream.ReadAtLeast(buffer.AsSpan(0, bytes), bytes, throwOnEndOfStream: false) < bytes)
        {
            throw Error("NpyCut", "The file ends before the array does.");
        }

        left -= count;
        return buffer;
    }

    private double Real(ReadOnlySpan<byte> bytes) => (Type.Size, Type.BigEndian) switch
    {
        (8, false) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (8, true) => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        (4, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadSingleBigEndian(bytes),
    };

    private long Whole(ReadOnlySpan<byte> bytes)
    {
        if (Type.Kind is not (NpyKind.Integer or NpyKind.Unsigned or NpyKind.Logical))
        {
            throw Error("NpyTypeMismatch", "There should be numbers.", Type.ToString());
        }

        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            value |= (ulong)bytes[Type.BigEndian ? bytes.Length - 1 - i : i] << (8 * i);
        }

        if (Type.Kind == NpyKind.Integer)
        {
            int shift = 64 - 8 * bytes.Length;
            return (long)(value << shift) >> shift;
        }

        return value <= long.MaxValue ? (long)value : throw Error("NpyValueTooLarge", "A number is too large.", value.ToString(CultureInfo.InvariantCulture));
    }

    private void ReorderToRowMajor()
    {
        long size = Count * Type.Size;
        if (size > Array.MaxLength)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "NpyOrderNotSupported", "The array is in column-major order and too large to be turned round in memory.", source, remedy: "Save numpy.ascontiguousarray of it.");
        }

        byte[] columns = Take((int)size), rows = new byte[size];
        long[] index = new long[Shape.Length];
        for (long at = 0; at < Count; at++)
        {
            // Where the value of this index stands in column-major order.
            long from = 0;
            for (int axis = Shape.Length - 1; axis >= 0; axis--)
            {
                from = from * Shape[axis] + index[axis];
            }

            columns.AsSpan((int)(from * Type.Size), Type.Size).CopyTo(rows.AsSpan((int)(at * Type.Size)));
            for (int axis = Shape.Length - 1; axis >= 0 && ++index[axis] == Shape[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        stream.Dispose();
        stream = new MemoryStream(rows, writable: false);
    }

    private byte[] Take(int count)
    {
        byte[] bytes = new byte[count];
        return stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count ? bytes : throw Error("NpyCut", "The file ends before the array does.");
    }

    private AtomProNetException Error(string id, string problem, string? value = null) => new(ErrorKind.InvalidData, id, problem, source, value: value);
}
