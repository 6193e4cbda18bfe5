using System.Collections.Immutable;
using AtomProNet.Files;

namespace AtomProNet.Datasets.Training;

/// <summary>The files (or systems of DeePMD) of a split set, as full paths.</summary>
public sealed record TrainingParts
{
    /// <summary>What is trained on.</summary>
    public required ImmutableArray<string> Train { get; init; }

    /// <summary>What the model is chosen by.</summary>
    public required ImmutableArray<string> Validation { get; init; }

    /// <summary>What the errors are measured on; may be empty.</summary>
    public ImmutableArray<string> Test { get; init; } = [];

    /// <summary>The name of the set.</summary>
    public required string Name { get; init; }

    /// <summary>Each part with its files.</summary>
    internal IEnumerable<(DatasetPart Part, ImmutableArray<string> Files)> All => [(DatasetPart.Train, Train), (DatasetPart.Validation, Validation), (DatasetPart.Test, Test)];

    /// <summary>Finds the parts of a set by the name that it was exported under, or by the folder that holds it.</summary>
    /// <param name="path">The name given to Export-TrainingSet (set.extxyz), one of its parts, or a folder with a dataset.json.</param>
    /// <exception cref="AtomProNetException">There is no dataset.json, it describes no such set, or several, or the set is not split.</exception>
    public static TrainingParts Find(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        bool isFolder = Directory.Exists(full) && File.Exists(Path.Combine(full, DatasetManifest.FileName));
        string manifest = isFolder ? Path.Combine(full, DatasetManifest.FileName) : DatasetManifest.PathBeside(full);
        ImmutableArray<ManifestSet> sets = DatasetManifest.Sets(manifest);
        if (sets.IsEmpty)
        {
            throw new AtomProNetException(ErrorKind.NotFound, "DatasetManifestMissing", "There is no dataset.json that tells the parts of the set.", manifest, remedy: "Export the set with sizes (Export-TrainingSet -TrainFraction 0.8 -ValidationFraction 0.1), or name the files of the parts (-TrainingSet, -ValidationSet, -TestSet).");
        }

        ManifestSet[] found = isFolder ? [.. sets.Where(s => s.IsSplit)] : [.. sets.Where(s => PathNames.Comparer.Equals(s.Name, Path.GetFileName(full)) || s.Files.Any(f => PathNames.Comparer.Equals(f.Path, full)))];
        if (found.Length != 1)
        {
            string known = string.Join(", ", sets.Select(s => s.Name));
            throw new AtomProNetException(ErrorKind.InvalidArgument, found.Length == 0 ? "DatasetUnknown" : "DatasetAmbiguous", found.Length == 0 ? "dataset.json describes no split set of that name." : "dataset.json describes several sets.", full, remedy: $"Name the set as it was exported; there are: {known}.");
        }

        return Of(found[0].Name, found[0].Files.Select(f => (f.Path, f.Part)));
    }

    /// <summary>Puts files together by their parts.</summary>
    /// <exception cref="AtomProNetException">The training or the validation part is missing.</exception>
    public static TrainingParts Of(string name, IEnumerable<(string Path, DatasetPart? Part)> files)
    {
        (string Path, DatasetPart? Part)[] all = [.. files];
        var parts = new TrainingParts { Name = name, Train = Files(DatasetPart.Train), Validation = Files(DatasetPart.Validation), Test = Files(DatasetPart.Test) };
        if (parts.Train.IsEmpty || parts.Validation.IsEmpty)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "TrainingSetNotSplit", $"The set '{name}' has no {(parts.Train.IsEmpty ? "training" : "validation")} part: frameworks would then take frames at random for it, neighbours of what they train on.", remedy: "Export it with sizes: Export-TrainingSet -TrainFraction 0.8 -ValidationFraction 0.1 (the rest is the test part).");
        }

        return parts;

        ImmutableArray<string> Files(DatasetPart part) => [.. all.Where(f => f.Part == part).Select(f => f.Path)];
    }
}
