using System.Management.Automation;
using AtomProNet.Datasets.Statistics;
using AtomProNet.Plots.Pages;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Measures a training set: counts, compositions, distributions of labels, reference energies, coverage.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "TrainingSet", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Measure-TrainingSet.md")]
[OutputType(typeof(TrainingSetStatistics))]
public sealed class MeasureTrainingSetCommand : PSCmdlet
{
    private ThrottledProgress? _progress;
    private TrainingSetSurvey? _survey;
    private string? _page, _figures, _tables;

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

    /// <summary>An HTML file to show everything in: one page that needs nothing else.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Report { get; set; }

    /// <summary>The heading of the page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Training set";

    /// <summary>A folder for each figure of the report as an SVG file in publication form.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FigurePath { get; set; }

    /// <summary>A folder for each table of the report as a CSV file with all its rows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TablePath { get; set; }

    /// <summary>Replaces files of a report that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void BeginProcessing()
    {
        try
        {
            FindPlaces();
        }
        catch (AtomProNetException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Report));
        }

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
        WriteReport(statistics);
    }

    // Told before hours of measuring, not after.
    private void FindPlaces()
    {
        if (Report is null)
        {
            if (FigurePath is not null || TablePath is not null)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ReportMissing", "-FigurePath and -TablePath belong to a report.", remedy: "Add -Report page.html.");
            }

            return;
        }

        (_page, _figures, _tables) = (Place(Report), FigurePath is null ? null : Place(FigurePath), TablePath is null ? null : Place(TablePath));
        if (File.Exists(_page) && !Force)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FileExists", "There is a file of this name already.", file: _page, remedy: "Use -Force to replace it, or choose another name.");
        }

        string Place(string path) => new InputPaths(this).Output(path) ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "PathNotUsable", $"'{path}' is no path of the file system.", value: path);
    }

    private void WriteReport(TrainingSetStatistics statistics)
    {
        if (_page is null || !ShouldProcess(_page, "Write report"))
        {
            return;
        }

        try
        {
            ReportFiles.Write(TrainingSetReport.Of(statistics, Title), _page, _figures, _tables, Force);
            WriteVerbose($"The report is {_page}.");
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, _page));
        }
    }
}
