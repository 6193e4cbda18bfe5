using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.PS.Vasp;

/// <summary>Writes VASP inputs that differ in one numerical setting each, so that Measure-DftConvergence can tell which setting suffices.</summary>
[Cmdlet(VerbsCommon.New, "ConvergenceSeries", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-ConvergenceSeries.md")]
[OutputType(typeof(DftInput))]
public sealed class NewConvergenceSeriesCommand : NewVaspInputBase
{
    /// <summary>Cut-offs (ENCUT) in eV, such as 400,500,600,700.</summary>
    [Parameter]
    [ValidateRange(50.0, 5000.0)]
    [Numbers]
    public double[] CutoffEnergy { get; set; } = [];

    /// <summary>Distances of k-points in 1/Å with the factor 2π, such as 0.4,0.3,0.2,0.15.</summary>
    [Parameter]
    [ValidateRange(0.01, 5.0)]
    [Numbers]
    public double[] MeshSpacing { get; set; } = [];

    /// <summary>Smearing widths (SIGMA) in eV, such as 0.2,0.1,0.05.</summary>
    [Parameter]
    [ValidateRange(0.0001, 5.0)]
    [Numbers]
    public double[] SmearingWidth { get; set; } = [];

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        string? repeated = new[] { (nameof(CutoffEnergy), CutoffEnergy), (nameof(MeshSpacing), MeshSpacing), (nameof(SmearingWidth), SmearingWidth) }
            .FirstOrDefault(p => p.Item2.Distinct().Count() < p.Item2.Length).Item1;
        if (repeated is not null)
        {
            ThrowTerminatingError(ErrorRecords.From(new AtomProNetException(ErrorKind.InvalidArgument, "ConvergenceSettingTwice", $"A value of -{repeated} stands twice.", remedy: "Give each value once."), null));
        }

        if (CutoffEnergy.Length + MeshSpacing.Length + SmearingWidth.Length == 0)
        {
            ThrowTerminatingError(ErrorRecords.From(new AtomProNetException(ErrorKind.InvalidArgument, "ConvergenceSettingMissing", "No setting is given to vary.", remedy: "Give -CutoffEnergy, -MeshSpacing or -SmearingWidth, each a list of values."), null));
        }
    }

    protected override void ProcessRecord()
    {
        if (SmearingWidth.Length > 0 && WidthIsIdle())
        {
            WriteError(ErrorRecords.From(new AtomProNetException(ErrorKind.InvalidArgument, "SmearingWidthIdle", "With ISMEAR -4, -5 or -2 the smearing width has no influence, or there is none.", remedy: "Add -Incar @{ISMEAR=0} or another smearing."), Structure));
            return;
        }

        foreach (double cutoff in CutoffEnergy)
        {
            Write(new(ConvergenceQuantity.CutoffEnergy, cutoff), With("ENCUT", cutoff));
        }

        foreach (double spacing in MeshSpacing)
        {
            Write(new(ConvergenceQuantity.KPointSpacing, spacing), Options with { KPoints = new KPointRule.Spacing(spacing) });
        }

        foreach (double width in SmearingWidth)
        {
            Write(new(ConvergenceQuantity.SmearingWidth, width), With("SIGMA", width));
        }
    }

    private bool WidthIsIdle()
    {
        KeyValuePair<string, IncarValue?>? own = Options.Overrides.Where(o => o.Key.Equals("ISMEAR", StringComparison.OrdinalIgnoreCase)).Select(o => (KeyValuePair<string, IncarValue?>?)o).FirstOrDefault();
        IncarValue? smearing = own is { } given ? given.Value : (Options.BaseIncar ?? Options.Set.Incar)["ISMEAR"];
        return smearing?.AsInteger is -2 or -4 or -5;
    }

    private VaspInputOptions With(string key, double value) => Options with
    {
        Overrides = [.. Options.Overrides.Where(o => !o.Key.Equals(key, StringComparison.OrdinalIgnoreCase)), new(key, IncarValue.Of(value))],
    };

    private void Write(ConvergenceSetting setting, VaspInputOptions options)
    {
        if (!Stopping)
        {
            WriteInput(setting.Mark(Structure), options, watchMeshes: false);
        }
    }
}
