using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Tests.Rigs;

/// <summary>A host that runs a few lines before each command, and counts the commands.</summary>
public sealed class PreparedHost(IHost inner, string before) : IHost
{
    private int count;

    public string Name => inner.Name;

    /// <summary>How many commands have been run.</summary>
    public int Count => count;

    public Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default)
    {
        Interlocked.Increment(ref count);
        return inner.RunAsync(new HostCommand(before + command.Text) { Input = command.Input, Output = command.Output, Timeout = command.Timeout, MaxOutput = command.MaxOutput }, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
