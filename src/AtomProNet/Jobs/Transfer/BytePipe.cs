using System.Threading.Channels;

namespace AtomProNet.Jobs.Transfer;

/// <summary>Bytes from one task to another, a limited number at a time. An end that is disposed of early is an error at the other.</summary>
internal sealed class BytePipe
{
    private readonly Channel<byte[]> channel = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(16) { SingleReader = true, SingleWriter = true });

    public BytePipe()
    {
        Writer = new WriteEnd(channel.Writer);
        Reader = new ReadEnd(channel);
    }

    /// <summary>What to write to; disposing of it is the end of the bytes.</summary>
    public Stream Writer { get; }

    /// <summary>What to read from; disposing of it before the end makes the next write fail.</summary>
    public Stream Reader { get; }

    /// <summary>Ends the bytes with an error for the reader.</summary>
    public void Fail(Exception error) => channel.Writer.TryComplete(error);

    private abstract class End : Stream
    {
        public override bool CanRead => false;

        public override bool CanWrite => false;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class WriteEnd(ChannelWriter<byte[]> writer) : End
    {
        public override bool CanWrite => true;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty)
            {
                return;
            }

            try
            {
                await writer.WriteAsync(buffer.ToArray(), cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException e)
            {
                throw new IOException("Nobody reads any more.", e);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        protected override void Dispose(bool disposing)
        {
            writer.TryComplete();
            base.Dispose(disposing);
        }
    }

    private sealed class ReadEnd(Channel<byte[]> channel) : End
    {
        private ReadOnlyMemory<byte> held;

        public override bool CanRead => true;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (held.IsEmpty)
            {
                // The error that the writer gave, if it gave one, comes out here.
                if (!await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    return 0;
                }

                if (channel.Reader.TryRead(out byte[]? next))
                {
                    held = next;
                }
            }

            int count = Math.Min(buffer.Length, held.Length);
            held[..count].CopyTo(buffer);
            held = held[count..];
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        protected override void Dispose(bool disposing)
        {
            // A writer that waits for room is woken up and fails.
            channel.Writer.TryComplete();
            while (channel.Reader.TryRead(out _))
            {
            }

            base.Dispose(disposing);
        }
    }
}
