using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Evaluation;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Evaluation;

/// <summary>Measures the errors of a model against reference labels.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "MlipError", DefaultParameterSetName = FilesSet, HelpUri = HelpPages.Root + "Measure-MlipError.md")]
[OutputType(typeof(MlipError))]
public sealed class MeasureMlipErrorCommand : PSCmdlet, IDisposable
{
    private const string FilesSet = "Prediction";
    private const string PipelineSet = "Pipeline";

    private readonly CmdletCancellation _cancellation = new();
    private readonly List<Frame> _predicted = [];

    /// <summary>The predicted frames.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>The frames with the true labels, or extended XYZ files that hold them.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SupportsWildcards]
    public object[] Reference { get; set; } = [];

    /// <summary>The frames with the model's labels, or extended XYZ files that hold them.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FilesSet)]
    [SupportsWildcards]
    public object[] Prediction { get; set; } = [];

    /// <summary>What the model is called where several are compared.</summary>
    [Parameter]
    public string? Model { get; set; }

    /// <summary>Matches frames by the id that they carry instead of by order.</summary>
    [Parameter]
    public SwitchParameter ById { get; set; }

    /// <summary>The key that holds the id; implies -ById. Default: frame_id, else original_dataset_index.</summary>
    [Parameter]
    public string? IdKey { get; set; }

    /// <summary>Percentiles of the absolute error.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    [Numbers]
    public double[] Percentile { get; set; } = [50, 80, 90];

    /// <summary>Which energy of the reference the model was trained on. Default: the free energy where there is one, else what there is.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>The unit of stress errors: Gigapascal (default) or ElectronvoltPerCubicAngstrom.</summary>
    [Parameter]
    public StressUnit StressUnit { get; set; }

    /// <summary>What ByGroup puts together: Group (default), Composition, ConfigType or File.</summary>
    [Parameter]
    public ErrorGrouping GroupBy { get; set; }

    /// <summary>How many of the worst frames are listed.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int WorstFrameCount { get; set; } = 5;

    /// <summary>How far an atom may lie from its counterpart, in Å.</summary>
    [Parameter]
    [ValidateRange(0.0, double.MaxValue)]
    [Numbers]
    public double PositionTolerance { get; set; } = GeometryTolerance.Default.Position;

    /// <summary>How far components of the lattice vectors may differ, in Å.</summary>
    [Parameter]
    [ValidateRange(0.0, double.MaxValue)]
    [Numbers]
    public double CellTolerance { get; set; } = GeometryTolerance.Default.Cell;

    public void Dispose() => _cancellation.Dispose();

    protected override void ProcessRecord()
    {
        if (ParameterSetName == PipelineSet)
        {
            _predicted.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        try
        {
            var inputs = new FrameInputs(this, _cancellation.Token);
            IEnumerable<Frame> reference = inputs.Frames(Reference), predicted = ParameterSetName == PipelineSet ? _predicted : inputs.Frames(Prediction, predicted: true);
            var measurement = new MlipMeasurement(ById, IdKey, new(PositionTolerance, CellTolerance), new()
            {
                Model = Model,
                Percents = [.. Percentile],
                EnergyKind = EnergyKind,
                StressUnit = StressUnit,
                Grouping = GroupBy,
                WorstFrameCount = WorstFrameCount,
            });
            ImmutableArray<MlipError> errors = measurement.Measure(reference, predicted);
            foreach (string warning in MlipMeasurement.Warnings(errors))
            {
                WriteWarning(warning);
            }

            foreach (MlipError error in errors)
            {
                if (error.Note is { } note)
                {
                    WriteVerbose($"{error.Quantity}: {note}");
                }

                WriteObject(error);
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Reference));
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();
}
