using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.PS.Vasp;

/// <summary>What the cmdlets that write VASP inputs have in common: the method, the potentials, the job script and the folders.</summary>
public abstract class NewVaspInputBase : PSCmdlet
{
    private readonly Dictionary<string, int> told = new(StringComparer.Ordinal);
    private readonly MeshWatch meshes = new();
    private FolderTemplate folders = null!;
    private ThrottledProgress progress = null!;
    private long done;
    private string destination = "";

    /// <summary>The structure to compute; a frame gives its structure.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The folder in which one folder a structure is made; default the current location.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>The name of each folder: a text with {name}, {formula}, {root} or {index}; a slash makes folders inside folders. Default {name}.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string FolderName { get; set; } = FolderTemplate.Default;

    /// <summary>The input set: INCAR keys, k-points and potentials. Default AtomProNet.</summary>
    [Parameter]
    public VaspPreset Preset { get; set; } = VaspPreset.AtomProNet;

    /// <summary>INCAR keys of one's own, such as @{ENCUT=600}; they go before everything else. $null takes a key out.</summary>
    [Parameter]
    public IDictionary? Incar { get; set; }

    /// <summary>An INCAR file that takes the place of the preset's keys; potentials and k-points stay the preset's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IncarFrom { get; set; }

    /// <summary>The divisions of the k mesh along the reciprocal vectors, Γ-centred.</summary>
    [Parameter]
    [ValidateCount(3, 3)]
    [ValidateRange(1, 1000)]
    public int[]? KPointMesh { get; set; }

    /// <summary>Makes the mesh of -KPointMesh a Monkhorst-Pack mesh.</summary>
    [Parameter]
    public SwitchParameter MonkhorstPack { get; set; }

    /// <summary>k-points in a reciprocal volume of 1/Å³ (with the factor 2π): pymatgen's reciprocal density.</summary>
    [Parameter]
    public double? KPointDensity { get; set; }

    /// <summary>The largest distance between k-points in 1/Å, with the factor 2π: the rule of VASP's KSPACING, written as a KPOINTS file.</summary>
    [Parameter]
    public double? KPointSpacing { get; set; }

    /// <summary>The cell that the mesh is measured on: each structure's own (default), or the one that its series started from.</summary>
    [Parameter]
    public KPointSource KPointsFrom { get; set; } = KPointSource.Structure;

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

    /// <summary>A template of one's own for the job script, with placeholders such as {{COMMAND}}.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobScript { get; set; }

    /// <summary>Writes no job script.</summary>
    [Parameter]
    public SwitchParameter NoJobScript { get; set; }

    /// <summary>The number of MPI tasks in the job script. Default 16.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Tasks { get; set; } = 16;

    /// <summary>The walltime in the job script, as 24:00:00 or 2-00:00:00. Default 24:00:00.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string WallTime { get; set; } = "24:00:00";

    /// <summary>The partition in the job script; default the cluster's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>The account in the job script; default the user's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>Modules that the job script loads.</summary>
    [Parameter]
    public string[] Module { get; set; } = [];

    /// <summary>What starts VASP in the job script, word by word. Default srun.</summary>
    [Parameter]
    public string[] Launcher { get; set; } = ["srun"];

    /// <summary>The program that the job script starts; default vasp_std, vasp_gam or vasp_ncl, whichever the input needs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Executable { get; set; }

    /// <summary>Replaces folders that are there already. A folder with results of a run is never replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>What every structure of the pipeline is written with.</summary>
    private protected VaspInputOptions Options { get; private set; } = null!;

    protected override void BeginProcessing()
    {
        try
        {
            progress = new ThrottledProgress(this, "Writing VASP inputs");
            destination = Resolved(Destination);
            folders = new FolderTemplate(FolderName);
            Options = ReadOptions();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    protected override void EndProcessing()
    {
        progress.Complete();
        foreach ((string code, int times) in told)
        {
            if (times > 1)
            {
                WriteWarning(string.Create(CultureInfo.InvariantCulture, $"{code}: the same holds for {times - 1} further inputs; the property Findings of each tells."));
            }
        }
    }

    /// <summary>Checks one structure and writes its folder; an error is that structure's, and the rest goes on.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="options">What it is written with.</param>
    /// <param name="watchMeshes">Whether a mesh that changes within a series is told.</param>
    private protected void WriteInput(Structure structure, VaspInputOptions options, bool watchMeshes = true)
    {
        try
        {
            string relative = folders.Next(structure);
            progress.Report(relative, done++);
            string folder = Path.Combine(destination, relative);
            VaspInputPlan plan = VaspInputPlan.Create(Path.GetFileName(relative), structure, options);
            VaspInputWriter.ThrowIfTaken(folder, Force);
            foreach (Finding finding in plan.Findings)
            {
                Tell(finding);
            }

            if (watchMeshes && meshes.Next(plan) is { } jump)
            {
                Tell(jump);
            }

            if (ShouldProcess(folder, "Write VASP input"))
            {
                WriteObject(VaspInputWriter.Write(plan, folder, Force));
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, structure));
        }
    }

    /// <summary>Adds what a single cmdlet has of its own.</summary>
    private protected virtual VaspInputOptions Complete(VaspInputOptions options) => options;

    /// <summary>A table of numbers by element.</summary>
    private protected static ImmutableDictionary<string, double> Numbers(IDictionary? table, string parameter) =>
        Entries(table, parameter).ToImmutableDictionary(p => p.Key, p =>
        {
            try
            {
                return Convert.ToDouble(p.Value, CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is FormatException or InvalidCastException)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "TableValueInvalid", $"The value of {p.Key} in -{parameter} is no number.", value: p.Value?.ToString(), inner: e);
            }
        });

