using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Receive-DftJob: fetches what jobs have left, verified, and says how they ended.</summary>
[Cmdlet(VerbsCommunications.Receive, "DftJob", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Receive-DftJob.md")]
[OutputType(typeof(DftJob))]
public sealed class ReceiveDftJobCommand : SelectedJobsCommand
{
    /// <summary>The jobs' numbers, or jobs; default all that have ended and whose files are not here.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNull]
    [Numbers(AreWhole = true)]
    public override long[] Id { get; set; } = [];

    /// <summary>The files wanted, by name, with wildcards; default all that have changed but large scratch files.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Include { get; set; } = [];

    /// <summary>Files that are not wanted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Exclude { get; set; } = [];

    /// <summary>A folder that gets a folder for each job; default each job's own input folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    private protected override void Act()
    {
        string? destination = Destination is null ? null : new InputPaths(this).Output(Destination);
        if (Destination is not null && destination is null)
        {
            return;
        }

        ImmutableArray<DftJob> jobs = Selected.FindOr(Work.Jobs, new() { States = JobStates.Final, IsUnreceived = true }, Cancellation);
        long[] wanted = [.. jobs.Where(j => ShouldProcess(destination ?? j.FolderPath, $"Receive the files of job {j.Id} from {j.Cluster}")).Select(j => j.Id)];
        if (wanted.Length == 0)
        {
            return;
        }

        var options = new AtomProNet.Jobs.Receiving.ReceiveOptions { Include = [.. Include], Exclude = [.. Exclude], Destination = destination };
        Work.Run(async (room, token) =>
        {
            await room.ReceiveAsync(wanted, options, job => Work.Do(() => WriteObject(job)), (job, e) => Work.Error(e, job), token).ConfigureAwait(false);
            return true;
        });
    }
}
