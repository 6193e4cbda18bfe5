using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.QuantumEspresso.Inputs;

namespace AtomProNet.PS.QuantumEspresso;

/// <summary>Writes inputs of Quantum ESPRESSO's pw.x: one folder a structure with pw.in, the pseudopotentials, a job script and a provenance.json.</summary>
[Cmdlet(VerbsCommon.New, "QEInput", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-QEInput.md")]
[OutputType(typeof(DftInput))]
public sealed class NewQEInputCommand : NewQEInputBase
{
    /// <summary>What is computed: Scf (default), Relax, VcRelax, Md or VcMd.</summary>
    [Parameter]
    public PwCalculation Calculation { get; set; } = PwCalculation.Scf;

    /// <summary>The temperature of molecular dynamics in K.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    [Numbers]
    public double? Temperature { get; set; }

    /// <summary>The time step of molecular dynamics in fs; default 0.5 with hydrogen, else 1.</summary>
    [Parameter]
    [ValidateRange(0.001, 100.0)]
    [Numbers]
    public double? TimeStep { get; set; }

    /// <summary>The number of steps of molecular dynamics. Default 1000.</summary>
    [Parameter]
    [ValidateRange(1, 100_000_000)]
    [Numbers(AreWhole = true)]
    public int? Steps { get; set; }

    /// <summary>How the temperature of Md is held. Default StochasticRescaling.</summary>
    [Parameter]
    public PwThermostat Thermostat { get; set; } = PwThermostat.StochasticRescaling;

    /// <summary>The target pressure of VcRelax and VcMd in GPa. Default 0.</summary>
    [Parameter]
    [ValidateRange(-1e5, 1e5)]
    [Numbers]
    public double Pressure { get; set; }

    protected override void ProcessRecord() => WriteInput(Structure, Options);

    private protected override PwInputOptions Complete(PwInputOptions options) => options with { Calculation = Calculation, Dynamics = ReadDynamics(), Pressure = Pressure };

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
}
