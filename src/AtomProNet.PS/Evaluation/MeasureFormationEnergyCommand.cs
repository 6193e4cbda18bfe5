using System.Collections;
using System.Management.Automation;
using AtomProNet.Evaluation.Energies;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Evaluation;

/// <summary>Measures the formation energies of defects in neutral cells, and E/N beside them.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "FormationEnergy", HelpUri = HelpPages.Root + "Measure-FormationEnergy.md")]
[OutputType(typeof(FormationEnergy))]
public sealed class MeasureFormationEnergyCommand : PSCmdlet
{
    /// <summary>Cells with a defect (New-PointDefect).</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>The perfect crystal: the same supercell, or the cell that it was made from.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Frame Perfect { get; set; } = null!;

    /// <summary>Chemical potentials in eV per atom, by element: @{O=-4.93}; they go before those of frames.</summary>
    [Parameter]
    public Hashtable? ChemicalPotential { get; set; }

    /// <summary>Frames of one element each, whose E/N is its chemical potential; of several of one element the lowest.</summary>
    [Parameter]
    [ValidateNotNull]
    public Frame[] ElementalFrame { get; set; } = [];

    /// <summary>Which energy is used. Default: the free energy where there is one, else what there is.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            EnergyKind kind = EnergyKind ?? InputObject.EnergyKind ?? Structures.EnergyKind.Free;
            AtomEnergies given = ElementTable.Energies(ChemicalPotential);
            FormationEnergy result = FormationEnergy.Measure(InputObject, Perfect, given.Or(AtomEnergies.FromElements(ElementalFrame, kind)), kind);
            foreach (Finding finding in result.Findings)
            {
                WriteWarning(finding.ToString());
            }

            WriteObject(result);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, InputObject));
        }
    }
}
