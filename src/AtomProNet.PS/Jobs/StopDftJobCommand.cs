using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Stop-DftJob: takes jobs back, wherever they are.</summary>
[Cmdlet(VerbsLifecycle.Stop, "DftJob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Stop-DftJob.md")]
[OutputType(typeof(DftJob))]
public sealed class StopDftJobCommand : SelectedJobsCommand
{
    /// <summary>The jobs' numbers, or jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [Numbers(AreWhole = true)]
    public override long[] Id { get; set; } = [];

    /// <summary>Gives the jobs as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Act()
    {
        long[] wanted = [.. Selected.Find(Work.Jobs, Cancellation).Where(j => !j.IsFinal && ShouldProcess(j.ToString(), $"Stop on {j.Cluster}")).Select(j => j.Id)];
        if (wanted.Length == 0)
        {
            return;
        }

        ImmutableArray<DftJob> jobs = Work.Run((room, token) => room.StopAsync(wanted, (cluster, e) => Work.Error(e, cluster), token));
        foreach (DftJob job in jobs)
        {
            if (PassThru)
            {
                WriteObject(job);
            }
        }
    }
}
