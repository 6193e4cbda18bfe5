using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Files;
using AtomProNet.Formats;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Writes frames, one after the other, as a training set: extended XYZ without a split straight into its file, everything else into a
/// hidden file from which <see cref="Complete"/> makes the parts. So a set of any size takes little memory. Nothing has its name
/// before everything is written; then all files get their names at once, dataset.json last.
/// </summary>
/// <remarks>The frames of a set that is not split stay in the order in which they came; those of a split stand group by group, along strain or time.</remarks>
public sealed class TrainingSetExport : IDisposable
{
    private readonly TrainingSetExportOptions options;
    private readonly TrainingSetFormat format;
    private readonly string name;
    private readonly AtomicFileSet files;
    private readonly FrameDescents descents = new();
    private readonly List<FrameEntry> entries = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly ExportTally tally;
    private readonly TrainingSetCheck? check;
    private readonly SortedDictionary<string, int> refused = new(StringComparer.Ordinal);
    private readonly SortedSet<Element> elements = [];
    private readonly IFrameSetWriter? gate;
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
        format = TrainingSetFormats.ForWriting(options.Path, options.Format);
        name = Path.GetFileName(options.PathOf(null));
        gate = format is TrainingSetFormat.ExtendedXyz or TrainingSetFormat.Csv ? null : TrainingSetFormats.OpenWriter(format, [], SpoolName("gate"));
        files = new AtomicFileSet(options.Overwrite);
        tally = new ExportTally(options.EnergyKind, format);
        check = options.Check ? new(options.EnergyKind) : null;
        DatasetPart?[] parts = IsSplit ? [DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test] : [null];
        string[] targets = [.. parts.Select(options.PathOf)];
        // What an earlier export of this name made belongs to one set with what is made now: both cannot stand side by side.
        earlier = DatasetManifest.FilesOf(DatasetManifest.PathBeside(options.PathOf(null)), name);
        if (!options.Overwrite && targets.Concat(earlier).FirstOrDefault(Path.Exists) is { } taken)
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

            if (gate?.WhyCannotHold(frame) is { } hindrance)
            {
                throw hindrance;
            }

            Frame prepared = Prepare(frame, out bool isolated, out string id);
            Open();
            long offset = stream!.Position;
            writer!.Write(prepared);
            ids.Add(id);
            descents.Add(frame);
            entries.Add(new(offset, (int)(stream.Position - offset), frame.Structure.AtomCount, isolated, id));
            tally.Add(frame);
            check?.Add(prepared);
            elements.UnionWith(frame.Structure.Composition.Counts.Keys);
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

