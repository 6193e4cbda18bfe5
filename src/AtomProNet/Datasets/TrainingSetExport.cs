using System.Collections.Immutable;
using AtomProNet.Files;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Writes frames, one after the other, as a training set: without a split straight into its file, with one into a hidden file from
/// which <see cref="Complete"/> copies each frame's bytes into its part. So a set of any size takes little memory. Nothing has its
/// name before everything is written; then all files get their names at once, dataset.json last.
/// </summary>
/// <remarks>The frames of a set that is not split stay in the order in which they came; those of a split stand group by group, along strain or time.</remarks>
public sealed class TrainingSetExport : IDisposable
{
    private readonly TrainingSetExportOptions options;
    private readonly AtomicFileSet files;
    private readonly FrameDescents descents = new();
    private readonly List<FrameEntry> entries = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly ExportTally tally;
    private readonly SortedDictionary<string, int> refused = new(StringComparer.Ordinal);
    private readonly ImmutableArray<string> earlier;
    private FileStream? stream;
    private HashingStream? hashing;
    private ExtendedXyzWriter? writer;
    private string? spoolPath;

    /// <summary>Prepares an export. Nothing is written before the first frame.</summary>
    /// <exception cref="AtomProNetException">A file of the set is there already and may not be replaced, or the sizes of the split make no sense.</exception>
    public TrainingSetExport(TrainingSetExportOptions options)
    {
        this.options = options;
        files = new AtomicFileSet(options.Overwrite);
        tally = new ExportTally(options.EnergyKind);
        DatasetPart?[] parts = IsSplit ? [DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test] : [null];
        string[] targets = [.. parts.Select(options.PathOf)];
        // What an earlier export of this name made belongs to one set with what is made now: both cannot stand side by side.
        earlier = DatasetManifest.FilesOf(DatasetManifest.PathBeside(options.PathOf(null)), Name);
        if (!options.Overwrite && targets.Concat(earlier).FirstOrDefault(File.Exists) is { } taken)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FileExists", "There is a set of this name already.", file: taken, remedy: "Use -Force to replace it, or choose another name.");
        }

