using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>Leads to a command's standard input. SSH.NET's own stream blocks while the host takes nothing, and tells of a broken connection by errors of its own.</summary>
internal sealed class SentStream(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] bytes = buffer.ToArray();
        await Guard(() => inner.Write(bytes, 0, bytes.Length)).WaitAsync(cancellationToken).ConfigureAwait(false);
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
        await Guard(inner.Dispose).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private static Task Guard(Action action) => Task.Run(() =>
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SshException or InvalidOperationException or System.Net.Sockets.SocketException or NullReferenceException)
        {
            // NullReferenceException: the channel was taken down while it was written to.
            throw new IOException("The connection takes no more input.", e);
        }
    });
}
