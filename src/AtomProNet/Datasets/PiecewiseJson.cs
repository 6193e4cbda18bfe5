using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtomProNet.Datasets;

/// <summary>Indented JSON that goes to its stream piece by piece, so that a text of any length takes little memory. Its lines end with a line feed on every system.</summary>
internal sealed class PiecewiseJson : IDisposable
{
    private const int Piece = 1 << 16;

    private readonly ArrayBufferWriter<byte> buffer = new(2 * Piece);
    private readonly Stream stream;

    /// <summary>Begins.</summary>
    /// <param name="stream">Where the text goes; it stays open.</param>
    public PiecewiseJson(Stream stream)
    {
        this.stream = stream;
        Writer = new(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>What to write to.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>To be called once in a while: hands on what was written, where it is enough to be worth it.</summary>
    public void PassOn()
    {
        if (Writer.BytesPending + buffer.WrittenCount >= Piece)
        {
            Empty();
        }
    }

    /// <summary>Hands on the rest, and ends the last line.</summary>
    public void Complete()
    {
        Empty();
        stream.Write("\n"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => Writer.Dispose();

    private void Empty()
    {
        Writer.Flush();
        // The writer ends lines as the system does. Within a text a carriage return is escaped: these are all.
        ReadOnlySpan<byte> rest = buffer.WrittenSpan;
        for (int end = rest.IndexOf((byte)'\r'); end >= 0; end = rest.IndexOf((byte)'\r'))
        {
            stream.Write(rest[..end]);
            rest = rest[(end + 1)..];
        }

        stream.Write(rest);
        buffer.ResetWrittenCount();
    }
}
