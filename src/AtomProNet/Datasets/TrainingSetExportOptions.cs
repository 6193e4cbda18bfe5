using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>What <see cref="TrainingSetExport"/> writes, and where.</summary>
public sealed record TrainingSetExportOptions
{
    /// <summary>The file, such as <c>set.extxyz</c>; the parts of a split get <c>_train</c>, <c>_validation</c>, <c>_test</c> before the extension.</summary>
    public required string Path { get; init; }

    /// <summary>The format; null: by the name.</summary>
    public TrainingSetFormat? Format { get; init; }

    /// <summary>Whose names the labels of extended XYZ get.</summary>
    public KeyStyle KeyStyle { get; init; } = KeyStyle.Mace;

    /// <summary>Which energy becomes the label; null: F, or what a frame has whose file did not tell the kind.</summary>
    public EnergyKind? EnergyKind { get; init; }

    /// <summary>How the set is split; null: not at all.</summary>
    public SplitRequest? Split { get; init; }

    /// <summary>A CSV file to write the distance of each validation and test frame to its nearest training frame into; null for none.</summary>
    public string? LeakReportPath { get; init; }

    /// <summary>Whether frames that are not converged are let in.</summary>
    public bool IncludeUnconverged { get; init; }

    /// <summary>Whether the set is checked (<see cref="TrainingSetCheck"/>) while it is written.</summary>
    public bool Check { get; init; } = true;

    /// <summary>Whether a set in which the check finds errors is written all the same.</summary>
    public bool IgnoreErrors { get; init; }

    /// <summary>Whether frames of different methods are written into one set. Nothing else lets them in, <see cref="IgnoreErrors"/> neither.</summary>
    public bool AllowMixedMethods { get; init; }

    /// <summary>Whether files of an earlier export are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The file or folder of a part; of the whole set for null.</summary>
    internal string PathOf(DatasetPart? part)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path));
        if (part is null)
        {
            return full;
        }

        // A folder has no extension, whatever dots are in its name.
        string extension = Format is TrainingSetFormat.DeepMD or TrainingSetFormat.DeepMDMixed ? "" : System.IO.Path.GetExtension(full);
        return $"{full[..^extension.Length]}_{part.Value.ToString().ToLowerInvariant()}{extension}";
    }
}
