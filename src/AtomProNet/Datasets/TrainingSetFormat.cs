using System.Collections.Immutable;
using AtomProNet.Files;
using AtomProNet.Formats;
using AtomProNet.Formats.DeepMD;
using AtomProNet.Formats.EnergyTable;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Formats.Npz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>The formats of training sets.</summary>
public enum TrainingSetFormat
{
    /// <summary>Extended XYZ: everything, any mix of compositions.</summary>
    ExtendedXyz,
    /// <summary>AtomProNet's .npz: crystals, one composition a file.</summary>
    Npz,
    /// <summary>sGDML's .npz as NequIP reads it: one composition a file.</summary>
    SgdmlNpz,
    /// <summary>DeePMD-kit's npy folders, one formula a system.</summary>
    DeepMD,
    /// <summary>DeePMD-kit's mixed layout, one number of atoms a system.</summary>
    DeepMDMixed,
    /// <summary>A table of energies; it holds no atoms and can only be written.</summary>
    Csv,
}

/// <summary>Finds the format of a name, and opens readers and writers.</summary>
public static class TrainingSetFormats
{
    /// <summary>The format that a name tells; null where it tells none.</summary>
    public static TrainingSetFormat? FromName(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".extxyz" or ".xyz" => TrainingSetFormat.ExtendedXyz,
        ".npz" => TrainingSetFormat.Npz,
        ".csv" => TrainingSetFormat.Csv,
        _ => null,
    };

    /// <summary>The format to write in: what was asked for, else what the name tells.</summary>
    /// <exception cref="AtomProNetException">Neither tells.</exception>
    public static TrainingSetFormat ForWriting(string path, TrainingSetFormat? asked) => asked ?? FromName(path) ?? throw new AtomProNetException(
        ErrorKind.InvalidArgument,
        "TrainingSetFormatUnknown",
        "The name does not tell the format.",
        file: path,
        remedy: "End it in .extxyz, .xyz, .npz or .csv, or name the format (-Format DeepMD).");

    /// <summary>Whether a file or folder, by its name and contents, is a training set that can be read.</summary>
    public static bool CanRead(string path) => Directory.Exists(path)
        ? File.Exists(Path.Combine(path, "type.raw"))
        : FromName(path) is TrainingSetFormat.ExtendedXyz or TrainingSetFormat.Npz;

    /// <summary>The training sets in a folder and its folders, in ordinal order: files by their names, systems of DeePMD.</summary>
    public static IEnumerable<string> FindIn(string folder)
    {
        if (CanRead(folder))
        {
            return [folder];
        }

        IEnumerable<string> files = Directory.EnumerateFiles(folder).Where(f => !Path.GetFileName(f).StartsWith('.') && CanRead(f));
        IEnumerable<string> folders = Directory.EnumerateDirectories(folder).Where(f => !Path.GetFileName(f).StartsWith('.') && new DirectoryInfo(f).LinkTarget is null);
        return files.Concat(folders).Order(StringComparer.Ordinal).SelectMany(p => Directory.Exists(p) ? FindIn(p) : [p]);
    }

    /// <summary>Holds a file (or a system of DeePMD) against the dataset.json beside or above it: a warning where it was changed since its export, else null.</summary>
    public static Finding? CheckUnchanged(string path) => DatasetManifest.Check(path);

    /// <summary>Reads the frames of a file (extended XYZ, npz) or folder (systems of DeePMD) as they are asked for.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="format">The format; null: by name and contents.</param>
    /// <param name="keyStyle">Whose names hold the labels of extended XYZ; null: all known names.</param>
    /// <param name="typeMap">The elements of DeePMD's types, where a system does not tell.</param>
    /// <param name="cancellationToken">Stops between two frames.</param>
    /// <param name="predicted">Whether a model's labels are wanted, where extended XYZ holds them beside the reference's.</param>
    /// <exception cref="AtomProNetException">The format is not known, cannot be read, or the file is damaged.</exception>
    public static IEnumerable<Frame> Read(string path, TrainingSetFormat? format = null, KeyStyle? keyStyle = null, ImmutableArray<Element>? typeMap = null, CancellationToken cancellationToken = default, bool predicted = false)
    {
        format ??= Directory.Exists(path) ? TrainingSetFormat.DeepMD : FromName(path);
        return format switch
        {
            TrainingSetFormat.ExtendedXyz => ReadXyz(),
            TrainingSetFormat.Npz or TrainingSetFormat.SgdmlNpz => NpzReader.Read(path, cancellationToken),
            TrainingSetFormat.DeepMD or TrainingSetFormat.DeepMDMixed => ReadSystems(),
            TrainingSetFormat.Csv => throw new AtomProNetException(ErrorKind.NotSupported, "CsvHoldsNoFrames", "A table of energies holds no atoms and cannot be read as frames.", path, remedy: "Read the frames from the extended XYZ, npz or DeePMD file of the set; the table itself reads as objects with Import-Csv."),
            _ => throw new AtomProNetException(ErrorKind.InvalidArgument, "TrainingSetFormatUnknown", "The name does not tell the format.", path, remedy: "Training sets end in .extxyz, .xyz or .npz: rename the file, or read it with the Import- cmdlet for its kind (Import-TrainingSet -Format names a format, Import-Outcar reads an OUTCAR) and pass the frames on."),
        };

        IEnumerable<Frame> ReadXyz()
        {
            using FileStream stream = SharedFile.OpenRead(path);
            foreach (Frame frame in ExtendedXyzReader.Read(stream, path, new() { KeyStyle = keyStyle, Predicted = predicted }, cancellationToken))
            {
                yield return frame;
            }
        }

        IEnumerable<Frame> ReadSystems()
        {
            string[] systems = [.. DeepMDReader.FindSystems(path)];
            if (systems.Length == 0)
            {
                throw new AtomProNetException(ErrorKind.NotFound, "DeepMDSystemMissing", "The folder holds no system of DeePMD (no type.raw).", path);
            }

            return systems.SelectMany(system => DeepMDReader.Read(system, typeMap, cancellationToken));
        }
    }

    /// <summary>A writer for any format but extended XYZ, whose frames are copied byte by byte.</summary>
    internal static IFrameSetWriter OpenWriter(TrainingSetFormat format, ImmutableArray<Element> elements, string spoolFolder) => format switch
    {
        TrainingSetFormat.Npz => new NpzWriter(NpzLayout.AtomProNet, spoolFolder),
        TrainingSetFormat.SgdmlNpz => new NpzWriter(NpzLayout.Sgdml, spoolFolder),
        TrainingSetFormat.DeepMD => new DeepMDWriter(mixed: false, elements, spoolFolder),
        TrainingSetFormat.DeepMDMixed => new DeepMDWriter(mixed: true, elements, spoolFolder),
        TrainingSetFormat.Csv => new EnergyTableWriter(spoolFolder),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}
