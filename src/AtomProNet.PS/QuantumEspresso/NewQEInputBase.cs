using System.Collections;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.QuantumEspresso.Inputs;
using AtomProNet.Structures;

namespace AtomProNet.PS.QuantumEspresso;

/// <summary>What the cmdlets that write pw.x inputs have in common: pseudopotentials, cut-offs, occupations, namelists.</summary>
public abstract class NewQEInputBase : NewDftInputCommand
{
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
    [Numbers]
    public double? EcutWfc { get; set; }

    /// <summary>The cut-off of the charge density in Ry (ecutrho); default what the pseudopotentials suggest.</summary>
    [Parameter]
    [ValidateRange(4.0, 100000.0)]
    [Numbers]
    public double? EcutRho { get; set; }

    /// <summary>How the bands are occupied. Default Gaussian.</summary>
    [Parameter]
    public PwSmearing Smearing { get; set; } = PwSmearing.Gaussian;

    /// <summary>The width of the smearing in Ry (degauss). Default 0.02.</summary>
    [Parameter]
    [ValidateRange(0.00001, 1.0)]
    [Numbers]
    public double Degauss { get; set; } = 0.02;

    /// <summary>Computes with two spins even where no moment is given; -SpinPolarised:$false without, whatever the structure says.</summary>
    [Parameter]
    public SwitchParameter SpinPolarised { get; set; }

    /// <summary>Starting magnetic moments by element in μ_B, such as @{Fe=3; O=0}; the site property magmom goes before them.</summary>
    [Parameter]
    public IDictionary? MagneticMoment { get; set; }

    /// <summary>Entries of pw.x's namelists, such as @{mixing_beta=0.3; lda_plus_u=$true; 'Hubbard_U(1)'=4} or @{SYSTEM=@{vdw_corr='grimme-d3'}}; they go before everything else. $null takes an entry out.</summary>
    [Parameter]
    public IDictionary? Namelist { get; set; }

    /// <summary>What every structure of the pipeline is written with.</summary>
    private protected PwInputOptions Options { get; private set; } = null!;

    /// <summary>Checks one structure and writes its folder; an error is that structure's, and the rest goes on.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="options">What it is written with.</param>
    /// <param name="watchMeshes">Whether a mesh that changes within a series is told.</param>
    private protected void WriteInput(Structure structure, PwInputOptions options, bool watchMeshes = true) => WriteInput(
        structure,
        "Write pw.x input",
        name =>
        {
            PwInputPlan plan = PwInputPlan.Create(name, structure, options);
            return new(plan.Name, plan.Structure, plan.Mesh, plan.Findings, PwInputWriter.ThrowIfTaken, (folder, force) => PwInputWriter.Write(plan, folder, force));
        },
        watchMeshes);

    /// <summary>Adds what a single cmdlet has of its own.</summary>
    private protected virtual PwInputOptions Complete(PwInputOptions options) => options;

    private protected override void ReadOptions()
    {
        PwInputOptions options = new()
        {
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
            Overrides = [.. ReadNamelists()],
            JobScript = ReadJobScript(PwJobScript.Default),
        };
        Options = Complete(ReadKPoints() is { } rule ? options with { KPoints = rule } : options);
    }

    private UpfLibrary ReadLibrary()
    {
        string? folder = PseudopotentialPath ?? Environment.GetEnvironmentVariable("ESPRESSO_PSEUDO");
        return string.IsNullOrWhiteSpace(folder)
            ? throw new AtomProNetException(ErrorKind.InvalidArgument, "PseudopotentialFolderUnknown", "Nobody said where the pseudopotentials are.", remedy: "Give the folder of your UPF files with -PseudopotentialPath, or set ESPRESSO_PSEUDO.")
            : new(Resolved(folder));
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
