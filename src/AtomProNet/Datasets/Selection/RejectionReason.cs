using AtomProNet.Datasets.Checks;

namespace AtomProNet.Datasets.Selection;

/// <summary>Why a frame is left out of a selection.</summary>
public enum RejectionReason
{
    /// <summary>Its electronic loop did not converge, or its output does not prove it.</summary>
    Unconverged,
    /// <summary>Its formula is not among those that are wanted.</summary>
    Composition,
    /// <summary>Its config type is not among those that are wanted.</summary>
    ConfigType,
    /// <summary>It stands between those steps of its trajectory that are wanted.</summary>
    Every,
    /// <summary>A force on it is too large.</summary>
    MaximumForce,
    /// <summary>It has no forces that could be held against the limit.</summary>
    ForcesMissing,
    /// <summary>A component of its stress is too large.</summary>
    MaximumStress,
    /// <summary>It has no stress that could be held against the limit.</summary>
    StressMissing,
    /// <summary>Two atoms lie too close.</summary>
    MinimumDistance,
    /// <summary>The script block did not let it through.</summary>
    FilterScript,
    /// <summary>Its energy lies too far above the least one of its composition.</summary>
    EnergyAboveMinimum,
    /// <summary>It has no energy that could be held against the limit.</summary>
    EnergyMissing,
    /// <summary>It was not among the most diverse ones.</summary>
    Farthest,
}

/// <summary>Why one frame is left out.</summary>
/// <param name="Reason">The criterion that it did not meet; the first one, where there are several.</param>
/// <param name="Detail">The value that was too large, or what else there is to say; null where the reason says all.</param>
public readonly record struct Rejection(RejectionReason Reason, string? Detail = null);

/// <summary>How many frames were left out for one reason.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Count">How many frames.</param>
/// <param name="First">The first of them, with the value.</param>
public sealed record RejectionCount(RejectionReason Reason, int Count, FrameReference First)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Count} {Reason}");
}
