using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Submission;
using AtomProNet.PS.Hosting;
using JobState = AtomProNet.Jobs.JobState;

namespace AtomProNet.PS.Jobs;

/// <summary>Get-DftJob: where jobs stand, by one question to each cluster, however many there are.</summary>
[Cmdlet(VerbsCommon.Get, "DftJob", HelpUri = HelpPages.Root + "Get-DftJob.md")]
[OutputType(typeof(DftJob))]
public sealed class GetDftJobCommand : SelectedJobsCommand
{
    /// <summary>The jobs' numbers, or jobs; default all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    [ValidateNotNull]
    [Numbers(AreWhole = true)]
    public override long[] Id { get; set; } = [];

    /// <summary>Names, with wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Clusters.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Cluster { get; set; } = [];

    /// <summary>States.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public JobState[] State { get; set; } = [];

    /// <summary>Asks nobody: what the store knows.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    private protected override void Act()
    {
        // States are looked at after the clusters were asked.
        WildcardPattern[] names = [.. Name.Select(n => new WildcardPattern(n, WildcardOptions.IgnoreCase))];
        ImmutableArray<DftJob> jobs = [.. Selected.FindOr(Work.Jobs, new() { Clusters = [.. Cluster] }, Cancellation)
            .Where(j => (names.Length == 0 || names.Any(n => n.IsMatch(j.Name))) && (Cluster.Length == 0 || Cluster.Contains(j.Cluster, StringComparer.OrdinalIgnoreCase)))];
        if (!Offline)
        {
            string[] clusters = [.. jobs.Where(j => !j.IsFinal).Select(j => j.Cluster).Distinct(StringComparer.OrdinalIgnoreCase)];
            if (clusters.Length > 0)
            {
                ImmutableArray<QueueReport> reports = Work.Run((room, token) => room.RefreshAsync(clusters, (cluster, e) => Work.Error(e, cluster), token));
                foreach (QueueReport report in reports)
                {
                    if (report.Text is { } text)
                    {
                        WriteWarning(text);
                    }
                }

                jobs = Work.Jobs.ListOf([.. jobs.Select(j => j.Id)], Cancellation);
            }
        }

        HashSet<JobState> states = [.. State];
        foreach (DftJob job in jobs)
        {
            if (states.Count == 0 || states.Contains(job.State))
            {
                WriteObject(job);
            }
        }
    }
}
