using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>A frame that a finding is about.</summary>
/// <param name="Index">Its number in the set, from 1.</param>
/// <param name="Part">The part that it stands in; null where there is one part only.</param>
/// <param name="Source">The file and step it comes from.</param>
/// <param name="Detail">What is wrong with this one: a value, a ratio; null where the message says all.</param>
public sealed record FrameReference(int Index, DatasetPart? Part, FrameSource? Source, string? Detail = null)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Part is null ? "" : Part + " ")}frame {Index}")
        + (Source is null ? "" : $" ({Source})") + (Detail is null ? "" : ": " + Detail);
}

/// <summary>Something that is wrong, or may be wrong, with a training set.</summary>
/// <param name="Severity">Whether the set can be used: an error stops an export.</param>
/// <param name="Code">A stable identifier in PascalCase.</param>
/// <param name="Message">One sentence: what was found.</param>
/// <param name="Advice">One sentence: what to do about it.</param>
/// <param name="FrameCount">How many frames it is about.</param>
/// <param name="Frames">The first of them.</param>
public sealed record TrainingSetFinding(FindingSeverity Severity, string Code, string Message, string Advice, int FrameCount, ImmutableArray<FrameReference> Frames)
{
    /// <summary>How many frames a finding lists at most.</summary>
    public const int ListedFrames = 20;

    /// <summary>Message, the first frame and advice in one line.</summary>
    public override string ToString() => $"{Message}{(Frames.IsDefaultOrEmpty ? "" : $" First: {Frames[0]}.")} {Advice}";

    /// <summary>The same as a finding of the whole house.</summary>
    public Finding ToFinding() => new(Severity, Code, Message, Frames.IsDefaultOrEmpty ? null : Frames[0].ToString(), Advice);
}
