using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Evaluation.Energies;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Lammps.Properties;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Lammps;

/// <summary>Computes lattice, elastic constants, energies and vacancies of a crystal with potentials, by LAMMPS, and puts DFT beside them.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "PotentialProperty", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Measure-PotentialProperty.md")]
[OutputType(typeof(PotentialProperty))]
public sealed class MeasurePotentialPropertyCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();

    /// <summary>The crystal; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The potentials: of New-LammpsPotential, or in a word such as sw:Si.sw.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public LammpsPotential[] Potential { get; set; } = [];

    /// <summary>DFT frames of the same: strain series, cells, vacancies, free atoms, in any mixture.</summary>
    [Parameter]
    public Frame[] Reference { get; set; } = [];

    /// <summary>Chemical potentials for vacancies of compounds in eV per atom, by element: @{O=-4.93}.</summary>
    [Parameter]
    public Hashtable? ChemicalPotential { get; set; }

    /// <summary>Energies of the potential's free atoms in eV, by element. Default: LAMMPS computes them.</summary>
    [Parameter]
    public Hashtable? AtomEnergy { get; set; }

    /// <summary>Vacancies are put into a supercell whose images are at least so far apart, in Å. Default 12.</summary>
    [Parameter]
    [ValidateRange(1.0, 200.0)]
    public double VacancyDistance { get; set; } = 12;

    /// <summary>Computes no vacancies.</summary>
    [Parameter]
    public SwitchParameter NoVacancy { get; set; }

    /// <summary>The largest strain of the fit of elastic constants. Default 0.004.</summary>
    [Parameter]
    [ValidateRange(0.0002, 0.05)]
    public double ElasticRange { get; set; } = 0.004;

    /// <summary>Whether ions are relaxed in each strained cell (Relaxed, default) or keep their fractional coordinates (Clamped).</summary>
    [Parameter]
    public IonRelaxation Ions { get; set; } = IonRelaxation.Relaxed;

    /// <summary>LAMMPS: a path, or a name on PATH. Default: lmp and its usual other names.</summary>
    [Parameter]
    public string? Lammps { get; set; }

    /// <summary>What LAMMPS is started with besides.</summary>
    [Parameter]
    public string[] Argument { get; set; } = [];

    public void Dispose() => _cancellation.Dispose();

    protected override void ProcessRecord()
    {
        foreach (LammpsPotential given in Potential)
        {
            if (!ShouldProcess(Structure.Composition.Formula, $"Measure with {given} by LAMMPS"))
            {
                continue;
            }

            var progress = new ThrottledProgress(this, $"{Structure.ReducedFormula} with {given.Name}");
            try
            {
                AtomEnergies potentials = ChemicalPotential is null ? AtomEnergies.Empty : AtomEnergies.FromTable(ChemicalPotential);
                ImmutableSortedDictionary<string, double> reference = Reference.Length == 0 ? ImmutableSortedDictionary<string, double>.Empty : ReferenceProperties.Measure(Structure, Reference, potentials);
                decimal range = (decimal)ElasticRange;
                var options = new PropertyOptions
                {
                    Prediction = new()
                    {
                        Executable = Lammps is { } name && name != System.IO.Path.GetFileName(name) ? SessionState.Path.GetUnresolvedProviderPathFromPSPath(name) : Lammps,
                        Arguments = [.. Argument],
                    },
                    ElasticRange = range,
                    ElasticStep = range / 2,
                    VacancyDistance = VacancyDistance,
                    Ions = Ions,
                    HasVacancies = !NoVacancy,
                    ChemicalPotentials = potentials,
                    FreeAtoms = AtomEnergy is null ? AtomEnergies.Empty : AtomEnergies.FromTable(AtomEnergy),
                    Progress = what => progress.Report(what, 0),
                };
                foreach (PotentialProperty property in PotentialProperties.Measure(Structure, PotentialPaths.Located(this, given), options, _cancellation.Token))
                {
                    WriteObject(property with { Reference = reference.TryGetValue(property.Property, out double value) ? value : null });
                }
            }
            catch (OperationCanceledException) when (Stopping)
            {
                throw new PipelineStoppedException();
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, given));
            }

            progress.Complete();
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();
}
