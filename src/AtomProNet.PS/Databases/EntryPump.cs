using System.Collections.Concurrent;
using System.Management.Automation;
using AtomProNet.Databases;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Databases;

/// <summary>
/// Takes entries out of a room that works on other threads, and says on the cmdlet's own thread what the room has to say
/// meanwhile: a server that asks to wait must not look like a session that hangs.
/// </summary>
internal sealed class EntryPump(PSCmdlet cmdlet, string activity, CancellationToken token)
{
    private const int Heartbeat = 100;
    private readonly ConcurrentQueue<Finding> _findings = new();

    /// <summary>Called by the room from any thread.</summary>
    public void Notice(Finding finding) => _findings.Enqueue(finding);

    /// <summary>The entries, one by one as they come.</summary>
    /// <param name="entries">Asks the room, with a token that stops it.</param>
    /// <param name="status">What is being fetched, for the progress bar.</param>
    public IEnumerable<DatabaseEntry> Entries(Func<CancellationToken, IAsyncEnumerable<DatabaseEntry>> entries, string status)
    {
        var progress = new ThrottledProgress(cmdlet, activity);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var source = entries(stop.Token).GetAsyncEnumerator(stop.Token);
        long done = 0;
        long? total = null;
        Task<bool>? step = null;
        try
        {
            while (true)
            {
                step = source.MoveNextAsync().AsTask();
                while (Task.WaitAny([step], Heartbeat) < 0)
                {
                    Say();
                    progress.Report(status, done, total);
                }

                Say();
                if (!step.GetAwaiter().GetResult())
                {
                    break;
                }

                done++;
                total = source.Current.Total;
                progress.Report(status, done, total);
                yield return source.Current;
            }
        }
        finally
        {
            // A later command may have enough (Select-Object -First) while a page is on its way: the room ends first.
            stop.Cancel();
            Task.WhenAny(step ?? Task.CompletedTask).Wait(CancellationToken.None);
            source.DisposeAsync().AsTask().Wait(CancellationToken.None);
        }

        Say();
        progress.Complete();
    }

    private void Say()
    {
        while (_findings.TryDequeue(out var finding))
        {
            if (finding.Severity == FindingSeverity.Information)
            {
                cmdlet.WriteVerbose(finding.ToString());
            }
            else
            {
                cmdlet.WriteWarning(finding.ToString());
            }
        }
    }
}
