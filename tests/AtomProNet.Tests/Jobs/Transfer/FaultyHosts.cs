using System.Formats.Tar;
using System.Text;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Tests.Jobs.Transfer;

/// <summary>A host whose connection breaks after so many bytes of input or output of a command.</summary>
internal sealed class CuttingHost(IHost inner, long inputBytes, long outputBytes, string only = "") : IHost
{
    public string Name => inner.Name;

    public async Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default)
    {
        if (!command.Text.Contains(only, StringComparison.Ordinal))
        {
            return await inner.RunAsync(command, cancellation);
        }

        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var passed = new HostCommand(command.Text)
        {
            Timeout = command.Timeout,
            Input = command.Input is null ? null : new Counting(command.Input, inputBytes, cut),
            Output = command.Output is null ? null : new Counting(command.Output, outputBytes, cut),
        };
        try
        {
            return await inner.RunAsync(passed, cut.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new HostAnswer { Outcome = HostOutcome.Lost, Failure = new(HostFailureKind.ConnectionLost, "The connection broke.") };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Counting(Stream stream, long limit, CancellationTokenSource cut) : MemoryStream
    {
        private long count;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Math.Max(1, limit - count))], cancellationToken);
            Count(read);
            if (count >= limit)
            {
                // What is under way arrives; then the line is dead.
                await Task.Delay(300, CancellationToken.None);
                await cut.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return read;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int passed = (int)Math.Min(buffer.Length, limit - count);
            await stream.WriteAsync(buffer[..passed], cancellationToken);
            Count(buffer.Length);
            if (count >= limit)
            {
                await cut.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        private void Count(int bytes) => count += bytes;
    }
}

/// <summary>A host to which what a client sends comes in two parts: so many bytes at once, so many more when the test lets them, and then nothing any more.</summary>
internal sealed class LateHost(IHost inner, long before, long after) : IHost
{
    private readonly TaskCompletionSource stands = new(TaskCreationOptions.RunContinuationsAsynchronously), goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => inner.Name;

    /// <summary>The first part has arrived.</summary>
    public Task Stands => stands.Task;

    /// <summary>Lets the second part arrive.</summary>
    public void GoOn() => goesOn.TrySetResult();

    public Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default) => inner.RunAsync(
        command.Input is null ? command : new HostCommand(command.Text) { Input = new InTwoParts(command.Input, before, after, this), Output = command.Output, Timeout = command.Timeout, MaxOutput = command.MaxOutput }, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class InTwoParts(Stream stream, long before, long after, LateHost host) : MemoryStream
    {
        private long count;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (count == before)
            {
                // The reader has asked again: what it had is written.
                host.stands.TrySetResult();
                await host.goesOn.Task.WaitAsync(cancellationToken);
            }

            long left = count < before ? before - count : before + after - count;
            int read = left == 0 ? 0 : await stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
            count += read;
            return read;
        }
    }
}

/// <summary>A host whose tar holds what was not asked for.</summary>
internal sealed class EvilHost(IHost inner, string entry, string? content) : IHost
{
    public string Name => "the evil host";

    public async Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default)
    {
        if (command.Output is null)
        {
            return await inner.RunAsync(command, cancellation);
        }

        using var bytes = new MemoryStream();
        await using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            await tar.WriteEntryAsync(content is null
                ? new PaxTarEntry(TarEntryType.SymbolicLink, entry) { LinkName = "../../../etc/passwd" }
                : new PaxTarEntry(TarEntryType.RegularFile, entry) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) }, cancellation);
        }

        await command.Output.WriteAsync(bytes.ToArray(), cancellation);
        return HostAnswer.Of("");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A disk of one megabyte.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string path;

    private SmallDisk(IHost host, string path)
    {
        this.host = host;
        this.path = path;
    }

    public static async Task<SmallDisk> MountAsync(IHost host, string path)
    {
        HostAnswer answer = await host.RunAsync($"[ \"$(uname)\" = Linux ] && mkdir {path} && mount -t tmpfs -o size=1m none {path}");
        Assert.SkipUnless(answer.IsSuccess, "A disk of one megabyte cannot be mounted here (that takes Linux and root).");
        return new(host, path);
    }

    public async ValueTask DisposeAsync() => await host.RunAsync($"umount {path}");
}
