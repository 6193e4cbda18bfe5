using AtomProNet.Structures;

namespace AtomProNet.Datasets.Selection;

/// <summary>Which frames of a set are wanted. What is null is not asked for.</summary>
public sealed record FrameCriteria
{
    /// <summary>Leaves out frames that are not converged, or whose output does not prove it. Frames from a source that has no say in it stay.</summary>
    public bool Converged { get; init; }

    /// <summary>Whether a structure's composition is wanted.</summary>
    public Func<Composition, bool>? Composition { get; init; }

    /// <summary>Whether a config type is wanted; "" for frames without.</summary>
    public Func<string, bool>? ConfigType { get; init; }

    /// <summary>Keeps the first and every n-th further frame of each trajectory (the frames of one file and one formula, in the order in which they come).</summary>
    public int? Every { get; init; }

    /// <summary>The length that no force may exceed, eV/Å. A single atom without forces passes.</summary>
    public double? MaximumForce { get; init; }

    /// <summary>What no component of the stress may exceed, of either sign, GPa. A single atom without stress passes.</summary>
    public double? MaximumStress { get; init; }

    /// <summary>How close two atoms (images included) may come, Å.</summary>
    public double? MinimumDistance { get; init; }

    /// <summary>How far above the least energy of the set a frame may lie, eV per atom; see <see cref="EnergyFloor"/>.</summary>
    public double? EnergyAboveMinimum { get; init; }

    /// <summary>How many frames that lie as far apart as can be are picked.</summary>
    public int? Farthest { get; init; }

    /// <summary>Which energy is the label; null: the free energy, or what a frame has.</summary>
    public EnergyKind? EnergyKind { get; init; }

    /// <summary>Whether all frames must have been seen before the first can be given out.</summary>
    public bool NeedsWholeSet => EnergyAboveMinimum is not null || Farthest is not null;

    /// <summary>Whether anything is asked for.</summary>
    public bool IsEmpty => !Converged && Composition is null && ConfigType is null && Every is null && MaximumForce is null && MaximumStress is null && MinimumDistance is null && !NeedsWholeSet;
}
