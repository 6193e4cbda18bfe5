using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.PS.Calculations;

/// <summary>
/// What the cmdlets that write inputs of DFT codes have in common: the folders, the k-points, the job script, and warnings that are
/// said once however many structures come.
/// </summary>
public abstract class NewDftInputCommand : JobScriptCommand
{
    private readonly Dictionary<string, int> told = new(StringComparer.Ordinal);
    private readonly MeshWatch meshes = new();
    private FolderTemplate folders = null!;
    private ThrottledProgress progress = null!;
    private long done;

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

    /// <summary>The divisions of the k mesh along the reciprocal vectors, Γ-centred.</summary>
    [Parameter]
    [ValidateCount(3, 3)]
    [ValidateRange(1, 1000)]
    [Numbers(AreTriple = true)]
    public int[]? KPointMesh { get; set; }

    /// <summary>Makes the mesh of -KPointMesh a Monkhorst-Pack mesh.</summary>
    [Parameter]
    public SwitchParameter MonkhorstPack { get; set; }

    /// <summary>k-points in a reciprocal volume of 1/Å³ (with the factor 2π): pymatgen's reciprocal density.</summary>
    [Parameter]
    [Numbers]
    public double? KPointDensity { get; set; }

    /// <summary>The largest distance between k-points in 1/Å, with the factor 2π: the rule of VASP's KSPACING, written as a mesh.</summary>
    [Parameter]
    [Numbers]
    public double? KPointSpacing { get; set; }

    /// <summary>The cell that the mesh is measured on: each structure's own (default), or the one that its series started from.</summary>
    [Parameter]
    public KPointSource KPointsFrom { get; set; } = KPointSource.Structure;

    /// <summary>Writes no job script.</summary>
    [Parameter]
    public SwitchParameter NoJobScript { get; set; }

    /// <summary>The number of MPI tasks in the job script. Default 16.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int Tasks { get; set; } = 16;

    /// <summary>Where the folders are made, as a full path.</summary>
    private protected string DestinationPath { get; private set; } = "";

    protected override void BeginProcessing()
    {
        try
        {
            progress = new ThrottledProgress(this, MyInvocation.MyCommand.Name);
            DestinationPath = Resolved(Destination);
            folders = new FolderTemplate(FolderName);
            ReadOptions();
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

    /// <summary>Reads the parameters that are the same for all structures; what it throws ends the cmdlet.</summary>
    private protected abstract void ReadOptions();

    /// <summary>Checks one structure and writes its folder; an error is that structure's, and the rest goes on.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="action">What is done, for -WhatIf: <c>Write VASP input</c>.</param>
    /// <param name="plan">Works the input out under the name of its folder.</param>
    /// <param name="watchMeshes">Whether a mesh that changes within a series is told.</param>
    private protected void WriteInput(Structure structure, string action, Func<string, PlannedInput> plan, bool watchMeshes = true)
    {
        try
        {
            string relative = folders.Next(structure);
            progress.Report(relative, done++);
            string folder = Path.Combine(DestinationPath, relative);
            PlannedInput planned = plan(Path.GetFileName(relative));
            planned.ThrowIfTaken(folder, Force);
            foreach (Finding finding in planned.Findings)
            {
                Tell(finding);
            }

            if (watchMeshes && meshes.Next(planned.Structure, planned.Mesh, planned.Name) is { } jump)
            {
                Tell(jump);
            }

            if (ShouldProcess(folder, action))
            {
                WriteObject(planned.Write(folder, Force));
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, structure));
        }
    }

    /// <summary>Says a finding: information to those who ask for it, the rest once and counted.</summary>
    private protected void Tell(Finding finding)
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

    /// <summary>The rule that the k-point parameters ask for; null where there is none.</summary>
    private protected KPointRule? ReadKPoints()
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

    /// <summary>The job script that the parameters ask for; null for none.</summary>
    /// <param name="builtIn">The code's own, whose template is taken unless the user has one.</param>
    private protected JobScript? ReadJobScript(JobScript builtIn) => NoJobScript ? null : ReadJobScript(builtIn, Tasks);

    /// <summary>The entries of a table whose keys are symbols of elements.</summary>
    private protected static IEnumerable<KeyValuePair<string, object?>> ElementEntries(IDictionary? table, string parameter)
    {
        foreach (DictionaryEntry entry in table ?? new Hashtable())
        {
            string symbol = entry.Key.ToString() ?? "";
            if (!Element.TryFromSymbol(symbol, out _))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "TableKeyNotElement", $"The keys of -{parameter} are symbols of elements.", value: symbol, remedy: "Write them as in the periodic table, such as Al.");
            }

            yield return new(symbol, ElementTable.Unwrapped(entry.Value));
        }
    }

    /// <summary>A table of numbers by element.</summary>
    private protected static ImmutableDictionary<string, double> Numbers(IDictionary? table, string parameter) =>
        ElementEntries(table, parameter).ToImmutableDictionary(p => p.Key, p => GivenNumber.Of(p.Value)
            ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "TableValueInvalid", $"The value of {p.Key} in -{parameter} is no number.", value: GivenNumber.Shown(p.Value), remedy: FormattableString.Invariant($"Give it with a decimal point: -{parameter} @{{{p.Key}=0.6}}.")));

    /// <summary>A table of texts by element.</summary>
    private protected static ImmutableDictionary<string, string> Texts(IDictionary? table, string parameter) =>
        ElementEntries(table, parameter).ToImmutableDictionary(p => p.Key, p => Convert.ToString(p.Value, CultureInfo.InvariantCulture) ?? "");

    /// <summary>The entries of a table in an order that does not depend on chance, which a plain table's own does.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> Ordered(IDictionary? table)
    {
        IEnumerable<DictionaryEntry> entries = table?.Cast<DictionaryEntry>() ?? [];
        if (table is not System.Collections.Specialized.IOrderedDictionary)
        {
            entries = entries.OrderBy(e => e.Key.ToString(), StringComparer.OrdinalIgnoreCase);
        }

        return entries.Select(e => new KeyValuePair<string, object?>(e.Key.ToString()!, ElementTable.Unwrapped(e.Value)));
    }
}

/// <summary>An input that has been worked out and checked, and not been written.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Structure">The structure as it will be written.</param>
/// <param name="Mesh">The k mesh that the code will use.</param>
/// <param name="Findings">What was noticed.</param>
/// <param name="ThrowIfTaken">Throws where the folder could not be written; the folder and -Force.</param>
/// <param name="Write">Writes the folder.</param>
internal sealed record PlannedInput(string Name, Structure Structure, KPointMesh Mesh, ImmutableArray<Finding> Findings, Action<string, bool> ThrowIfTaken, Func<string, bool, DftInput> Write);
