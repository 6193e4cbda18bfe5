using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>What <see cref="TrainingSetExport"/> writes, and where.</summary>
public sealed record TrainingSetExportOptions
{
    /// <summary>The file, such as <c>set.extxyz</c>; the parts of a split get <c>_train</c>, <c>_validation</c>, <c>_test</c> before the extension.</summary>
    public required string Path { get; init; }

    /// <summary>Whose names the labels get.</summary>
    public KeyStyle KeyStyle { get; init; } = KeyStyle.Mace;

    /// <summary>Which energy becomes the label; null: F, or what a frame has whose file did not tell the kind.</summary>
    public EnergyKind? EnergyKind { get; init; }

    /// <summary>How the set is split; null: not at all.</summary>
    public SplitRequest? Split { get; init; }

    /// <summary>Whether frames that are not converged are let in.</summary>
    public bool IncludeUnconverged { get; init; }

    /// <summary>Whether files of an earlier export are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The files that will be made, one for each part in the order of <see cref="DatasetPart"/>; only those parts that were named count as certain.</summary>
    internal string PathOf(DatasetPart? part)
    {
        string full = System.IO.Path.GetFullPath(Path);
        return part is null ? full : System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(full)!,
            $"{System.IO.Path.GetFileNameWithoutExtension(full)}_{part.Value.ToString().ToLowerInvariant()}{System.IO.Path.GetExtension(full)}");
    }
}
