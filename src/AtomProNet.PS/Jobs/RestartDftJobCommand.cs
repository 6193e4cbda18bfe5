using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Restarting;
using AtomProNet.Jobs.Submission;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Restart-DftJob: runs jobs again that ended badly, by their diagnosed cause, from the last good geometry.</summary>
[Cmdlet(VerbsLifecycle.Restart, "DftJob", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Restart-DftJob.md")]
[OutputType(typeof(DftJob))]
public sealed class RestartDftJobCommand : SelectedJobsCommand
{
    /// <summary>The jobs' numbers, or jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [Numbers(AreWhole = true)]
    public override long[] Id { get; set; } = [];

    /// <summary>How many restarts a job may have in all. Default 3.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    [Numbers(AreWhole = true)]
    public int MaxRestarts { get; set; } = 3;

    /// <summary>Allows changes after which the frames are of another method.</summary>
    [Parameter]
    public SwitchParameter AllowMethodChange { get; set; }

    /// <summary>Runs them again as they are.</summary>
    [Parameter]
    public SwitchParameter Unchanged { get; set; }

    /// <summary>The walltime of the next try; default twice the last one's where that was over.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WallTime { get; set; }

    /// <summary>Memory of each node, MiB; default twice the last one's where that did not suffice.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? MemoryMB { get; set; }

    /// <summary>MPI tasks.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int? Tasks { get; set; }

    /// <summary>Nodes.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Numbers(AreWhole = true)]
    public int? Nodes { get; set; }

    /// <summary>The partition or queue.</summary>
    [Parameter]
    [Alias("Queue")]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>The account or project that pays.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>Further options as the batch system writes them; they take the place of those that were given before.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] SchedulerOption { get; set; } = [];

    private protected override void Act()
    {
        var options = new RestartOptions
        {
            MaxRestarts = MaxRestarts,
            AllowMethodChange = AllowMethodChange,
            Unchanged = Unchanged,
            Resources = new() { WallTime = WallTimes.Parse(WallTime), Memory = MemoryMB, Tasks = Tasks, Nodes = Nodes, Partition = Partition, Account = Account, Options = [.. SchedulerOption] },
        };
        long[] wanted = [.. Selected.Find(Work.Jobs, Cancellation).Where(j => ShouldProcess(j.ToString(), $"Restart on {j.Cluster}")).Select(j => j.Id)];
        if (wanted.Length > 0)
        {
            Restart(wanted, options);
        }
    }

    private void Restart(long[] wanted, RestartOptions options)
    {
        ImmutableArray<DftJob> jobs = Work.Run((room, token) => room.RestartAsync(wanted, options, (job, e) => Work.Error(e, job), token));
        foreach (string cluster in jobs.Select(j => j.Cluster).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                if (Work.Run((room, token) => room.SendAsync(cluster, token)) is { Text: { } text })
                {
                    WriteWarning(text);
                }
            }
            catch (AtomProNetException e)
            {
                WriteError(ErrorRecords.From(e, cluster));
            }
        }

        foreach (DftJob job in Work.Jobs.ListOf([.. jobs.Select(j => j.Id)], Cancellation))
        {
            WriteObject(job);
        }
    }
}
