using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Calculations;

/// <summary>
/// What the cmdlets that read the outputs of DFT codes have in common: paths, selection, several files at a time in a stable order,
/// one warning per file for what was left out, progress, Ctrl+C.
/// </summary>
public abstract class ImportFrameCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path", LiteralPathSet = "LiteralPath";
    private readonly CmdletCancellation cancellation = new();
    private readonly MethodTally methods = new();
    private FrameQueue? queue;
    private ThrottledProgress? progress;
    private long filesAdded, filesDone, framesDone;
    private TreeShard? shard;
    private bool shardTaken;
    private int lastStepGiven;

    /// <summary>Files, wildcards, or folders to look through.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files or folders, no character taken for a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName", "FolderPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Every ionic step, or the last one that can be trusted.</summary>
    [Parameter]
    [Alias("Step")]
    public IonicStepSelection IonicStep { get; set; }

    /// <summary>Lets frames through that are not converged; they stay marked.</summary>
    [Parameter]
    public SwitchParameter IncludeUnconverged { get; set; }

    /// <summary>One part of the tree only, such as 3/100: several processes share the work.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Shard { get; set; }

    /// <summary>Which frames are wanted.</summary>
    private protected virtual FrameSelection Selection => new(IonicStep, IncludeUnconverged);

    /// <summary>Whether a file of a folder is one to read, by its name.</summary>
    private protected abstract bool IsWanted(string fileName);

    /// <summary>The names of the files that are wanted, for people.</summary>
    private protected abstract string WantedNames { get; }

    /// <summary>Whether a file of a folder that has a wanted name is one to read, by its content. What cannot be opened is, so that it gets its error.</summary>
    private protected virtual bool Holds(string file) => true;

    /// <summary>The file that stands for the run of a file; null where that run is read already.</summary>
    private protected virtual string? Main(string file) => file;

    /// <summary>Opens a file.</summary>
    private protected abstract IFrameReader Open(string file);

    /// <summary>Stops the readers.</summary>
    public void Dispose()
    {
        queue?.Dispose();
        cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            shard = Shard is null ? null : TreeShard.Parse(Shard);
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Shard));
        }

        queue = new(cancellation.Token);
        progress = new(this, MyInvocation.MyCommand.Name);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        foreach (string found in Files(literal ? LiteralPath : Path, literal))
        {
            if (Main(found) is not { } file)
            {
                continue;
            }

            while (queue!.IsFull)
            {
                WriteNext(wait: true);
            }

            filesAdded++;
            queue.Add(file, Open, Selection);
            while (queue.IsFed && WriteNext(wait: false))
            {
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        while (!queue!.IsEmpty)
        {
            WriteNext(wait: true);
        }

        progress!.Complete();
        if (methods.IsMixed)
        {
            WriteWarning($"The frames were computed by methods that do not belong in one set:\n{methods.ToTable()}");
        }

        foreach (Finding finding in methods.Findings)
        {
            WriteWarning(finding.ToString());
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => cancellation.Stop();

    private IEnumerable<string> Files(string[] paths, bool literal)
    {
        var inputs = new InputPaths(this);
        if (shard is null)
        {
            return inputs.Files(paths, literal, IsWanted, WantedNames, holds: Holds);
        }

        if (shardTaken)
        {
            WriteError(ErrorRecords.From(new AtomProNetException(ErrorKind.InvalidArgument, "ShardNeedsOneFolder", "A part is one of a single tree: with -Shard only the first folder of the pipeline is read."), string.Join(", ", paths)));
            return [];
        }

        shardTaken = true;
        return inputs.FilesOf(shard, paths, literal, IsWanted, Holds);
    }

    private bool WriteNext(bool wait)
    {
        bool any;
        Frame? frame;
        EndedFile? ended;
        try
        {
            any = queue!.TryTake(out frame, out ended, wait);
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }

        if (frame is not null)
        {
            framesDone++;
            // The members of a convergence series differ on purpose.
            if (ConvergenceSetting.Of(frame.Structure) is null)
            {
                methods.Add(frame);
            }

            lastStepGiven = frame.Source?.Step ?? 0;
            progress!.Report(FormattableString.Invariant($"{framesDone} frames"), filesDone, filesAdded);
            WriteObject(frame);
        }
        else if (ended is not null)
        {
            filesDone++;
            Conclude(ended);
            lastStepGiven = 0;
        }

        return any;
    }

    private void Conclude(EndedFile ended)
    {
        if (ended.Failure is { } failure)
        {
            if (!ErrorRecords.IsItemError(failure))
            {
                throw failure is OperationCanceledException ? new PipelineStoppedException() : failure;
            }

            WriteError(ErrorRecords.From(failure, ended.File));
            return;
        }

        CalculationReport report = ended.Report!;
        foreach (AtomProNetException error in report.Errors)
        {
            WriteError(ErrorRecords.From(error, ended.File));
        }

        foreach (Finding finding in report.Findings)
        {
            if (finding.Severity == FindingSeverity.Information)
            {
                WriteVerbose(finding.ToString());
            }
            else
            {
                WriteWarning(finding.ToString());
            }
        }

        foreach (LeftOutFrame frame in report.LeftOut)
        {
            WriteVerbose($"{ended.File}, {frame}");
        }

        if (LeftOutText.Summary(report, IonicStep, lastStepGiven) is { } summary)
        {
            WriteWarning(summary);
        }
    }
}
