using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace AtomProNet.Text;

/// <summary>Collects UTF-8 text in one pooled buffer and hands it to a stream in large pieces. The stream is left open.</summary>
internal sealed class Utf8Output(Stream stream) : IDisposable
{
    private const int Size = 1 << 16;
    private const int LongestNumber = 48;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);
    private int length;

    /// <summary>Writes a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        if (length == buffer.Length)
        {
            Flush();
        }

        buffer[length++] = value;
    }

    /// <summary>Writes bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > buffer.Length - length)
        {
            Flush();
            if (bytes.Length > buffer.Length)
            {
                stream.Write(bytes);
                return;
            }
        }

        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>Writes a text.</summary>
    /// <exception cref="EncoderFallbackException">It holds half of a surrogate pair.</exception>
    public void Write(string text)
    {
        int most = Strict.GetMaxByteCount(text.Length);
        if (most <= Size)
        {
            Reserve(most);
            length += Strict.GetBytes(text, buffer.AsSpan(length));
        }
        else
        {
            Write(Strict.GetBytes(text));
        }
    }

    /// <summary>Writes a whole number.</summary>
    public void Write(long value)
    {
        Reserve(LongestNumber);
        System.Buffers.Text.Utf8Formatter.TryFormat(value, buffer.AsSpan(length), out int written);
        length += written;
    }

    /// <summary>Writes the shortest digits that read back the same double, always with a point or an exponent; nan and inf as ASE spells them.</summary>
    public void Write(double value)
    {
        Reserve(LongestNumber);
        if (!double.IsFinite(value))
        {
            Write(double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8);
            return;
        }

        length += Utf8Number.FormatReal(value, buffer.AsSpan(length));
    }

    /// <summary>Writes finite numbers, a blank before each.</summary>
    public void WriteColumns(ReadOnlySpan<double> values)
    {
        const int AtOnce = 64;
        while (values.Length > AtOnce)
        {
            WriteColumns(values[..AtOnce]);
            values = values[AtOnce..];
        }

        Reserve(values.Length * LongestNumber);
        int at = length;
        foreach (double value in values)
        {
            buffer[at++] = (byte)' ';
            at += Utf8Number.FormatReal(value, buffer.AsSpan(at));
        }

        length = at;
    }

    /// <summary>Writes one or two ASCII characters.</summary>
    public void WriteSymbol(string symbol)
    {
        Reserve(2);
        buffer[length++] = (byte)symbol[0];
        if (symbol.Length > 1)
        {
            buffer[length++] = (byte)symbol[1];
        }
    }

    /// <summary>Hands everything to the stream.</summary>
    public void Flush()
    {
        if (length > 0)
        {
            stream.Write(buffer, 0, length);
            length = 0;
        }
    }

    /// <summary>Throws away what has not been handed to the stream.</summary>
    public void Discard() => length = 0;

    /// <summary>Gives the buffer back. What was not flushed is lost.</summary>
    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            length = 0;
        }
    }

    private void Reserve(int bytes)
    {
        if (bytes > buffer.Length - length)
        {
            Flush();
        }
    }
}
