namespace AtomProNet.SshNet;

/// <summary>
/// What a command prints, from the thread that receives for the connection to whoever reads. SSH.NET itself would keep all that comes, however
/// much: here its thread waits while the reader is behind, so that the host waits, too.
/// </summary>
/// <param name="heard">Called for each piece that comes.</param>
/// <param name="limit">So many bytes may wait to be read.</param>
internal sealed class ReceivedStream(Action heard, int limit = 4 << 20) : Stream
{
    // Two commands of one connection whose readers wait for each other would stand still for ever; a trickle lets them go on.
    private static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(10);

    private readonly object sync = new();
    private readonly Queue<ArraySegment<byte>> pieces = new();
    private ArraySegment<byte> head = ArraySegment<byte>.Empty;
    private TaskCompletionSource? waiting;
    private long count;
    private bool hasEnded, isIgnored;

    /// <summary>Whether the host is being kept waiting by the reader here.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>The most that has waited to be read.</summary>
    public long Peak { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        heard();
        TaskCompletionSource? reader;
        lock (sync)
        {
            for (long last = -1; count >= limit && !hasEnded && !isIgnored && count != last;)
            {
                last = count;
                IsStalled = true;
                Monitor.Wait(sync, LongestStall);
            }

            IsStalled = false;
            if (hasEnded || isIgnored || buffer.IsEmpty)
            {
                return;
            }

            pieces.Enqueue(buffer.ToArray());
            count += buffer.Length;
            Peak = Math.Max(Peak, count);
            reader = waiting;
            waiting = null;
        }

        reader?.TrySetResult();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task more;
            lock (sync)
            {
                if (head.Count > 0 || pieces.TryDequeue(out head))
                {
                    int taken = Math.Min(head.Count, buffer.Length);
                    head.AsMemory(0, taken).CopyTo(buffer);
                    head = head[taken..];
                    count -= taken;
                    Monitor.PulseAll(sync);
                    return taken;
                }

                if (hasEnded)
                {
                    return 0;
                }

                waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                more = waiting.Task;
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Nobody reads any more: what comes is dropped.</summary>
    public void Ignore()
    {
        lock (sync)
        {
            isIgnored = true;
            pieces.Clear();
            head = ArraySegment<byte>.Empty;
            count = 0;
            Monitor.PulseAll(sync);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The channel or the connection ended; what has come can still be read.</summary>
    protected override void Dispose(bool disposing)
    {
        TaskCompletionSource? reader;
        lock (sync)
        {
            hasEnded = true;
            reader = waiting;
            waiting = null;
            Monitor.PulseAll(sync);
        }

        reader?.TrySetResult();
        base.Dispose(disposing);
    }
}
