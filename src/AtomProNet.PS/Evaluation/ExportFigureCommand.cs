using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Evaluation;
using AtomProNet.Files;
using AtomProNet.Lammps.Benchmarks;
using AtomProNet.Plots;
using AtomProNet.Plots.Pages;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Evaluation;

/// <summary>Draws results as figures for print, or as a page.</summary>
[Cmdlet(VerbsData.Export, "Figure", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Export-Figure.md")]
[OutputType(typeof(ReportFile))]
public sealed class ExportFigureCommand : PSCmdlet
{
    private readonly List<object> _results = [];

    /// <summary>Results that have figures: equations of state, elastic constants, speeds of dynamics, verdicts on calculations.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    /// <summary>An SVG file for one figure, a folder for several, or an HTML file for a page with all.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>What the results are called, in their order. Default: their own names.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Name { get; set; } = [];

    /// <summary>The width of a figure, mm.</summary>
    [Parameter]
    [ValidateRange(40.0, 400.0)]
    [Numbers]
    public double Width { get; set; } = Figure.SingleColumn;

    /// <summary>The size of the labels, pt.</summary>
    [Parameter]
    [ValidateRange(4.0, 20.0)]
    [Numbers]
    public double FontSize { get; set; } = 7;

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => _results.Add(InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject);

    protected override void EndProcessing()
    {
        if (new InputPaths(this).Output(Path) is not { } path || !ShouldProcess(path, "Write figures"))
        {
            return;
        }

        try
        {
            ImmutableArray<Figure> figures = [.. Draw().Select(f => f with { Width = Width, FontSize = FontSize })];
            WriteObject(Write(path, figures), enumerateCollection: true);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, path));
        }
    }

    // Benchmarks are of another room than the rest, and have no names but those of their potentials.
    private IEnumerable<Figure> Draw()
    {
        MDScaling[] scalings = [.. _results.OfType<MDScaling>()];
        object[] others = [.. _results.Where(r => r is not MDScaling)];
        return scalings.Length == 0 || others.Length > 0 || Name.Length > 0
            ? EvaluationFigures.Of([.. others], [.. Name]).Concat(MDScalingFigures.Of(scalings))
            : MDScalingFigures.Of(scalings);
    }

    private ImmutableArray<ReportFile> Write(string path, ImmutableArray<Figure> figures)
    {
        if (_results.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "NothingToDraw", "No result came through the pipeline.", remedy: "Pipe what a Measure- cmdlet or Test-DftConvergence returns, and look for errors of that one.");
        }

        if (figures.IsEmpty)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "NothingToDraw", "Calculations of one ionic step have no course to draw.");
        }

        switch (System.IO.Path.GetExtension(path).ToLowerInvariant())
        {
            case ".html" or ".htm":
                return ReportFiles.Write(new ReportPage(figures[0].Title, [new("Figures", [new ReportFigures(figures)])]), path, overwrite: Force);
            case ".svg" when figures.Length > 1:
                throw new AtomProNetException(ErrorKind.InvalidArgument, "SeveralFigures", $"There are {figures.Length} figures ({string.Join(", ", figures.Select(f => f.Name))}).", path, remedy: "Name a folder, or an HTML file.");
            case ".svg":
                AtomicFile.WriteAllText(path, figures[0].ToSvg(), Force);
                return [new(ReportFileKind.Figure, path, figures[0].Title, new System.IO.FileInfo(path).Length)];
            default:
                return ReportFiles.WriteFigures(figures, path, Force);
        }
    }
}
