using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>
/// Leads to a command's standard input. SSH.NET's own stream blocks while the host takes nothing, tells of a broken connection by errors of its own, and
/// sends into channels that have been closed (see <see cref="ChannelGate"/>).
/// </summary>
/// <param name="inner">SSH.NET's stream.</param>
/// <param name="gate">The channel.</param>
/// <param name="heard">Called when the host has taken something.</param>
internal sealed class SentStream(Stream inner, ChannelGate gate, Action heard) : Stream
{
    // The least that SSH lets a host refuse to take in one packet (RFC 4253, 6.1).
    private const int LargestPiece = 32768;
    private static readonly TimeSpan WhileFull = TimeSpan.FromMilliseconds(5);

    // What the host would still take if it had taken nothing since.
    private long left = long.MaxValue;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] bytes = buffer.ToArray();
        for (int sent = 0; sent < bytes.Length;)
        {
            int from = sent;
            int piece = await Guard(() => Send(bytes, from)).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (piece == 0)
            {
                await Task.Delay(WhileFull, cancellationToken).ConfigureAwait(false);
            }

            sent += piece;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The end of the input.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Guard(() =>
        {
            lock (gate.Closing)
            {
                inner.Dispose();
                return 0;
            }
        }).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Looks whether the host has taken something: it says so, and that is all that is heard of it while it is sent to.</summary>
    public void Listen()
    {
        long window = gate.Window;
        if (window > Volatile.Read(ref left))
        {
            Volatile.Write(ref left, window);
            heard();
        }
    }

    /// <summary>Sends what fits into the host's window, and returns how much that was.</summary>
    private int Send(byte[] bytes, int from)
    {
        lock (gate.Closing)
        {
            if (!gate.IsOpen)
            {
                throw new IOException("The command has ended.");
            }

            Listen();
            long window = gate.Window;
            int piece = (int)Math.Min(Math.Min(window, LargestPiece), bytes.Length - from);
            if (piece > 0)
            {
                Volatile.Write(ref left, window - piece);
                inner.Write(bytes, from, piece);
            }

            return piece;
        }
    }

    private static Task<int> Guard(Func<int> action) => Task.Run(() =>
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is SshException or InvalidOperationException or System.Net.Sockets.SocketException or NullReferenceException or ArgumentNullException)
        {
            // NullReferenceException, ArgumentNullException: the channel was taken down while it was written to.
            throw new IOException("The connection takes no more input.", e);
        }
    });
}
