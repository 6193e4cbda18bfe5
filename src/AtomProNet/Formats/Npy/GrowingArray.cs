using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AtomProNet.Formats.Npy;

/// <summary>
/// An array that grows row by row and is written as .npy at the end, when it is known how long it is. What does not fit into the
/// memory that all arrays of a <see cref="ArraySpool"/> share lies in a file of the spool.
/// </summary>
internal sealed class GrowingArray
{
    private readonly ArraySpool spool;
    private readonly NpyType type;
    private readonly long[] rowShape;
    private readonly BlockBuffer buffer;
    private readonly byte[] scratch = new byte[8];
    private string? file;
    private long values, flushed;
    private int longestText;

    public GrowingArray(ArraySpool spool, NpyType type, params long[] rowShape)
    {
        this.spool = spool;
        this.type = type;
        this.rowShape = rowShape;
        buffer = new(spool.SpareBlocks);
        spool.Register(this);
    }

    /// <summary>How many bytes of it lie in memory.</summary>
    public long BufferedBytes => buffer.Length;

    public void Add(double number)
    {
        if (type.Size == 8)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(scratch, number);
        }
        else
        {
            BinaryPrimitives.WriteSingleLittleEndian(scratch, (float)number);
        }

        Append(scratch.AsSpan(0, type.Size));
    }

    public void Add(ReadOnlySpan<double> numbers)
    {
        if (type.Size == 8 && BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(numbers);
            buffer.Write(bytes);
            values += numbers.Length;
            spool.Grew(bytes.Length);
            return;
        }

        foreach (double number in numbers)
        {
            Add(number);
        }
    }

    /// <summary>Adds a whole number or (0 or 1) a truth value.</summary>
    public void Add(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(scratch, number);
        Append(scratch.AsSpan(0, type.Size));
    }

    /// <summary>Adds a text. How wide the column must be shows at the end.</summary>
    public void Add(string text)
    {
        byte[] encoded = Encoding.UTF32.GetBytes(text);
        longestText = Math.Max(longestText, encoded.Length / 4);
        BinaryPrimitives.WriteInt32LittleEndian(scratch, encoded.Length);
        // Its length and itself go into the file together.
        buffer.Write(scratch.AsSpan(0, 4));
        buffer.Write(encoded);
        values++;
        spool.Grew(4 + encoded.Length);
    }

    /// <summary>Writes the array as .npy.</summary>
    public void WriteTo(Stream target)
    {
        WriteHeader(target);
        using FileStream? spooled = file is null ? null : new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        spooled?.Seek(NpyHeader.Size, SeekOrigin.Begin);
        if (type.Kind == NpyKind.Text)
        {
            int width = Math.Max(longestText * 4, type.Size);
            // Texts are short: together they cost fewer calls.
            var rows = new BufferedStream(target, 1 << 16);
            CopyTexts(spooled, rows, width);
            using var rest = new MemoryStream();
            buffer.WriteTo(rest);
            rest.Position = 0;
            CopyTexts(rest, rows, width);
            rows.Flush();
            return;
        }

        spooled?.CopyTo(target, 1 << 20);
        buffer.WriteTo(target);
    }

    /// <summary>
    /// Makes the file of the spool the array's own: it needs its head only. False where that cannot be, so that the array has to be written;
    /// nothing may be added afterwards.
    /// </summary>
    /// <param name="path">Its name, on the same file system.</param>
    public bool TryMoveTo(string path)
    {
        if (file is null || type.Kind == NpyKind.Text)
        {
            return false;
        }

        Flush();
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            WriteHeader(stream);
        }

        File.Move(file, path);
        return true;
    }

    /// <summary>Moves what lies in memory into the file.</summary>
    public void Flush()
    {
        if (buffer.Length == 0)
        {
            return;
        }

        file ??= spool.NewFile();
        using (SafeFileHandle handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None))
        {
            // In front there is room for the head: nobody knows yet how many rows it will tell.
            buffer.WriteTo(handle, NpyHeader.Size + flushed);
        }

        flushed += buffer.Length;
        buffer.Clear();
    }

    private void WriteHeader(Stream target)
    {
        long rows = values / Math.Max(1, rowShape.Aggregate(1L, (a, b) => a * b));
        NpyHeader.Write(target, type.Kind == NpyKind.Text ? NpyType.Unicode(Math.Max(longestText, type.Size / 4)) : type, [rows, .. rowShape]);
    }

    private static void CopyTexts(Stream? part, Stream target, int width)
    {
        if (part is null)
        {
            return;
        }

        byte[] length = new byte[4], padded = new byte[width];
        while (part.ReadAtLeast(length, 4, throwOnEndOfStream: false) == 4)
        {
            Array.Clear(padded);
            part.ReadExactly(padded, 0, BinaryPrimitives.ReadInt32LittleEndian(length));
            target.Write(padded);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        buffer.Write(bytes);
        values++;
        spool.Grew(bytes.Length);
    }
}

/// <summary>Where growing arrays put what does not fit into memory: a hidden folder that is gone with it.</summary>
/// <param name="folder">The folder to make, when one is needed.</param>
/// <param name="memoryLimit">How many bytes all arrays together may keep in memory.</param>
internal sealed class ArraySpool(string folder, long memoryLimit = 8 << 20) : IDisposable
{
    private readonly List<GrowingArray> arrays = [];
    private long buffered;
    private int files;

    /// <summary>Blocks of memory that all arrays share: no more of them than the limit.</summary>
    public Stack<byte[]> SpareBlocks { get; } = new();

    public void Register(GrowingArray array) => arrays.Add(array);

    public void Grew(long bytes)
    {
        buffered += bytes;
        if (buffered < memoryLimit)
        {
            return;
        }

        foreach (GrowingArray array in arrays)
        {
            array.Flush();
        }

        buffered = 0;
    }

    public string NewFile()
    {
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, FormattableString.Invariant($"{files++}.raw"));
    }

    public void Dispose()
    {
        try
        {
            if (files > 0)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left behind under its temporary name: a nuisance, but no wrong data.
        }
    }
}
