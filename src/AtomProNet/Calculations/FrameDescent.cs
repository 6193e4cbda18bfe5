using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// Where the frames of an output file come from: the folder's provenance.json where it fits them, else the file itself, with a
/// group that is marked as inferred (one file is one trajectory).
/// </summary>
public sealed class FrameDescent
{
    // Of the first geometry; null where nothing moves, so that no step is derived from it.
    private readonly string? firstHash;

    private FrameDescent(Provenance root, Structure first, bool isStatic, string? structureName, string? configType)
    {
        Root = root;
        firstHash = isStatic ? null : first.ContentHash;
        StructureName = structureName;
        ConfigType = configType;
    }

    /// <summary>The descent of the first geometry.</summary>
    public Provenance Root { get; }

    /// <summary>The name of the structure; null where nobody gave it one.</summary>
    public string? StructureName { get; }

    /// <summary>The label for training sets, such as <c>IsolatedAtom</c>; null for none.</summary>
    public string? ConfigType { get; }

    /// <summary>Looks for the descent of a file's frames.</summary>
    /// <param name="file">The output file, as a full path; its folder may hold a provenance.json.</param>
    /// <param name="first">The first geometry of the file.</param>
    /// <param name="isStatic">Whether the calculation does not move the atoms, so that its geometry is the one that was asked for.</param>
    /// <param name="report">Told where a provenance.json does not fit or cannot be read.</param>
    /// <param name="readInput">Reads the geometry that the folder holds as input (VASP's POSCAR); it gives null where there is none.</param>
    public static FrameDescent Of(string file, Structure first, bool isStatic, Action<Finding> report, Func<Structure?>? readInput = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(report);
        if (Record(file, report) is { Provenance: { } known } record)
        {
            string? objection = record.Formula is { } formula && formula != first.Composition.Formula ? $"is about {formula}, but the calculation is one of {first.Composition.Formula}"
                : IsOfAnotherInput(record, first, readInput) ? "is about the input beside it, but the calculation started from another geometry"
                : null;
            if (objection is null)
            {
                return new(known, first, isStatic, record.StructureName, record.ConfigType);
            }

            report(new(FindingSeverity.Warning, "ProvenanceDoesNotFit", $"{CalculationRecord.FileName} {objection}: its descent is not used.", file, "Put each calculation into a folder of its own."));
        }

        string id = file.Replace('\\', '/');
        Provenance root = Provenance.Root("File", id, [new("file", id)]).WithGroup(id, inferred: true);
        return new(root, first, isStatic, structureName: null, configType: null);
    }

    /// <summary>The descent of one ionic step: it stays in the group of the first geometry.</summary>
    /// <param name="step">The ionic step, counted from 1.</param>
    public Provenance Step(int step) => firstHash is null
        ? Root
        : Root.Derive("IonicStep", firstHash, [new("step", step.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>
    /// Whether the folder still holds the very input that the record is about, and the calculation did not start from it. After a
    /// restart the input is another one (its last geometry), which proves nothing.
    /// </summary>
    private static bool IsOfAnotherInput(CalculationRecord record, Structure first, Func<Structure?>? readInput)
    {
        if (readInput?.Invoke() is not { Lattice: { } lattice } input || input.AtomCount != first.AtomCount || first.Lattice is null)
        {
            return false;
        }

        Structure asked = input;
        if (record.SiteOrder is { IsIdentity: false } order)
        {
            if (order.Sites.Length != input.AtomCount || order.LatticeVectors is not [0, 1, 2])
            {
                return false;
            }

            var back = new int[input.AtomCount];
            for (int i = 0; i < back.Length; i++)
            {
                back[order.Sites[i]] = i;
            }

            asked = input.SelectSites(back);
        }

        if (asked.ContentHash != record.ContentHash)
        {
            return false;
        }

        // Outputs print no less than eight decimals of the cell and five of positions.
        var images = new MinimumImage(lattice, Periodicity.Full);
        for (int i = 0; i < 3; i++)
        {
            if ((lattice.Rows[i] - first.Lattice.Rows[i]).Length > 1e-6)
            {
                return true;
            }
        }

        for (int i = 0; i < first.AtomCount; i++)
        {
            if (images.Distance(input.CartesianPositions[i], first.CartesianPositions[i]) > 1e-4)
            {
                return true;
            }
        }

        return !input.Species.SequenceEqual(first.Species);
    }

    private static CalculationRecord? Record(string file, Action<Finding> report)
    {
        try
        {
            return Path.GetDirectoryName(file) is { Length: > 0 } folder ? CalculationRecord.FromFolder(folder) : null;
        }
        catch (Exception e) when (e is AtomProNetException or IOException or UnauthorizedAccessException)
        {
            report(new(FindingSeverity.Warning, "ProvenanceUnreadable", $"{CalculationRecord.FileName} cannot be read, and its descent is not used: {e.Message}", file));
            return null;
        }
    }
}
