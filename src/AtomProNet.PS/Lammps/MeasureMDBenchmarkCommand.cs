using System.Management.Automation;
using AtomProNet.Files;
using AtomProNet.Lammps.Benchmarks;
using AtomProNet.Plots;
using AtomProNet.Plots.Pages;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Lammps;

/// <summary>Compares the speed of runs: against size, CPUs and the interval of charge equilibration, with log-log fits and parallel efficiency.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "MDBenchmark", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Measure-MDBenchmark.md")]
[OutputType(typeof(MDScaling))]
public sealed class MeasureMDBenchmarkCommand : PSCmdlet
{
    private readonly List<MDBenchmark> _benchmarks = [];

    /// <summary>Runs (Import-MDBenchmark).</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public MDBenchmark InputObject { get; set; } = null!;

    /// <summary>A folder into which a figure is written for each variable, as SVG.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Plot { get; set; }

    /// <summary>Replaces figures that are there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => _benchmarks.Add(InputObject);

    protected override void EndProcessing()
    {
        try
        {
            var scalings = MDScaling.Measure(_benchmarks);
            if (scalings.IsEmpty && _benchmarks.Count > 0)
            {
                WriteWarning("No two runs of one potential differ in size, in CPUs or in the interval of charge equilibration alone: there is nothing to compare.");
            }

            WriteObject(scalings, enumerateCollection: true);
            if (Plot is null || new InputPaths(this).Output(Plot) is not { } folder)
            {
                return;
            }

            ReportFiles.ThrowIfNoFolder(folder);
            foreach (Figure figure in MDScalingFigures.Of(scalings))
            {
                string file = Path.Combine(folder, figure.Name + ".svg");
                if (ShouldProcess(file, "Write figure"))
                {
                    AtomicFile.WriteAllText(file, figure.ToSvg(), Force);
                }
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Plot));
        }
    }
}
