using System.Globalization;
using AtomProNet.Datasets.Checks;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Duplicates;

/// <summary>How far a frame is a copy of another.</summary>
public enum DuplicateKind
{
    /// <summary>The same geometry up to wrapping, translation and the order of atoms, with the same labels.</summary>
    Exact,
    /// <summary>The same geometry with different labels: another magnetic state, SCF minimum or method. An error.</summary>
    Conflict,
    /// <summary>A geometry so near (also one that was turned, or put into another cell) that it teaches nothing new.</summary>
    Near,
}

/// <summary>A frame that is a copy of an earlier one.</summary>
/// <param name="Kind">How far.</param>
/// <param name="Frame">The frame.</param>
/// <param name="Original">The earlier frame.</param>
/// <param name="Distance">The distance of their descriptors (<see cref="Descriptors.FrameDescriptor.Distance"/>).</param>
/// <param name="EnergyDifference">The difference of their energies per atom, eV; null where one has none.</param>
/// <param name="MaximumForceDifference">The largest difference of the forces on an atom, eV/Å; null where one has none, and for near copies, whose atoms are not matched.</param>
/// <param name="IsAcrossParts">Whether they stand in different parts of the set.</param>
public sealed record DuplicateFrame(
    DuplicateKind Kind,
    FrameReference Frame,
    FrameReference Original,
    double Distance,
    double? EnergyDifference,
    double? MaximumForceDifference,
    bool IsAcrossParts)
{
    /// <summary>Conflicts, and copies in two parts of a set, are errors; the others count twice in training.</summary>
    public FindingSeverity Severity => Kind == DuplicateKind.Conflict || (IsAcrossParts && Kind == DuplicateKind.Exact) ? FindingSeverity.Error : FindingSeverity.Warning;

    /// <summary>The largest difference of a component of their stresses, GPa; null where one has none, and for near copies, which may be turned.</summary>
    public double? MaximumStressDifference { get; init; }

    /// <summary>The formula of the cell.</summary>
    public string Formula { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Frame} is {(Kind == DuplicateKind.Near ? "near to" : Kind == DuplicateKind.Exact ? "a copy of" : "in conflict with")} {Original}");
}