        // Sizes that can never work are told before hours are spent on reading.
        _ = options.Split is { IsSplit: true } split ? split.Requested(int.MaxValue) : null;
    }

    /// <summary>The number of frames taken so far.</summary>
    public int FrameCount => entries.Count;

    /// <summary>For tests that let a renaming fail.</summary>
    internal Action<string>? BeforeRename { get => files.BeforeRename; set => files.BeforeRename = value; }

    private string Name => Path.GetFileNameWithoutExtension(options.PathOf(null));

    private bool IsSplit => options.Split is { IsSplit: true };

    /// <summary>Adds a frame.</summary>
    /// <exception cref="AtomProNetException">The frame must stay out, for the reason that is given; the others can go on.</exception>
    public void Add(Frame frame)
    {
        try
        {
            if (FrameAdmission.WhyRefused(frame, options.EnergyKind, options.IncludeUnconverged) is { } reason)
            {
                throw reason;
            }

            Frame prepared = Prepare(frame, out bool isolated, out string id);
            Open();
            long offset = stream!.Position;
            writer!.Write(prepared);
            ids.Add(id);
            descents.Add(frame);
            entries.Add(new(offset, (int)(stream.Position - offset), frame.Structure.AtomCount, isolated, id));
            tally.Add(frame);
        }
        catch (AtomProNetException e)
        {
            refused[e.ErrorId] = refused.GetValueOrDefault(e.ErrorId) + 1;
            throw;
        }
    }

    /// <summary>Splits, writes the parts and dataset.json, and gives all of them their names.</summary>
    /// <param name="cancellation">Ends the writing; what was there before stays.</param>
    /// <exception cref="AtomProNetException">There is no frame, the split cannot be made, or a file appeared meanwhile.</exception>
    public TrainingSetExportResult Complete(CancellationToken cancellation = default)
    {
        if (entries.Count == 0)
        {
            string why = refused.Count == 0 ? "" : $" (refused: {string.Join(", ", refused.Select(r => $"{r.Value} {r.Key}"))})";
            throw new AtomProNetException(ErrorKind.InvalidArgument, "TrainingSetEmpty", $"There is no frame to write{why}.", file: options.PathOf(null), remedy: "Nothing was written.");
        }

        SplitItem[] items = descents.ToItems();
        // Single atoms give the reference energies: they belong to training, and no split may take them away.
        int[] atoms = [.. Indices(isolated: true)], others = [.. Indices(isolated: false)];
        SplitPlan? plan = IsSplit ? TrainingSetSplit.Split([.. others.Select(i => items[i])], options.Split!) : null;
        var written = new List<TrainingSetFile>();
        string manifestPath = DatasetManifest.PathBeside(options.PathOf(null));
        if (plan is null)
        {
            written.Add(Describe(null, [.. Enumerable.Range(0, entries.Count)], items, hashing!, manifestPath));
        }
        else
        {
            writer!.Dispose();
            foreach (DatasetPart part in (ReadOnlySpan<DatasetPart>)[DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test])
            {
                int[] members = [.. part == DatasetPart.Train ? atoms : [], .. plan.Frames(part).Select(k => others[k])];
                if (members.Length > 0)
                {
                    written.Add(Copy(part, members, items, manifestPath, cancellation));
                }
            }
        }

        IReadOnlySet<string> inferred = descents.InferredGroups();
        var parts = new DatasetPart?[entries.Count];
        for (int k = 0; k < others.Length && plan is not null; k++)
        {
            parts[others[k]] = plan.Parts[k];
        }

        foreach (int i in plan is null ? [] : atoms)
        {
            parts[i] = DatasetPart.Train;
        }

        var findings = ImmutableArray.CreateRange([.. plan?.Findings ?? [], .. tally.Findings(options.KeyStyle)]);
        DatasetManifest.Write(files, manifestPath, new()
        {
            Name = Name,
            Files = [.. written],
            KeyStyle = options.KeyStyle,
            EnergyKinds = tally.EnergyKinds,
            Request = plan is null ? null : options.Split,
            Plan = plan,
            Frames = [.. entries.Select((e, i) => new DatasetManifestFrame(e.Id, descents.SourceOf(i), items[i].Group, parts[i]))],
            InferredGroups = inferred,
            IsolatedAtomCount = atoms.Length,
            Refused = refused,
            Findings = findings,
        });
        foreach (string file in earlier)
        {
            files.Remove(file);
        }

        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        return new([.. written], plan, findings, atoms.Length, refused.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        writer?.Dispose();
        hashing?.Dispose();
        files.Dispose();
        if (spoolPath is not null)
        {
            stream?.Dispose();
            try
            {
                File.Delete(spoolPath);
            }
            catch (IOException)
            {
                // Left behind under its temporary name: a nuisance, but no wrong data.
            }
        }
    }

    private IEnumerable<int> Indices(bool isolated) => Enumerable.Range(0, entries.Count).Where(i => entries[i].IsIsolatedAtom == isolated);

    // A frame keeps the id that it came with, so that predictions for an earlier export still find it; unless another frame has it.
    private Frame Prepare(Frame frame, out bool isolated, out string id)
    {
        isolated = FrameAdmission.IsIsolatedAtom(frame.Structure);
        const string key = "frame_id";
        id = frame.Information.TryGetValue(key, out object? given) && given is string { Length: > 0 } text ? text : "";
        if (id.Length == 0 || ids.Contains(id))
        {
            string own = FrameKey.ToId(FrameKey.Of(frame));
            id = own;
            for (int copy = 2; ids.Contains(id); copy++)
            {
                id = FormattableString.Invariant($"{own}-{copy}");
            }
        }

        return frame with
        {
            ConfigType = frame.ConfigType ?? (isolated ? "IsolatedAtom" : null),
            Information = frame.Information.SetItem(key, id),
        };
    }

    private void Open()
    {
        if (stream is not null)
        {
            return;
        }

        if (IsSplit)
        {
            string target = options.PathOf(null), folder = Path.GetDirectoryName(target)!;
            Directory.CreateDirectory(folder);
            spoolPath = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.spool.tmp");
            stream = new FileStream(spoolPath, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16 });
            writer = new(stream, WriteOptions());
        }
        else
        {
            stream = files.Add(options.PathOf(null));
            hashing = new(stream);
            writer = new(hashing, WriteOptions());
        }
    }

    private ExtendedXyzWriteOptions WriteOptions() => new() { KeyStyle = options.KeyStyle, EnergyKind = options.EnergyKind };

    private TrainingSetFile Copy(DatasetPart part, int[] members, SplitItem[] items, string manifestPath, CancellationToken cancellation)
    {
        using var target = new HashingStream(files.Add(options.PathOf(part)));
        byte[] buffer = new byte[1 << 20];
        foreach (int i in members)
        {
            cancellation.ThrowIfCancellationRequested();
            stream!.Position = entries[i].Offset;
            for (int left = entries[i].Length; left > 0;)
            {
                int read = stream.Read(buffer, 0, Math.Min(left, buffer.Length));
                target.Write(buffer.AsSpan(0, read > 0 ? read : throw new EndOfStreamException("The frames that were set aside are gone.")));
                left -= read;
            }
        }

        return Describe(part, members, items, target, manifestPath);
    }

    private TrainingSetFile Describe(DatasetPart? part, int[] members, SplitItem[] items, HashingStream written, string manifestPath) => new()
    {
        Path = options.PathOf(part),
        Part = part,
        FrameCount = members.Length,
        AtomCount = members.Sum(i => (long)entries[i].AtomCount),
        GroupCount = members.Select(i => items[i].Group).Distinct(StringComparer.Ordinal).Count(),
        KeyStyle = options.KeyStyle,
        EnergyKind = tally.EnergyKinds.Count == 1 ? tally.EnergyKinds.Keys.First() : null,
        Length = written.Length,
        Hash = written.HashText(),
        ManifestPath = manifestPath,
    };

    private readonly record struct FrameEntry(long Offset, int Length, int AtomCount, bool IsIsolatedAtom, string Id);
}

/// <summary>What an export made.</summary>
/// <param name="Files">The files, in the order of the parts.</param>
/// <param name="Plan">The split of all frames but single atoms; null where the set was not split.</param>
/// <param name="Findings">What the user should know.</param>
/// <param name="IsolatedAtomCount">How many single atoms there are; they all stand in training.</param>
/// <param name="Refused">How many frames were refused, by the id of the reason.</param>
public sealed record TrainingSetExportResult(
    ImmutableArray<TrainingSetFile> Files,
    SplitPlan? Plan,
    ImmutableArray<Finding> Findings,
    int IsolatedAtomCount,
    ImmutableSortedDictionary<string, int> Refused);
