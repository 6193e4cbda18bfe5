using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Calculations;

/// <summary>Tells which cut-off, k-point spacing or smearing width suffices: the cheapest one whose labels, with those of all finer ones, agree with the finest.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "DftConvergence", HelpUri = HelpPages.Root + "Measure-DftConvergence.md")]
[OutputType(typeof(DftConvergence))]
public sealed class MeasureDftConvergenceCommand : PSCmdlet
{
    private readonly List<Frame> frames = [];

    /// <summary>One frame for each calculation of the series (Import-Outcar, Import-QEOutput …).</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("InputObject")]
    public Frame Frame { get; set; } = null!;

    /// <summary>The wanted precision of the energy in eV per atom. Default 0.001.</summary>
    [Parameter]
    [ValidateRange(1e-12, 1e3)]
    [Numbers]
    public double EnergyPrecision { get; set; } = 0.001;

    /// <summary>The wanted precision of force components in eV/Å. Default 0.01.</summary>
    [Parameter]
    [ValidateRange(1e-12, 1e3)]
    [Numbers]
    public double ForcePrecision { get; set; } = 0.01;

    /// <summary>The wanted precision of stress components in GPa. Default 0.1.</summary>
    [Parameter]
    [ValidateRange(1e-12, 1e6)]
    [Numbers]
    public double StressPrecision { get; set; } = 0.1;

    /// <summary>Leaves forces out of the verdict.</summary>
    [Parameter]
    public SwitchParameter IgnoreForces { get; set; }

    /// <summary>Leaves the stress out of the verdict.</summary>
    [Parameter]
    public SwitchParameter IgnoreStress { get; set; }

    protected override void ProcessRecord() => frames.Add(Frame);

    protected override void EndProcessing()
    {
        if (frames.Count == 0)
        {
            return;
        }

        try
        {
            foreach (DftConvergence verdict in DftConvergence.Measure(frames, new(EnergyPrecision, IgnoreForces ? null : ForcePrecision, IgnoreStress ? null : StressPrecision)))
            {
                foreach (Finding finding in verdict.Findings)
                {
                    WriteWarning(finding.ToString());
                }

                WriteObject(verdict);
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, null));
        }
    }
}
