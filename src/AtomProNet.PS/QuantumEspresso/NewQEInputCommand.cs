using System.Collections;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.QuantumEspresso.Inputs;

namespace AtomProNet.PS.QuantumEspresso;

/// <summary>Writes inputs of Quantum ESPRESSO's pw.x: one folder a structure with pw.in, the pseudopotentials, a job script and a provenance.json.</summary>
[Cmdlet(VerbsCommon.New, "QEInput", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-QEInput.md")]
[OutputType(typeof(DftInput))]
public sealed class NewQEInputCommand : NewDftInputCommand
{
    private PwInputOptions options = null!;

    /// <summary>What is computed: Scf (default), Relax, VcRelax, Md or VcMd.</summary>
    [Parameter]
    public PwCalculation Calculation { get; set; } = PwCalculation.Scf;

    /// <summary>The folder of the user's UPF files; default $ESPRESSO_PSEUDO.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PseudopotentialPath { get; set; }

    /// <summary>Files by element where the folder has several, such as @{Al='Al.pbe-n-kjpaw_psl.1.0.0.UPF'}.</summary>
    [Parameter]
    public IDictionary? Pseudopotential { get; set; }

    /// <summary>The folder in which the calculation will find the same files, such as one of the cluster; nothing is then copied into the folders.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PseudoDirectory { get; set; }

    /// <summary>The cut-off of the wavefunctions in Ry (ecutwfc); default what the pseudopotentials suggest.</summary>
    [Parameter]
    [ValidateRange(1.0, 10000.0)]
    public double? EcutWfc { get; set; }

    /// <summary>The cut-off of the charge density in Ry (ecutrho); default what the pseudopotentials suggest.</summary>
    [Parameter]
    [ValidateRange(4.0, 100000.0)]
    public double? EcutRho { get; set; }

    /// <summary>How the bands are occupied. Default Gaussian.</summary>
    [Parameter]
    public PwSmearing Smearing { get; set; } = PwSmearing.Gaussian;

    /// <summary>The width of the smearing in Ry (degauss). Default 0.02.</summary>
    [Parameter]
    [ValidateRange(0.00001, 1.0)]
    public double Degauss { get; set; } = 0.02;

    /// <summary>Computes with two spins even where no moment is given; -SpinPolarised:$false without, whatever the structure says.</summary>
    [Parameter]
    public SwitchParameter SpinPolarised { get; set; }

    /// <summary>Starting magnetic moments by element in μ_B, such as @{Fe=3; O=0}; the site property magmom goes before them.</summary>
    [Parameter]
    public IDictionary? MagneticMoment { get; set; }

    /// <summary>The temperature of molecular dynamics in K.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double? Temperature { get; set; }

    /// <summary>The time step of molecular dynamics in fs; default 0.5 with hydrogen, else 1.</summary>
    [Parameter]
    [ValidateRange(0.001, 100.0)]
    public double? TimeStep { get; set; }

    /// <summary>The number of steps of molecular dynamics. Default 1000.</summary>
    [Parameter]
    [ValidateRange(1, 100_000_000)]
    public int? Steps { get; set; }

    /// <summary>How the temperature of Md is held. Default StochasticRescaling.</summary>
    [Parameter]
    public PwThermostat Thermostat { get; set; } = PwThermostat.StochasticRescaling;

    /// <summary>The target pressure of VcRelax and VcMd in GPa. Default 0.</summary>
    [Parameter]
    [ValidateRange(-1e5, 1e5)]
    public double Pressure { get; set; }

    /// <summary>Entries of pw.x's namelists, such as @{mixing_beta=0.3; 'Hubbard_U(1)'=4} or @{SYSTEM=@{vdw_corr='grimme-d3'}}; they go before everything else. $null takes an entry out.</summary>
    [Parameter]
    public IDictionary? Namelist { get; set; }

    protected override void ProcessRecord() => WriteInput(Structure, "Write pw.x input", name =>
    {
        PwInputPlan plan = PwInputPlan.Create(name, Structure, options);
        return new(plan.Name, plan.Structure, plan.Mesh, plan.Findings, PwInputWriter.ThrowIfTaken, (folder, force) => PwInputWriter.Write(plan, folder, force));
    });

    private protected override void ReadOptions()
    {
        options = new()
        {
            Calculation = Calculation,
            Library = ReadLibrary(),
            Pseudopotentials = Texts(Pseudopotential, nameof(Pseudopotential)),
            PseudoDirectory = PseudoDirectory,
            WavefunctionCutoff = EcutWfc,
            DensityCutoff = EcutRho,
            Smearing = Smearing,
            SmearingWidth = Degauss,
            SpinPolarised = MyInvocation.BoundParameters.ContainsKey(nameof(SpinPolarised)) ? SpinPolarised.IsPresent : null,
            MagneticMoments = Numbers(MagneticMoment, nameof(MagneticMoment)),
            KPointsFrom = KPointsFrom,
            Dynamics = ReadDynamics(),
            Pressure = Pressure,
            Overrides = [.. ReadNamelists()],
            JobScript = ReadJobScript(PwJobScript.Default),
        };
        if (ReadKPoints() is { } rule)
        {
            options = options with { KPoints = rule };
        }
    }

    private UpfLibrary ReadLibrary()
    {
        string? folder = PseudopotentialPath ?? Environment.GetEnvironmentVariable("ESPRESSO_PSEUDO");
        return string.IsNullOrWhiteSpace(folder)
            ? throw new AtomProNetException(ErrorKind.InvalidArgument, "PseudopotentialFolderUnknown", "Nobody said where the pseudopotentials are.", remedy: "Give the folder of your UPF files with -PseudopotentialPath, or set ESPRESSO_PSEUDO.")
            : new(Resolved(folder));
    }

    private PwDynamics? ReadDynamics()
    {
        if (Calculation is PwCalculation.Md or PwCalculation.VcMd)
        {
            return Temperature is { } temperature
                ? new(temperature, TimeStep, Steps ?? 1000, Thermostat)
                : throw new AtomProNetException(ErrorKind.InvalidArgument, "TemperatureMissing", $"-Calculation {Calculation} needs a temperature.", remedy: "Add -Temperature in K.");
        }

        return Temperature is null && TimeStep is null && Steps is null
            ? null
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "DynamicsWithoutCalculation", "-Temperature, -TimeStep and -Steps belong to molecular dynamics.", remedy: "Add -Calculation Md or VcMd.");
    }

    private IEnumerable<PwOverride> ReadNamelists()
    {
        foreach ((string key, object? value) in Ordered(Namelist))
        {
            if (value is not IDictionary inner)
            {
                yield return new(null, key, value is null ? null : PwOverride.ToLiteral(value));
                continue;
            }

            foreach ((string name, object? entry) in Ordered(inner))
            {
                yield return new(key, name, entry is null ? null : PwOverride.ToLiteral(entry));
            }
        }
    }
}
