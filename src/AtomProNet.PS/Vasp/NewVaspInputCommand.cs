using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.PS.Vasp;

/// <summary>Writes VASP inputs: one folder a structure with POSCAR, INCAR, KPOINTS, POTCAR, a job script and a provenance.json.</summary>
[Cmdlet(VerbsCommon.New, "VaspInput", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-VaspInput.md")]
[OutputType(typeof(DftInput))]
public sealed class NewVaspInputCommand : NewVaspInputBase
{
    /// <summary>Starting magnetic moments by site in μ_B, in the order of the structure; they go before all others.</summary>
    [Parameter]
    [ValidateNotNull]
    [Numbers]
    public double[]? SiteMagneticMoment { get; set; }

    /// <summary>Molecular dynamics with the method of the preset: NvtNoseHoover, NvtLangevin or NptLangevin. Needs -Temperature.</summary>
    [Parameter]
    public VaspEnsemble? Ensemble { get; set; }

    /// <summary>The temperature of the dynamics in K, at its beginning.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    [Numbers]
    public double? Temperature { get; set; }

    /// <summary>The temperature in K at the end of the dynamics; default the same.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    [Numbers]
    public double? TemperatureEnd { get; set; }

    /// <summary>The time step of the dynamics in fs; default 0.5 with hydrogen, else 2.</summary>
    [Parameter]
    [ValidateRange(0.001, 100.0)]
    [Numbers]
    public double? TimeStep { get; set; }

    /// <summary>The number of steps of the dynamics; default 1000.</summary>
    [Parameter]
    [ValidateRange(1, 100_000_000)]
    [Numbers(AreWhole = true)]
    public int? Steps { get; set; }

    protected override void ProcessRecord() => WriteInput(Structure, Options);

    private protected override VaspInputOptions Complete(VaspInputOptions options) => options with
    {
        SiteMagneticMoments = SiteMagneticMoment is null ? null : [.. SiteMagneticMoment],
        Dynamics = ReadDynamics(),
    };

    private MolecularDynamics? ReadDynamics()
    {
        if (Ensemble is not { } ensemble)
        {
            return Temperature is null && TemperatureEnd is null && TimeStep is null && Steps is null
                ? null
                : throw new AtomProNetException(ErrorKind.InvalidArgument, "DynamicsWithoutEnsemble", "-Temperature, -TemperatureEnd, -TimeStep and -Steps belong to molecular dynamics.", remedy: "Add -Ensemble NvtNoseHoover, NvtLangevin or NptLangevin.");
        }

        return new(
            VaspInputSets.Get(ensemble),
            Temperature ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "TemperatureMissing", $"-Ensemble {ensemble} needs a temperature.", remedy: "Add -Temperature in K."),
            TemperatureEnd,
            TimeStep,
            Steps ?? 1000);
    }
}
