using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Plots;
using AtomProNet.Plots.Pages;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Calculations;

/// <summary>Test-DftConvergence: the verdict on calculations, however they ended.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DftConvergence", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Test-DftConvergence.md")]
[OutputType(typeof(CalculationVerdict))]
public sealed class TestDftConvergenceCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path", LiteralPathSet = "LiteralPath";
    private readonly CmdletCancellation cancellation = new();
    private readonly HashSet<string> figures = new(StringComparer.OrdinalIgnoreCase);
    private ThrottledProgress? progress;
    private long done;

    /// <summary>Folders of calculations, folders of such folders, or output files; wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The same, no character taken for a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName", "FolderPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A folder for the figures of each calculation with several ionic steps.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Plot { get; set; }

    /// <summary>Replaces figures that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Ends the reading.</summary>
    public void Dispose() => cancellation.Dispose();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        progress = new(this, MyInvocation.MyCommand.Name);
        try
        {
            if (Plot is not null && new InputPaths(this).Output(Plot) is { } folder)
            {
                ReportFiles.ThrowIfNoFolder(folder);
            }
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Plot));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        foreach ((IDftCode code, string path) in new CalculationFolders(this).Find(literal ? LiteralPath : Path, literal))
        {
            try
            {
                progress!.Report(path, done++);
                CalculationVerdict verdict = code.Judge(path, cancellation.Token);
                WriteObject(verdict);
                if (Plot is not null)
                {
                    WriteFigures(verdict);
                }
            }
            catch (OperationCanceledException) when (Stopping)
            {
                throw new PipelineStoppedException();
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, path));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => progress!.Complete();

    /// <inheritdoc/>
    protected override void StopProcessing() => cancellation.Stop();

    private void WriteFigures(CalculationVerdict verdict)
    {
        if (verdict.StepCount < 2)
        {
            WriteVerbose($"{verdict.Folder}: one ionic step makes no figure.");
            return;
        }

        if (new InputPaths(this).Output(Plot!) is not { } folder)
        {
            return;
        }

        string name = UniqueName(System.IO.Path.GetFileName(verdict.Folder.TrimEnd(System.IO.Path.DirectorySeparatorChar)));
        foreach ((string kind, Figure figure) in ((string, Figure)[])[("forces", VerdictFigures.Forces(verdict)), ("energy", VerdictFigures.PressureAndEnergy(verdict))])
        {
            string file = System.IO.Path.Combine(folder, $"{name}_{kind}.svg");
            if (ShouldProcess(file, "Write figure"))
            {
                AtomicFile.WriteAllText(file, figure.ToSvg(), Force);
            }
        }
    }

    // Folders of one name in different places keep figures of their own.
    private string UniqueName(string name)
    {
        name = name.Length == 0 ? "calculation" : name;
        string unique = name;
        for (int i = 2; !figures.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}-{i}");
        }

        return unique;
    }
}
