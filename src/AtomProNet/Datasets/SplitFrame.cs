using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Leaks;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>A frame with the part that a split put it into.</summary>
/// <param name="Part">The part.</param>
/// <param name="Frame">The frame.</param>
/// <param name="Group">The family that it belongs to, told or inferred.</param>
/// <param name="Split">How the set was split.</param>
/// <param name="Leak">How near it lies to what is trained on; null for training frames, and where that was not measured.</param>
public sealed record SplitFrame(DatasetPart Part, Frame Frame, string Group, SplitDescription Split, FrameLeak? Leak)
{
    /// <summary>The formula of the cell.</summary>
    public string Formula => Frame.Structure.Composition.Formula;

    /// <summary>The distance of its descriptor to that of the nearest training frame; null where that was not measured.</summary>
    public double? NearestDistance => Leak?.Distance;

    /// <summary>The nearest training frame; null where that was not measured.</summary>
    public FrameReference? Nearest => Leak?.Nearest;

    /// <summary>The file and step it was read from.</summary>
    public FrameSource? Source => Frame.Source;

    /// <inheritdoc/>
    public override string ToString() => $"{Part}: {Frame}";
}
