using System.Globalization;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Lammps.Inputs;
using AtomProNet.Lammps.Potentials;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Lammps;

/// <summary>Writes runs that measure how fast a potential is: for each potential, size and number of CPUs a minimisation and dynamics after it.</summary>
[Cmdlet(VerbsCommon.New, "MDBenchmark", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-MDBenchmark.md")]
[OutputType(typeof(DftInput))]
public sealed class NewMDBenchmarkCommand : LammpsInputCommand
{
    private LammpsPotential[] _potentials = [];

    /// <summary>The cell that is repeated.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The potentials: of New-LammpsPotential, or in a word such as sw:Si.sw.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public LammpsPotential[] Potential { get; set; } = [];

    /// <summary>The paper's γ: the cell is repeated so often along each vector. Default 1, 2, 3, 4, 5.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    [Numbers(AreWhole = true)]
    public int[] Size { get; set; } = [1, 2, 3, 4, 5];

    /// <summary>Numbers of MPI tasks. Default 1.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int[] CpuCount { get; set; } = [1];

    /// <summary>The number of steps of dynamics. Default 1000.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000_000)]
    [Numbers(AreWhole = true)]
    public int Steps { get; set; } = 1000;

    /// <summary>Dynamics end after this wall time, even if steps are left; the paper's runs took one hour.</summary>
    [Parameter]
    public TimeSpan? Duration { get; set; }

    /// <summary>The temperature in K. Default 300.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    [Numbers]
    public double Temperature { get; set; } = 300;

    /// <summary>The time step in fs. Default 0.1.</summary>
    [Parameter]
    [ValidateRange(1e-6, 100.0)]
    [Numbers]
    public double TimeStep { get; set; } = 0.1;

    /// <summary>The ensemble: Npt (default), Nvt or Nve.</summary>
    [Parameter]
    public LammpsTask Ensemble { get; set; } = LammpsTask.Npt;

    protected override void BeginProcessing()
    {
        try
        {
            _potentials = [.. Potential.Select(p => PotentialPaths.Located(this, p))];
            if (Ensemble < LammpsTask.Nve)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "BenchmarkWithoutDynamics", "The speed of dynamics is measured.", value: Ensemble.ToString(), remedy: "Use Npt, Nvt or Nve.");
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, Potential));
        }
    }

    protected override void ProcessRecord()
    {
        foreach ((LammpsPotential potential, int size, int cpus) in
            from potential in _potentials from size in Size.Distinct().Order() from cpus in CpuCount.Distinct().Order() select (potential, size, cpus))
        {
            try
            {
                Write(Plan(potential, size, cpus, out string relative), relative);
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, potential));
            }
        }
    }

    private LammpsInputPlan Plan(LammpsPotential potential, int size, int cpus, out string relative)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{size}x{size}x{size}_cpu{cpus}");
        string charges = potential.ChargeInterval > 1 ? string.Create(CultureInfo.InvariantCulture, $"_q{potential.ChargeInterval}") : "";
        relative = Path.Combine(CalculationName.ToFolderName(potential.Name + charges), name);
        return LammpsInputPlan.Create(
            name,
            Structure,
            new()
            {
                Potential = potential,
                Tasks = [LammpsTask.Minimize, Ensemble],
                Replicate = (size, size, size),
                Temperature = Temperature,
                TimeStep = TimeStep,
                Steps = Steps,
                Duration = Duration,
                JobScript = Script(cpus),
            },
            [
                new("benchmark_size", size.ToString(CultureInfo.InvariantCulture)),
                new("benchmark_cpus", cpus.ToString(CultureInfo.InvariantCulture)),
            ]);
    }
}
