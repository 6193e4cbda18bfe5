using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.QuantumEspresso.Inputs;

namespace AtomProNet.PS.QuantumEspresso;

/// <summary>Writes pw.x inputs that differ in one numerical setting each, so that Measure-DftConvergence can tell which setting suffices.</summary>
[Cmdlet(VerbsCommon.New, "QEConvergenceSeries", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-QEConvergenceSeries.md")]
[OutputType(typeof(DftInput))]
public sealed class NewQEConvergenceSeriesCommand : NewQEInputBase
{
    /// <summary>Cut-offs of the wavefunctions (ecutwfc) in Ry, such as 30,40,50,60. ecutrho follows them unless -EcutRho holds it.</summary>
    [Parameter]
    [ValidateRange(1.0, 10000.0)]
    [Numbers]
    public double[] EcutWfcValue { get; set; } = [];

    /// <summary>Distances of k-points in 1/Å with the factor 2π, such as 0.4,0.3,0.2,0.15.</summary>
    [Parameter]
    [ValidateRange(0.01, 5.0)]
    [Numbers]
    public double[] MeshSpacing { get; set; } = [];

    /// <summary>Smearing widths (degauss) in Ry, such as 0.03,0.02,0.01.</summary>
    [Parameter]
    [ValidateRange(0.00001, 1.0)]
    [Numbers]
    public double[] DegaussValue { get; set; } = [];

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        string? repeated = new[] { (nameof(EcutWfcValue), EcutWfcValue), (nameof(MeshSpacing), MeshSpacing), (nameof(DegaussValue), DegaussValue) }
            .FirstOrDefault(p => p.Item2.Distinct().Count() < p.Item2.Length).Item1;
        AtomProNetException? problem = repeated is not null
            ? new(ErrorKind.InvalidArgument, "ConvergenceSettingTwice", $"A value of -{repeated} stands twice.", remedy: "Give each value once.")
            : EcutWfcValue.Length + MeshSpacing.Length + DegaussValue.Length == 0
                ? new(ErrorKind.InvalidArgument, "ConvergenceSettingMissing", "No setting is given to vary.", remedy: "Give -EcutWfcValue, -MeshSpacing or -DegaussValue, each a list of values.")
            : DegaussValue.Length > 0 && Smearing == PwSmearing.Fixed
                ? new(ErrorKind.InvalidArgument, "SmearingWidthIdle", "With -Smearing Fixed there is no smearing width.", remedy: "Choose another -Smearing, or leave -DegaussValue out.")
            : null;
        if (problem is not null)
        {
            ThrowTerminatingError(ErrorRecords.From(problem, null));
        }
    }

    protected override void ProcessRecord()
    {
        foreach (double cutoff in EcutWfcValue)
        {
            Write(new(ConvergenceQuantity.CutoffEnergy, cutoff, "Ry"), Options with { WavefunctionCutoff = cutoff });
        }

        foreach (double spacing in MeshSpacing)
        {
            Write(new(ConvergenceQuantity.KPointSpacing, spacing), Options with { KPoints = new KPointRule.Spacing(spacing) });
        }

        foreach (double width in DegaussValue)
        {
            Write(new(ConvergenceQuantity.SmearingWidth, width, "Ry"), Options with { SmearingWidth = width });
        }
    }

    private void Write(ConvergenceSetting setting, PwInputOptions options)
    {
        if (!Stopping)
        {
            WriteInput(setting.Mark(Structure), options, watchMeshes: false);
        }
    }
}
