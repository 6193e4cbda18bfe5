using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.PS.Hosting;
using JobState = AtomProNet.Jobs.JobState;

namespace AtomProNet.PS.Jobs;

/// <summary>Remove-DftJob: forgets jobs that have ended, and deletes their folders on the cluster.</summary>
[Cmdlet(VerbsCommon.Remove, "DftJob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Remove-DftJob.md")]
[OutputType(typeof(void))]
public sealed class RemoveDftJobCommand : SelectedJobsCommand
{
    /// <summary>The jobs' numbers, or jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [Numbers(AreWhole = true)]
    public override long[] Id { get; set; } = [];

    /// <summary>Leaves what lies on the cluster there.</summary>
    [Parameter]
    public SwitchParameter KeepRemote { get; set; }

    /// <summary>Removes also jobs whose files have not been received.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Act()
    {
        var wanted = new List<long>();
        foreach (DftJob job in Selected.Find(Work.Jobs, Cancellation))
        {
            if (Objection(job) is { } objection)
            {
                WriteError(ErrorRecords.From(objection, job));
            }
            else if (ShouldProcess(job.ToString(), KeepRemote || job.RemoteFolder is null ? "Forget" : $"Forget, and delete {job.RemoteFolder} on {job.Cluster}"))
            {
                wanted.Add(job.Id);
            }
        }

        if (wanted.Count > 0)
        {
            Work.Run(async (room, token) =>
            {
                await room.RemoveAsync(wanted, KeepRemote, (cluster, e) => Work.Error(e, cluster), token).ConfigureAwait(false);
                return true;
            });
        }
    }

    private AtomProNetException? Objection(DftJob job) =>
        !job.IsFinal ? new(ErrorKind.InvalidArgument, "JobNotEnded", $"Job {job.Id} ({job.Name}) is {job.State}.", remedy: "Stop-DftJob ends it.")
        : !Force && !KeepRemote && job.State == JobState.Finished && job.ReceivedAt is null ? new(ErrorKind.InvalidArgument, "JobNotReceived", $"The results of job {job.Id} ({job.Name}) lie on {job.Cluster} alone.", remedy: "Receive-DftJob fetches them; -Force deletes them unseen; -KeepRemote leaves them there.")
        : null;
}
