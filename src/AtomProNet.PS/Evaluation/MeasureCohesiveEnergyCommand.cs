using System.Collections;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Evaluation.Energies;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Evaluation;

/// <summary>Measures cohesive energies against free atoms, and E/N beside them.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CohesiveEnergy", HelpUri = HelpPages.Root + "Measure-CohesiveEnergy.md")]
[OutputType(typeof(CohesiveEnergy))]
public sealed class MeasureCohesiveEnergyCommand : PSCmdlet
{
    private readonly List<Frame> _frames = [];
    private readonly List<Frame> _atoms = [];

    /// <summary>The frames; isolated atoms among them (config_type IsolatedAtom) are taken for -IsolatedAtom.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Frame")]
    public Frame InputObject { get; set; } = null!;

    /// <summary>Frames of free atoms (New-IsolatedAtom).</summary>
    [Parameter(Position = 0)]
    [ValidateNotNull]
    public Frame[] IsolatedAtom { get; set; } = [];

    /// <summary>Energies of free atoms in eV, by element: @{Si=-0.8}; they go before those of frames.</summary>
    [Parameter]
    public Hashtable? AtomEnergy { get; set; }

    /// <summary>Which energy is used. Default: the free energy where there is one, else what there is.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    protected override void ProcessRecord() =>
        (InputObject.ConfigType == IsolatedAtoms.Operation || InputObject.Structure.Provenance?.Operation == IsolatedAtoms.Operation ? _atoms : _frames).Add(InputObject);

    protected override void EndProcessing()
    {
        foreach (Frame frame in _frames)
        {
            try
            {
                EnergyKind kind = EnergyKind ?? frame.EnergyKind ?? Structures.EnergyKind.Free;
                AtomEnergies given = ElementTable.Energies(AtomEnergy);
                CohesiveEnergy result = CohesiveEnergy.Measure(frame, given.Or(AtomEnergies.FromIsolatedAtoms(IsolatedAtom.Concat(_atoms), kind)), kind);
                foreach (Finding finding in result.Findings)
                {
                    WriteWarning(finding.ToString());
                }

                WriteObject(result);
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, frame));
            }
        }
    }
}
