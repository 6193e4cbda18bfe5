using System.Security.Cryptography;

namespace AtomProNet.Jobs.Transfer;

/// <summary>A file that is read once from its beginning to the length that it has now, and hashed on the way.</summary>
/// <param name="inner">The file; left open.</param>
/// <param name="read">Is told of each piece.</param>
internal sealed class HashedReading(Stream inner, Action<int> read) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long length = inner.Length;
    private long position;

    /// <summary>Whether it was read to the length that it had at first.</summary>
    public bool IsComplete => position == length;

    public override bool CanRead => true;

    // The writer of a tar asks for the length, which it must know before.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set
        {
            if (value != position)
            {
                throw new NotSupportedException();
            }
        }
    }

    /// <summary>SHA-256 of what was read, lower-case hex.</summary>
    public string HashText() => Convert.ToHexString(hash.GetCurrentHash()).ToLowerInvariant();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A file that grows ends here where it ended at first.
        int count = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - position)], cancellationToken).ConfigureAwait(false);
        Note(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer[..(int)Math.Min(buffer.Length, length - position)]);
        Note(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Note(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        position += bytes.Length;
        if (bytes.Length > 0)
        {
            read(bytes.Length);
        }
    }
}
