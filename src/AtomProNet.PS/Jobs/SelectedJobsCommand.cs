using System.Management.Automation;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>What the cmdlets on jobs share: a pipeline names jobs one by one, and what is to be done is done with all of them at its end, by one connection to each cluster.</summary>
public abstract class SelectedJobsCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation cancellation = new();

    /// <summary>The jobs' numbers, or jobs. Each cmdlet says what none of them means.</summary>
    public abstract long[] Id { get; set; }

    /// <summary>The store and the clusters.</summary>
    private protected JobWork Work { get; private set; } = null!;

    /// <summary>The jobs that the pipeline named.</summary>
    private protected SelectedJobs Selected { get; private set; } = null!;

    /// <summary>Cancelled by Ctrl+C.</summary>
    private protected CancellationToken Cancellation => cancellation.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Work?.Dispose();
        cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Work = new(this, cancellation.Token);
        Selected = new(this);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Selected.Add(Id);

    /// <inheritdoc/>
    protected override void EndProcessing() => Work.End(Act);

    /// <inheritdoc/>
    protected override void StopProcessing() => cancellation.Stop();

    /// <summary>What the cmdlet does with the jobs.</summary>
    private protected abstract void Act();
}
