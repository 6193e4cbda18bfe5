using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Lammps;
using AtomProNet.Lammps.Inputs;
using AtomProNet.Lammps.Potentials;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Lammps;

/// <summary>Writes inputs of LAMMPS: one folder a structure with in.lammps, structure.data, the potential's files, a job script and a provenance.json.</summary>
[Cmdlet(VerbsCommon.New, "LammpsInput", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-LammpsInput.md")]
[OutputType(typeof(DftInput))]
public sealed class NewLammpsInputCommand : LammpsInputCommand
{
    private FolderTemplate _folders = null!;
    private LammpsPotential _potential = null!;
    private AtomProNet.Lammps.TypeOrder? _types;

    /// <summary>The structure; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The potential: of New-LammpsPotential, or in a word such as sw:Si.sw.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public LammpsPotential Potential { get; set; } = null!;

    /// <summary>What is done, one after the other: Static (default), Minimize, Nve, Nvt, Npt.</summary>
    [Parameter]
    [ValidateNotNull]
    public LammpsTask[] Task { get; set; } = [LammpsTask.Static];

    /// <summary>Template of folder names with {name}, {formula}, {root}, {index}. Default {name}.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string FolderName { get; set; } = FolderTemplate.Default;

    /// <summary>The elements in the order of the atom types. Default: what the potential demands, else the alphabet.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] TypeOrder { get; set; } = [];

    /// <summary>The temperature of dynamics in K. Default 300.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    [Numbers]
    public double Temperature { get; set; } = 300;

    /// <summary>The pressure of Npt and of a minimised cell in GPa. Default 0.</summary>
    [Parameter]
    [ValidateRange(-1e5, 1e5)]
    [Numbers]
    public double Pressure { get; set; }

    /// <summary>The time step in fs. Default: the usual one of the kind of potential.</summary>
    [Parameter]
    [ValidateRange(1e-6, 100.0)]
    [Numbers]
    public double? TimeStep { get; set; }

    /// <summary>The number of steps of dynamics. Default 10000.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000_000)]
    [Numbers(AreWhole = true)]
    public int Steps { get; set; } = 10_000;

    /// <summary>What holds the temperature: NoseHoover (default) or Langevin.</summary>
    [Parameter]
    public LammpsThermostat Thermostat { get; set; }

    /// <summary>The time in which the temperature follows, in fs. Default 100 steps.</summary>
    [Parameter]
    [ValidateRange(1e-3, 1e9)]
    [Numbers]
    public double? TemperatureDamping { get; set; }

    /// <summary>The time in which the pressure follows, in fs. Default 1000 steps.</summary>
    [Parameter]
    [ValidateRange(1e-3, 1e9)]
    [Numbers]
    public double? PressureDamping { get; set; }

    /// <summary>The seed of velocities and random forces. Default 12345.</summary>
    [Parameter]
    [ValidateRange(1, 900_000_000)]
    [Numbers(AreWhole = true)]
    public int Seed { get; set; } = 12345;

    /// <summary>A minimisation leaves the cell as it is.</summary>
    [Parameter]
    public SwitchParameter FixedCell { get; set; }

    /// <summary>Positions and forces are written every so many steps of dynamics; 0 (default) for never.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int DumpInterval { get; set; }

    /// <summary>The number of MPI tasks in the job script. Default 16.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int Tasks { get; set; } = 16;

    /// <summary>Writes no job script.</summary>
    [Parameter]
    public SwitchParameter NoJobScript { get; set; }

    protected override void BeginProcessing()
    {
        try
        {
            _folders = new(FolderName);
            _potential = PotentialPaths.Located(this, Potential);
            _types = TypeOrder.Length == 0 ? null : AtomProNet.Lammps.TypeOrder.Of([.. TypeOrder.Select(Element.FromSymbol)]);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, Potential));
        }
    }

    protected override void ProcessRecord()
    {
        try
        {
            string relative = _folders.Next(Structure);
            Write(LammpsInputPlan.Create(Path.GetFileName(relative), Structure, new()
            {
                Potential = _potential,
                Tasks = [.. Task],
                Types = _types,
                Temperature = Temperature,
                Pressure = Pressure,
                TimeStep = TimeStep,
                Steps = Steps,
                Thermostat = Thermostat,
                TemperatureDamping = TemperatureDamping,
                PressureDamping = PressureDamping,
                Seed = Seed,
                FixedCell = FixedCell,
                DumpInterval = DumpInterval,
                JobScript = NoJobScript ? null : Script(Tasks),
            }), relative);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Structure));
        }
    }
}
