using System.Collections.Immutable;
using System.Globalization;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Submission;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Submit-DftJob: sends folders that can be run to a cluster, each exactly once.</summary>
[Cmdlet(VerbsLifecycle.Submit, "DftJob", DefaultParameterSetName = InputSet, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Submit-DftJob.md")]
[OutputType(typeof(DftJob))]
public sealed class SubmitDftJobCommand : PSCmdlet, IDisposable
{
    private const string InputSet = "Input", PathSet = "Path", LiteralPathSet = "LiteralPath";
    private readonly CmdletCancellation cancellation = new();
    private JobWork work = null!;
    private JobSubmission? submission;
    private ThrottledProgress progress = null!;

    /// <summary>Inputs as New-VaspInput and New-QEInput give them.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = InputSet, ValueFromPipeline = true)]
    [Alias("Input")]
    [ValidateNotNullOrEmpty]
    public DftInput[] InputObject { get; set; } = [];

    /// <summary>Folders that hold a job.sh, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The same, no character taken for a wildcard; other objects of the pipeline give their FolderPath or FullName.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName", "FolderPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The cluster, as Register-DftCluster named it. Default local: this machine.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Cluster { get; set; } = ClusterProfile.LocalName;

    /// <summary>The script that runs a folder. Default job.sh.</summary>
    [Parameter]
    [ValidatePattern(@"^[A-Za-z0-9_][A-Za-z0-9_.-]*\z")]
    public string? Script { get; set; }

    /// <summary>MPI tasks of each job.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int? Tasks { get; set; }

    /// <summary>Threads of each task.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Numbers(AreWhole = true)]
    public int? Threads { get; set; }

    /// <summary>Nodes of each allocation.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Numbers(AreWhole = true)]
    public int? Nodes { get; set; }

    /// <summary>The walltime of an allocation, as 24:00:00 or 2-00:00:00.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WallTime { get; set; }

    /// <summary>Memory of each node, MiB.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? MemoryMB { get; set; }

    /// <summary>The partition or queue.</summary>
    [Parameter]
    [Alias("Queue")]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>The account or project that pays.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>Slurm's quality of service.</summary>
    [Parameter]
    [Alias("Qos")]
    [ValidateNotNullOrEmpty]
    public string? QualityOfService { get; set; }

    /// <summary>Further options as the batch system writes them, such as --gres=gpu:1.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] SchedulerOption { get; set; } = [];

    /// <summary>How many of these may run at a time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? MaxRunning { get; set; }

    /// <summary>How many may be out at a time; what does not fit waits in the store.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? MaxQueued { get; set; }

    /// <summary>Jobs that have to succeed first: objects or numbers.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[] DependsOn { get; set; } = [];

    /// <summary>So many jobs share an allocation, one after the other.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Numbers(AreWhole = true)]
    public int Bundle { get; set; } = 1;

    /// <summary>Those of an allocation run at the same time.</summary>
    [Parameter]
    public SwitchParameter SideBySide { get; set; }

    /// <summary>Makes new jobs for folders whose last job with the same input has ended.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public void Dispose()
    {
        work?.Dispose();
        cancellation.Dispose();
    }

    protected override void BeginProcessing()
    {
        work = new(this, cancellation.Token);
        progress = new(this, MyInvocation.MyCommand.Name);
        try
        {
            submission = work.Jobs.BeginSubmission(Options());
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, Cluster));
        }
    }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == InputSet)
        {
            foreach (DftInput input in InputObject)
            {
                Add(input.FolderPath, input);
            }

            return;
        }

        bool literal = ParameterSetName == LiteralPathSet;
        foreach (string folder in new InputPaths(this).Resolve(literal ? LiteralPath : Path, literal))
        {
            Add(folder, null);
        }
    }

    protected override void EndProcessing()
    {
        if (submission!.Count == 0)
        {
            progress.Complete();
            return;
        }

        try
        {
            ImmutableArray<DftJob> jobs = work.Jobs.Plan(submission, e => WriteError(ErrorRecords.From(e, e.File)), cancellation.Token);
            QueueReport? report = null;
            try
            {
                report = work.Run((room, token) => room.SendAsync(submission.Cluster, token));
            }
            catch (AtomProNetException e)
            {
                WriteError(ErrorRecords.From(new AtomProNetException(e.Kind, e.ErrorId, $"{e.Problem} {jobs.Length} jobs are planned and wait in the store: the next Submit-, Get- or Wait-DftJob goes on.", e.File, e.Line, e.Value, e.Remedy, e), submission.Cluster));
            }

            foreach (DftJob job in work.Jobs.ListOf([.. jobs.Select(j => j.Id)], cancellation.Token))
            {
                WriteObject(job);
            }

            if (report?.Text is { } text)
            {
                WriteWarning(text);
            }
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, submission.Cluster));
        }
        finally
        {
            work.Complete();
            progress.Complete();
        }
    }

    protected override void StopProcessing() => cancellation.Stop();

    private void Add(string folder, DftInput? input)
    {
        try
        {
            progress.Report(folder, submission!.Count);
            if (ShouldProcess(folder, $"Submit to {submission.Cluster}"))
            {
                submission.Add(folder, input, cancellation.Token);
            }
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, input ?? (object)folder));
        }
    }

    private SubmitOptions Options() => new()
    {
        Cluster = Cluster,
        Script = Script,
        Resources = new()
        {
            Tasks = Tasks,
            Threads = Threads,
            Nodes = Nodes,
            WallTime = WallTimes.Parse(WallTime),
            Memory = MemoryMB,
            Partition = Partition,
            Account = Account,
            QualityOfService = QualityOfService,
            Options = [.. SchedulerOption],
        },
        MaxRunning = MaxRunning,
        MaxQueued = MaxQueued,
        Bundle = Bundle,
        SideBySide = SideBySide,
        DependsOn = [.. DependsOn.Select(JobNumber)],
        Force = Force,
    };

    private static long JobNumber(object value)
    {
        object inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (inner is DftJob job)
        {
            return job.Id;
        }

        return long.TryParse(Convert.ToString(inner, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "JobNumberInvalid", "-DependsOn takes jobs or their numbers.", value: inner?.ToString());
    }
}
