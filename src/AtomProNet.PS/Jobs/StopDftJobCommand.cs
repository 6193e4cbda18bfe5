using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Stop-DftJob: takes jobs back, wherever they are.</summary>
[Cmdlet(VerbsLifecycle.Stop, "DftJob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Stop-DftJob.md")]
[OutputType(typeof(DftJob))]
public sealed class StopDftJobCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation cancellation = new();
    private JobWork work = null!;
    private SelectedJobs selected = null!;

    /// <summary>The jobs' numbers, or jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    public long[] Id { get; set; } = [];

    /// <summary>Gives the jobs as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    public void Dispose()
    {
        work?.Dispose();
        cancellation.Dispose();
    }

    protected override void BeginProcessing()
    {
        work = new(this, cancellation.Token);
        selected = new(this);
    }

    protected override void ProcessRecord() => selected.Add(Id);

    protected override void EndProcessing() => work.End(Act);

    protected override void StopProcessing() => cancellation.Stop();

    private void Act()
    {
        long[] wanted = [.. selected.Find(work.Jobs, cancellation.Token).Where(j => !j.IsFinal && ShouldProcess(j.ToString(), $"Stop on {j.Cluster}")).Select(j => j.Id)];
        if (wanted.Length == 0)
        {
            return;
        }

        ImmutableArray<DftJob> jobs = work.Run((room, token) => room.StopAsync(wanted, (cluster, e) => work.Error(e, cluster), token));
        foreach (DftJob job in jobs)
        {
            if (PassThru)
            {
                WriteObject(job);
            }
        }
    }
}
