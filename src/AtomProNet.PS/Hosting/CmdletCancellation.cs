namespace AtomProNet.PS.Hosting;

/// <summary>Hands Ctrl+C on to the library: StopProcessing calls Stop, the rooms get the Token.</summary>
/// <example>
/// <code>
/// private readonly CmdletCancellation _cancellation = new();
/// protected override void StopProcessing() => _cancellation.Stop();
/// public void Dispose() => _cancellation.Dispose();
/// </code>
/// </example>
internal sealed class CmdletCancellation : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Cancelled as soon as the user stops the pipeline.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Called from another thread, perhaps at the very moment when the cmdlet ends.</summary>
    public void Stop()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet has ended: nothing is left to stop.
        }
    }

    public void Dispose() => _source.Dispose();
}
