using System.Collections.Immutable;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>A file of a training set (or a folder: a system of DeePMD) as it was written.</summary>
public sealed record TrainingSetFile
{
    /// <summary>The file or folder, as a full path.</summary>
    public required string Path { get; init; }

    /// <summary>Which part of the set it holds; null where the set was not split.</summary>
    public required DatasetPart? Part { get; init; }

    /// <summary>The format.</summary>
    public required TrainingSetFormat Format { get; init; }

    /// <summary>The formula of its frames; null where there are several.</summary>
    public required string? Formula { get; init; }

    /// <summary>The number of frames.</summary>
    public required int FrameCount { get; init; }

    /// <summary>The number of atoms in all frames.</summary>
    public required long AtomCount { get; init; }

    /// <summary>The number of groups that the frames of its part belong to.</summary>
    public required int GroupCount { get; init; }

    /// <summary>Whose names the labels have; null for formats with names of their own.</summary>
    public required KeyStyle? KeyStyle { get; init; }

    /// <summary>Which energy is the label; null where frames differ in that.</summary>
    public required EnergyKind? EnergyKind { get; init; }

    /// <summary>The size in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256, lower-case hex; of a folder: over the lines <c>hash  name</c> of its files in ordinal order.</summary>
    public required string Hash { get; init; }

    /// <summary>The files of a folder, relative to it; empty for a file.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The dataset.json beside it, as a full path.</summary>
    public required string ManifestPath { get; init; }

    /// <summary>Path and number of frames.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path}: {FrameCount} frames");
}
