using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Evaluation.Elasticity;
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
    private PropertyOptions _options = null!;

    /// <summary>The crystal; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The potentials: of New-LammpsPotential, or in a word such as sw:Si.sw.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public LammpsPotential[] Potential { get; set; } = [];

    /// <summary>DFT frames of the same: strain series, cells, vacancies, free atoms, in any mixture.</summary>
    [Parameter]
    [ValidateNotNull]
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
    [Numbers]
    public double VacancyDistance { get; set; } = 12;

    /// <summary>Computes no vacancies.</summary>
    [Parameter]
    public SwitchParameter NoVacancy { get; set; }

    /// <summary>The largest strain of the fit of elastic constants. Default 0.004.</summary>
    [Parameter]
    [ValidateRange(0.0002, 0.05)]
    [Numbers]
    public double ElasticRange { get; set; } = 0.004;

    /// <summary>Whether ions are relaxed in each strained cell (Relaxed, default) or keep their fractional coordinates (Clamped).</summary>
    [Parameter]
    public IonRelaxation Ions { get; set; } = IonRelaxation.Relaxed;

    /// <summary>LAMMPS: a path, or a name on PATH. Default: lmp and its usual other names.</summary>
    [Parameter]
    public string? Lammps { get; set; }

    /// <summary>What LAMMPS is started with besides.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Argument { get; set; } = [];

    public void Dispose() => _cancellation.Dispose();

    protected override void BeginProcessing()
    {
        try
        {
            _options = new()
            {
                Prediction = new() { Executable = PotentialPaths.Executable(this, Lammps), Arguments = [.. Argument] },
                ElasticRange = (decimal)ElasticRange,
                ElasticStep = (decimal)ElasticRange / 2,
                VacancyDistance = VacancyDistance,
                Ions = Ions,
                HasVacancies = !NoVacancy,
                ChemicalPotentials = ElementTable.Energies(ChemicalPotential),
                FreeAtoms = ElementTable.Energies(AtomEnergy),
            };
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    protected override void ProcessRecord()
    {
        LammpsPotential[] wanted = [.. Potential.Where(p => ShouldProcess(Structure.Composition.Formula, $"Measure with {p} by LAMMPS"))];
        ImmutableSortedDictionary<string, double> reference = ImmutableSortedDictionary<string, double>.Empty;
        try
        {
            if (wanted.Length > 0 && Reference.Length > 0)
            {
                reference = ReferenceProperties.Measure(Structure, Reference, _options.ChemicalPotentials);
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Structure));
            return;
        }

        foreach (LammpsPotential given in wanted)
        {
            Measure(given, reference);
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();

    private void Measure(LammpsPotential given, ImmutableSortedDictionary<string, double> reference)
    {
        var progress = new ThrottledProgress(this, $"{Structure.ReducedFormula} with {given.Name}");
        try
        {
            PropertyOptions options = _options with { Progress = what => progress.Report(what, 0) };
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
