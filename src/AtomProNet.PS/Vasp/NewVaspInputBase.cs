using System.Collections;
using System.Management.Automation;
using AtomProNet.PS.Calculations;
using AtomProNet.Structures;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.PS.Vasp;

/// <summary>What the cmdlets that write VASP inputs have in common: the method and the potentials.</summary>
public abstract class NewVaspInputBase : NewDftInputCommand
{
    /// <summary>The input set: INCAR keys, k-points and potentials. Default AtomProNet.</summary>
    [Parameter]
    public VaspPreset Preset { get; set; } = VaspPreset.AtomProNet;

    /// <summary>INCAR keys of one's own, as @{ENCUT=600} or as text, ENCUT=600; they go before everything else. $null takes a key out.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(IncarKeyCompleter))]
    public object[] Incar { get; set; } = [];

    /// <summary>An INCAR file that takes the place of the preset's keys; potentials and k-points stay the preset's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IncarFrom { get; set; }

    /// <summary>The folder of the user's potentials; default $PMG_VASP_PSP_DIR.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PotcarPath { get; set; }

    /// <summary>Names of potentials by element, such as @{Li='Li_sv'}; they go before the preset's.</summary>
    [Parameter]
    public IDictionary? Potential { get; set; }

    /// <summary>The version of the library of potentials, such as PBE_54; default the preset's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Functional { get; set; }

    /// <summary>Starting magnetic moments by element in μ_B, such as @{Fe=5; O=0}.</summary>
    [Parameter]
    public IDictionary? MagneticMoment { get; set; }

    /// <summary>What every structure of the pipeline is written with.</summary>
    private protected VaspInputOptions Options { get; private set; } = null!;

    /// <summary>Checks one structure and writes its folder; an error is that structure's, and the rest goes on.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="options">What it is written with.</param>
    /// <param name="watchMeshes">Whether a mesh that changes within a series is told.</param>
    private protected void WriteInput(Structure structure, VaspInputOptions options, bool watchMeshes = true) =>
        WriteInput(structure, "Write VASP input", name => Planned(VaspInputPlan.Create(name, structure, options)), watchMeshes);

    /// <summary>Adds what a single cmdlet has of its own.</summary>
    private protected virtual VaspInputOptions Complete(VaspInputOptions options) => options;

    private protected override void ReadOptions()
    {
        var found = new List<Finding>();
        Incar? fromFile = IncarFrom is null ? null : IncarReader.ReadFile(Resolved(IncarFrom), found);
        KeyValuePair<string, IncarValue?>[] own = [.. IncarEntries.Read(Incar ?? [], found)];
        found.ForEach(Tell);
        Options = Complete(new()
        {
            Set = VaspInputSets.Get(Preset),
            BaseIncar = fromFile,
            Overrides = [.. own],
            KPoints = ReadKPoints(),
            KPointsFrom = KPointsFrom,
            Library = ReadLibrary(),
            Potentials = Texts(Potential, nameof(Potential)),
            Functional = Functional,
            MagneticMoments = Numbers(MagneticMoment, nameof(MagneticMoment)),
            JobScript = ReadJobScript(VaspJobScript.Default),
        });
    }

    private static PlannedInput Planned(VaspInputPlan plan) =>
        new(plan.Name, plan.Structure, plan.EffectiveMesh, plan.Findings, VaspInputWriter.ThrowIfTaken, (folder, force) => VaspInputWriter.Write(plan, folder, force));

    private PotcarLibrary? ReadLibrary()
    {
        if (PotcarPath is not null)
        {
            return new PotcarLibrary(Resolved(PotcarPath));
        }

        string? folder = Environment.GetEnvironmentVariable("PMG_VASP_PSP_DIR");
        return string.IsNullOrWhiteSpace(folder) ? null : new PotcarLibrary(Resolved(folder));
    }
}
