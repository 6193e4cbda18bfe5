using System.Management.Automation;
using AtomProNet.Datasets.Statistics;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Measures a training set: counts, compositions, distributions of labels, reference energies, coverage.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "TrainingSet")]
[OutputType(typeof(TrainingSetStatistics))]
public sealed class MeasureTrainingSetCommand : PSCmdlet
{
    private ThrottledProgress? _progress;
    private TrainingSetSurvey? _survey;

    /// <summary>The frames.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>Which energy is the label. Default: the free energy, or what a frame has.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>Leaves out the coverage of descriptor space, which takes most of the time.</summary>
    [Parameter]
    public SwitchParameter NoCoverage { get; set; }

    protected override void BeginProcessing()
    {
        _survey = new(EnergyKind, !NoCoverage);
        _progress = new(this, "Measuring the training set");
    }

    protected override void ProcessRecord()
    {
        _survey!.Add(InputObject);
        _progress!.Report(InputObject.Source?.File ?? "", _survey.FrameCount);
    }

    protected override void EndProcessing()
    {
        TrainingSetStatistics statistics = _survey!.Conclude();
        _progress!.Complete();
        if (statistics.FrameCount == 0)
        {
            return;
        }

        foreach (Finding warning in statistics.Warnings)
        {
            if (warning.Severity == FindingSeverity.Information)
            {
                WriteVerbose(warning.ToString());
            }
            else
            {
                WriteWarning(warning.ToString());
            }
        }

        WriteObject(statistics);
    }
}