        ImmutableArray<TrainingSetFinding> faults = check?.Conclude() ?? [];
        RefuseFaults(faults);
        SplitItem[] items = descents.ToItems();
        // Single atoms give the reference energies: they belong to training, and no split may take them away.
        int[] atoms = [.. Indices(isolated: true)], others = [.. Indices(isolated: false)];
        SplitPlan? plan = IsSplit ? TrainingSetSplit.Split([.. others.Select(i => items[i])], options.Split!) : null;
        var written = new List<TrainingSetFile>();
        string manifestPath = DatasetManifest.PathBeside(options.PathOf(null));
        if (plan is null)
        {
            written.AddRange(WritePart(null, [.. Enumerable.Range(0, entries.Count)], items, manifestPath, cancellation));
        }
        else
        {
            foreach (DatasetPart part in (ReadOnlySpan<DatasetPart>)[DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test])
            {
                int[] members = [.. part == DatasetPart.Train ? atoms : [], .. plan.Frames(part).Select(k => others[k])];
                if (members.Length > 0)
                {
                    written.AddRange(WritePart(part, members, items, manifestPath, cancellation));
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

        var findings = ImmutableArray.CreateRange([.. plan?.Findings ?? [], .. tally.Findings(), .. faults.Where(f => f.Severity != FindingSeverity.Information).Select(f => f.ToFinding())]);
        DatasetManifest.Write(files, manifestPath, new()
        {
            Name = name,
            Files = [.. written],
            Format = format,
            KeyStyle = format == TrainingSetFormat.ExtendedXyz ? options.KeyStyle : null,
            EnergyKinds = tally.EnergyKinds,
            Request = plan is null ? null : options.Split,
            Plan = plan,
            Frames = [.. entries.Select((e, i) => new DatasetManifestFrame(e.Id, descents.SourceOf(i), items[i].Group, parts[i]))],
            InferredGroups = inferred,
            IsolatedAtomCount = atoms.Length,
            Methods = [.. tally.Methods],
            Refused = refused,
            Findings = findings,
        });
        foreach (string file in earlier.Where(e => !IsBelowNewFolder(e)))
        {
            files.Remove(file);
        }

        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        return new([.. written], plan, findings, atoms.Length, refused.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>Frames that were let in on purpose are told, but stop nothing.</summary>
    private void RefuseFaults(ImmutableArray<TrainingSetFinding> faults)
    {
        if (!options.AllowMixedMethods && faults.FirstOrDefault(f => MethodCheck.IsMix(f.Code)) is { } mix)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, mix.Code, $"The frames do not belong in one set: {mix}", options.PathOf(null), remedy: "Nothing was written. Export each method by itself, or say -AllowMixedMethods if you know that they fit.");
        }

        TrainingSetFinding[] grave = [.. faults.Where(f => f.Severity == FindingSeverity.Error && !(options.IncludeUnconverged && f.Code == "UnconvergedFrames") && !MethodCheck.IsMix(f.Code))];
        if (!options.IgnoreErrors && grave is [var fault, ..])
        {
            int more = grave.Length - 1;
            throw new AtomProNetException(ErrorKind.InvalidData, fault.Code, $"The set must not be trained on as it is: {fault}{(more > 0 ? $" ({more} more errors; Test-TrainingSet lists them.)" : "")}", options.PathOf(null), remedy: "Nothing was written. -Force writes it all the same.");
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        gate?.Dispose();
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

        if (IsSplit || format != TrainingSetFormat.ExtendedXyz)
        {
            spoolPath = SpoolName("frames");
            Directory.CreateDirectory(Path.GetDirectoryName(spoolPath)!);
            stream = new FileStream(spoolPath, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16 });
            // What is to be read again keeps every label under its own name; what is to be copied has its final form already.
            writer = new(stream, format == TrainingSetFormat.ExtendedXyz ? WriteOptions() : new());
        }
        else
        {
            stream = files.Add(options.PathOf(null));
            hashing = new(stream);
            writer = new(hashing, WriteOptions());
        }
    }

    private ExtendedXyzWriteOptions WriteOptions() => new() { KeyStyle = options.KeyStyle, EnergyKind = options.EnergyKind };

    private string SpoolName(string what)
    {
        string target = Path.TrimEndingDirectorySeparator(options.PathOf(null));
        return Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.{what}.tmp");
    }

    // A folder of systems goes as a whole: what an earlier export put into it is gone with it.
    private bool IsBelowNewFolder(string file) =>
        format is TrainingSetFormat.DeepMD or TrainingSetFormat.DeepMDMixed
        && new DatasetPart?[] { null, DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test }.Any(p => file.StartsWith(options.PathOf(p) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private IEnumerable<TrainingSetFile> WritePart(DatasetPart? part, int[] members, SplitItem[] items, string manifestPath, CancellationToken cancellation)
    {
        IEnumerable<WrittenFrames> written = format != TrainingSetFormat.ExtendedXyz ? Convert(part, members, cancellation)
            : part is null ? [new(options.PathOf(null), null, members.Length, members.Sum(i => (long)entries[i].AtomCount), hashing!.Length, hashing.HashText(), [])]
            : [Copy(part.Value, members, cancellation)];
        int groups = members.Select(i => items[i].Group).Distinct(StringComparer.Ordinal).Count();
        return written.Select(w => new TrainingSetFile
        {
            Path = w.Path,
            Part = part,
            Format = format,
            Formula = w.Formula,
            FrameCount = w.FrameCount,
            AtomCount = w.AtomCount,
            GroupCount = groups,
            KeyStyle = format == TrainingSetFormat.ExtendedXyz ? options.KeyStyle : null,
            EnergyKind = tally.EnergyKinds.Count == 1 ? tally.EnergyKinds.Keys.First() : null,
            Length = w.Length,
            Hash = w.Hash,
            Files = w.Files,
            ManifestPath = manifestPath,
        });
    }

    private WrittenFrames Copy(DatasetPart part, int[] members, CancellationToken cancellation)
    {
        using var target = new HashingStream(files.Add(options.PathOf(part)));
        byte[] buffer = [];
        foreach (int i in members)
        {
            cancellation.ThrowIfCancellationRequested();
            target.Write(Bytes(i, ref buffer));
        }

        return new(options.PathOf(part), null, members.Length, members.Sum(i => (long)entries[i].AtomCount), target.Length, target.HashText(), []);
    }

    private IReadOnlyList<WrittenFrames> Convert(DatasetPart? part, int[] members, CancellationToken cancellation)
    {
        using IFrameSetWriter target = TrainingSetFormats.OpenWriter(format, [.. elements], SpoolName("arrays"));
        byte[] buffer = [];
        foreach (int i in members)
        {
            cancellation.ThrowIfCancellationRequested();
            int length = Bytes(i, ref buffer).Length;
            using var text = new MemoryStream(buffer, 0, length, writable: false);
            Frame frame = ExtendedXyzReader.Read(text, spoolPath!, new() { KeyStyle = KeyStyle.Ase }).Single();
            target.Write(frame, FrameAdmission.LabelKind(frame, options.EnergyKind));
        }

        return target.Complete(files, options.PathOf(part));
    }

    private ReadOnlySpan<byte> Bytes(int entry, ref byte[] buffer)
    {
        int length = entries[entry].Length;
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Max(length, 1 << 16)];
        }

        stream!.Position = entries[entry].Offset;
        stream.ReadExactly(buffer, 0, length);
        return buffer.AsSpan(0, length);
    }

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
