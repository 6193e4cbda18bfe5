using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Reports;
using AtomProNet.Plots;
using AtomProNet.Plots.Pages;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Evaluation;

/// <summary>Writes the errors of one or several models as a page with figures and tables.</summary>
[Cmdlet(VerbsData.Export, "MlipReport", DefaultParameterSetName = ErrorsSet, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Export-MlipReport.md")]
[OutputType(typeof(ReportFile))]
public sealed class ExportMlipReportCommand : PSCmdlet, IDisposable
{
    private const string ErrorsSet = "Errors";
    private const string FilesSet = "Files";

    private readonly CmdletCancellation _cancellation = new();
    private readonly List<MlipError> _errors = [];

    /// <summary>The errors that Measure-MlipError found, of one model or several.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ErrorsSet)]
    public MlipError InputObject { get; set; } = null!;

    /// <summary>The HTML file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>The frames with the true labels, or files that hold them.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FilesSet)]
    [SupportsWildcards]
    public object[] Reference { get; set; } = [];

    /// <summary>The predictions: one file, folder or pattern a model, a table of names and files, or the frames of one model.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = FilesSet)]
    [SupportsWildcards]
    public object[] Prediction { get; set; } = [];

    /// <summary>What the models are called, in the order of -Prediction. Default: the names of the files.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    [ValidateNotNull]
    public string[] Model { get; set; } = [];

    /// <summary>Matches frames by the id that they carry instead of by order.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    public SwitchParameter ById { get; set; }

    /// <summary>The key that holds the id; implies -ById. Default: frame_id, else original_dataset_index.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    public string? IdKey { get; set; }

    /// <summary>Percentiles of the absolute error that are marked.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    [ValidateRange(0.0, 100.0)]
    [Numbers]
    public double[] Percentile { get; set; } = [50, 80, 90];

    /// <summary>Which energy of the reference the models were trained on. Default: the free energy where there is one, else what there is.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>The unit of stress errors: Gigapascal (default) or ElectronvoltPerCubicAngstrom.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    public StressUnit StressUnit { get; set; }

    /// <summary>What makes a group: Group (default), Composition, ConfigType or File.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    public ErrorGrouping GroupBy { get; set; }

    /// <summary>How many of the worst frames are listed.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    [ValidateRange(0, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int WorstFrameCount { get; set; } = 10;

    /// <summary>How far an atom may lie from its counterpart, in Å.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    [ValidateRange(0.0, double.MaxValue)]
    [Numbers]
    public double PositionTolerance { get; set; } = GeometryTolerance.Default.Position;

    /// <summary>How far components of the lattice vectors may differ, in Å.</summary>
    [Parameter(ParameterSetName = FilesSet)]
    [ValidateRange(0.0, double.MaxValue)]
    [Numbers]
    public double CellTolerance { get; set; } = GeometryTolerance.Default.Cell;

    /// <summary>The heading of the report.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = new MlipReportOptions().Title;

    /// <summary>A folder for each figure as an SVG file in publication form.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FigurePath { get; set; }

    /// <summary>A folder for each table as a CSV file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TablePath { get; set; }

    /// <summary>The width of a figure in publication form, mm.</summary>
    [Parameter]
    [ValidateRange(40.0, 400.0)]
    [Numbers]
    public double FigureWidth { get; set; } = Figure.SingleColumn;

    /// <summary>The size of the labels in publication form, pt.</summary>
    [Parameter]
    [ValidateRange(4.0, 20.0)]
    [Numbers]
    public double FontSize { get; set; } = 7;

    /// <summary>The confidence of the intervals, percent.</summary>
    [Parameter]
    [Numbers]
    public double Confidence { get; set; } = 95;

    /// <summary>How often groups are drawn for the confidence intervals.</summary>
    [Parameter]
    [Numbers(AreWhole = true)]
    public int ResampleCount { get; set; } = 1000;

    /// <summary>The seed of the draws.</summary>
    [Parameter]
    [Numbers(AreWhole = true)]
    public long Seed { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public void Dispose() => _cancellation.Dispose();

    protected override void ProcessRecord()
    {
        if (ParameterSetName == ErrorsSet)
        {
            _errors.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var paths = new InputPaths(this);
        if (paths.Output(Path) is not { } page)
        {
            return;
        }

        string? figures = FigurePath is null ? null : paths.Output(FigurePath), tables = TablePath is null ? null : paths.Output(TablePath);
        if ((FigurePath is not null && figures is null) || (TablePath is not null && tables is null) || !ShouldProcess(page, "Write report"))
        {
            return;
        }

        try
        {
            ReportPage report = MlipReport.Of(ParameterSetName == ErrorsSet ? ModelErrors.Together(_errors) : Measure(), new()
            {
                Title = Title,
                Bootstrap = new GroupBootstrap(ResampleCount, Confidence, Seed),
                Confidence = Confidence,
                FigureWidth = FigureWidth,
                FontSize = FontSize,
                Footer = FormattableString.Invariant($"AtomProNet.PS {typeof(MlipReport).Assembly.GetName().Version?.ToString(3)}. Confidence intervals: {ResampleCount} draws, seed {Seed}."),
            });
            WriteObject(ReportFiles.Write(report, page, figures, tables, Force, _cancellation.Token), enumerateCollection: true);
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, page));
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();

    private ImmutableArray<ModelErrors> Measure()
    {
        var inputs = new FrameInputs(this, _cancellation.Token);
        (string Name, object[] Frames)[] predictions = [.. Predictions()];
        var models = ImmutableArray.CreateBuilder<ModelErrors>();
        foreach ((string name, object[] frames) in predictions)
        {
            var measurement = new MlipMeasurement(ById, IdKey, new(PositionTolerance, CellTolerance), new()
            {
                Model = name,
                Percents = [.. Percentile],
                EnergyKind = EnergyKind,
                StressUnit = StressUnit,
                Grouping = GroupBy,
                WorstFrameCount = WorstFrameCount,
            });
            ImmutableArray<MlipError> errors = measurement.Measure(inputs.Frames(Reference), inputs.Frames(frames, predicted: true));
            foreach (string warning in MlipMeasurement.Warnings(errors))
            {
                WriteWarning($"{name}: {warning}");
            }

            models.Add(new(name, errors));
        }

        return models.ToImmutable();
    }

    /// <summary>The models with their names: an item a model, but all frames together are one.</summary>
    private IEnumerable<(string Name, object[] Frames)> Predictions()
    {
        object[] items = [.. Prediction.Select(p => p is PSObject wrapped ? wrapped.BaseObject : p)];
        (string? Name, object[] Frames)[] models = items.Length > 0 && Array.TrueForAll(items, i => i is Frame)
            ? [(null, items)]
            : [.. items.SelectMany(i => i is IDictionary table ? Named(table) : [(null, [i])])];
        string?[] given = [.. models.Where(m => m.Name is null).Select(m => m.Name)];
        if (Model.Length > 0 && Model.Length != given.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ModelCountMismatch", $"There are {Model.Length} names for {given.Length} models.", remedy: "Give one name for each item of -Prediction (-Model MACE,Allegro), or a table: -Prediction @{MACE='mace.xyz'; Allegro='allegro.xyz'}.");
        }

        int unnamed = 0;
        foreach ((string? name, object[] frames) in models)
        {
            yield return (name ?? (Model.Length > 0 ? Model[unnamed++] : NameOf(frames[0])), frames);
        }
    }

    private static IEnumerable<(string? Name, object[] Frames)> Named(IDictionary table)
    {
        // A table that keeps its order is taken in that order, any other by name.
        IEnumerable<DictionaryEntry> entries = table.Cast<DictionaryEntry>();
        foreach (DictionaryEntry entry in table is Hashtable ? entries.OrderBy(e => e.Key.ToString(), StringComparer.Ordinal) : entries)
        {
            object value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value ?? "";
            yield return (entry.Key.ToString()!, value is object[] several ? several : [value]);
        }
    }

    private static string NameOf(object prediction) => prediction switch
    {
        string path => System.IO.Path.GetFileNameWithoutExtension(path.TrimEnd('/', '\\')),
        System.IO.FileSystemInfo file => System.IO.Path.GetFileNameWithoutExtension(file.Name),
        _ => "model",
    };
}
