using System.Buffers;
using System.Security.Cryptography;

namespace AtomProNet.Files;

/// <summary>
/// Hands what is written on to another stream and hashes it on the way, so that a file need not be read again for its hash. Whoever writes much
/// does not wait for the hash: it is made by another thread, block by block.
/// </summary>
/// <param name="inner">Where to; left open.</param>
internal sealed class HashingStream(Stream inner) : Stream
{
    private const int BlockSize = 1 << 18, BlocksAhead = 4;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SemaphoreSlim room = new(BlocksAhead);
    private Task hashed = Task.CompletedTask;
    private byte[] block = [];
    private int filled;
    private long length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position { get => length; set => throw new NotSupportedException(); }

    /// <summary>SHA-256 of all bytes so far, lower-case hex.</summary>
    public string HashText()
    {
        hashed.GetAwaiter().GetResult();
        hash.AppendData(block, 0, filled);
        filled = 0;
        return Convert.ToHexString(hash.GetCurrentHash()).ToLowerInvariant();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        length += buffer.Length;
        while (!buffer.IsEmpty)
        {
            if (block.Length == 0)
            {
                block = ArrayPool<byte>.Shared.Rent(BlockSize);
            }

            int piece = Math.Min(buffer.Length, BlockSize - filled);
            buffer[..piece].CopyTo(block.AsSpan(filled));
            filled += piece;
            buffer = buffer[piece..];
            if (filled == BlockSize)
            {
                HashLater();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hashed.GetAwaiter().GetResult();
            hash.Dispose();
            room.Dispose();
            if (block.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(block);
                (block, filled) = ([], 0);
            }
        }

        base.Dispose(disposing);
    }

    private void HashLater()
    {
        room.Wait();
        byte[] full = block;
        (block, filled) = ([], 0);
        hashed = hashed.ContinueWith(
            _ =>
            {
                hash.AppendData(full, 0, BlockSize);
                ArrayPool<byte>.Shared.Return(full);
                room.Release();
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}