    private void Tell(Finding finding)
    {
        if (finding.Severity == FindingSeverity.Information)
        {
            WriteVerbose(finding.ToString());
            return;
        }

        // Two thousand strained copies share their warnings: each is said once, and counted.
        int times = told.GetValueOrDefault(finding.Code);
        told[finding.Code] = times + 1;
        if (times == 0)
        {
            WriteWarning(finding.ToString());
        }
    }

    private VaspInputOptions ReadOptions()
    {
        var found = new List<Finding>();
        Incar? fromFile = IncarFrom is null ? null : IncarReader.ReadFile(Resolved(IncarFrom), found);
        found.ForEach(Tell);
        return Complete(new()
        {
            Set = VaspInputSets.Get(Preset),
            BaseIncar = fromFile,
            Overrides = [.. ReadIncar()],
            KPoints = ReadKPoints(),
            KPointsFrom = KPointsFrom,
            Library = ReadLibrary(),
            Potentials = Entries(Potential, nameof(Potential)).ToImmutableDictionary(p => p.Key, p => Convert.ToString(p.Value, CultureInfo.InvariantCulture) ?? ""),
            Functional = Functional,
            MagneticMoments = Numbers(MagneticMoment, nameof(MagneticMoment)),
            JobScript = NoJobScript ? null : ReadJobScript(),
        });
    }

    private IEnumerable<KeyValuePair<string, IncarValue?>> ReadIncar()
    {
        IEnumerable<DictionaryEntry> entries = Incar?.Cast<DictionaryEntry>() ?? [];
        // A plain table has no order of its own; the file shall not depend on chance.
        if (Incar is not System.Collections.Specialized.IOrderedDictionary)
        {
            entries = entries.OrderBy(e => e.Key.ToString(), StringComparer.OrdinalIgnoreCase);
        }

        foreach (DictionaryEntry entry in entries)
        {
            object? value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            yield return new(entry.Key.ToString()!, value is null ? null : IncarValue.From(value is object?[] list ? list.Select(v => v is PSObject w ? w.BaseObject : v).ToArray() : value));
        }
    }

    private KPointRule? ReadKPoints()
    {
        int given = (KPointMesh is null ? 0 : 1) + (KPointDensity is null ? 0 : 1) + (KPointSpacing is null ? 0 : 1);
        if (given > 1)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "KPointsTwice", "-KPointMesh, -KPointDensity and -KPointSpacing each make the k-points.", remedy: "Give one of them.");
        }

        if (MonkhorstPack && KPointMesh is null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "MonkhorstPackWithoutMesh", "-MonkhorstPack belongs to -KPointMesh.", remedy: "Add -KPointMesh, or leave -MonkhorstPack out.");
        }

        return KPointMesh is not null ? new KPointRule.Mesh([.. KPointMesh], !MonkhorstPack)
            : KPointDensity is { } density ? new KPointRule.ReciprocalDensity(density)
            : KPointSpacing is { } spacing ? new KPointRule.Spacing(spacing)
            : null;
    }

    private PotcarLibrary? ReadLibrary()
    {
        if (PotcarPath is not null)
        {
            return new PotcarLibrary(Resolved(PotcarPath));
        }

        string? folder = Environment.GetEnvironmentVariable("PMG_VASP_PSP_DIR");
        return string.IsNullOrWhiteSpace(folder) ? null : new PotcarLibrary(Resolved(folder));
    }

    private JobScript ReadJobScript()
    {
        var script = new JobScript
        {
            Tasks = Tasks,
            WallTime = WallTime,
            Partition = Partition,
            Account = Account,
            Modules = [.. Module],
            Launcher = [.. Launcher.Where(word => word.Length > 0)],
            Executable = Executable,
        };
        return JobScript is null ? script : script with { Template = File.ReadAllText(Resolved(JobScript)) };
    }

    private string Resolved(string path) => new InputPaths(this).Output(path) ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "PathNotUsable", $"'{path}' is no path of the file system.", value: path);

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary? table, string parameter)
    {
        foreach (DictionaryEntry entry in table ?? new Hashtable())
        {
            string symbol = entry.Key.ToString() ?? "";
            if (!Element.TryFromSymbol(symbol, out _))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "TableKeyNotElement", $"The keys of -{parameter} are symbols of elements.", value: symbol, remedy: "Write them as in the periodic table, such as Al.");
            }

            yield return new(symbol, entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value);
        }
    }
}
