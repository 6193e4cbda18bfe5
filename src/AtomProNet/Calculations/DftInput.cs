using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// A folder that is ready to be run: what a code's input room hands to whoever submits it, and all that the latter needs to
/// know of the code. Immutable.
/// </summary>
public sealed record DftInput
{
    /// <summary>The code that the folder is for, as in <see cref="DftMethod.Code"/>: <c>VASP</c>, <c>pw.x</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The name of the calculation: the name of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>The folder, as a full path.</summary>
    public required string FolderPath { get; init; }

    /// <summary>The names of the files in the folder that belong to the calculation, relative to it, in ordinal order.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>The structure as it was written: sites in the order of the file.</summary>
    public required Structure Structure { get; init; }

    /// <summary>Where the structure comes from; also in the folder's provenance.json.</summary>
    public Provenance? Provenance => Structure.Provenance;

    /// <summary>The name of the job script in the folder; null where none was asked for.</summary>
    public string? JobScript { get; init; }

    /// <summary>How the sites were rearranged on writing.</summary>
    public SiteOrder? SiteOrder { get; init; }

    /// <summary>The method: preset, settings, k-points and potentials.</summary>
    public required MethodSummary Method { get; init; }

    /// <summary>The number of atoms.</summary>
    public int AtomCount => Structure.AtomCount;

    /// <summary>The divisions of the k mesh; null where the code makes them from a spacing.</summary>
    public ImmutableArray<int>? KPointMesh => Method.KPoints.Divisions;

    /// <summary>The settings as the input file holds them, by key: VASP's INCAR tags, pw.x's namelist entries.</summary>
    public ImmutableSortedDictionary<string, string> Settings => Method.Settings;

    /// <summary>What was noticed while the input was made; the same that went to the user as warnings.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Code, name and formula in one line.</summary>
    public override string ToString() => $"{Code} {Structure.Composition.Formula}: {FolderPath}";
}
