using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Leaks;
using AtomProNet.Datasets.Spooling;
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
    private const int LargestPiece = 1 << 20, MostAtOnce = 100_000;

    private readonly TrainingSetExportOptions options;
    private readonly TrainingSetFormat format;
    private readonly string name;
    private readonly AtomicFileSet files;
    private readonly FrameIds ids = new();
    private readonly ExportTally tally;
    private readonly DescriptorTable? descriptors;
    private readonly SortedDictionary<string, int> refused = new(StringComparer.Ordinal);
    private readonly SortedSet<Element> elements = [];
    private readonly IFrameSetWriter? gate;
    private readonly ImmutableArray<string> earlier;
    private readonly List<string> left = [];
    // Where frames come from and the rules on them are looked after on another thread; what it fills is read once it has ended.
    private readonly Follower<AddedFrame> follower;
    private FrameDescents descents;
    private SpooledFrames entries;
    private TrainingSetCheck? check;
    private bool? isParted;
    private ImmutableArray<Element> lastSpecies = [];
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
        (descents, entries, check) = Begin(IsSplit);
        tally = new ExportTally(options.EnergyKind, format);
        follower = new(Follow, added => added.Frame.Structure.AtomCount);
        descriptors = options.LeakReportPath is not null ? new(keepWhole: true) : options.Split is { IsSplit: true, Method: SplitMethod.Cluster } ? new() : null;
        // What an earlier export of this name made belongs to one set with what is made now: both cannot stand side by side.
        earlier = DatasetManifest.FilesOf(DatasetManifest.PathBeside(options.PathOf(null)), name);
        if (options.Split is { IsSplit: true } split)
        {
            isParted = true;
            // Sizes that can never work are told before hours are spent on reading.
            _ = split.Requested(int.MaxValue);
        }

        ThrowIfTaken();
    }

    /// <summary>The number of frames taken so far.</summary>
    public int FrameCount => entries.Count;

    /// <summary>For tests that let a renaming fail.</summary>
    internal Action<string>? BeforeRename { get => files.BeforeRename; set => files.BeforeRename = value; }

    /// <summary>Told what the format cannot hold, before anything is written in it; what it throws leaves everything as it was.</summary>
    public Action<Finding>? BeforeWriting { get; set; }

    /// <summary>How the frames that are added with their parts were split, for dataset.json; null where nobody said.</summary>
    public SplitDescription? GivenSplit { get; set; }

    private bool IsSplit => options.Split is { IsSplit: true };

    /// <summary>Adds a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="part">The part that it was put into already (all frames of an export have one, or none); null where the export is to split, or the set stays whole.</param>
    /// <exception cref="AtomProNetException">The frame must stay out, for the reason that is given; the others can go on.</exception>
    public void Add(Frame frame, DatasetPart? part = null)
    {
        try
        {
            Settle(part is not null);
            if (FrameAdmission.WhyRefused(frame, options.EnergyKind, options.IncludeUnconverged) is { } reason)
            {
                throw reason;
            }

            if (gate?.WhyCannotHold(frame) is { } hindrance)
            {
                throw hindrance;
            }

            FrameKey key = FrameKey.Of(frame);
            Frame prepared = Prepare(frame, key, out bool isolated, out string id);
            Open();
            writer!.Write(prepared);
            follower.Add(new(frame, prepared, key));
            ids.Add(id);
            entries.Add(spoolPath is null ? null : stream!.Position, frame.Structure.AtomCount, isolated, isolated && part is not null ? DatasetPart.Train : part);
            tally.Add(frame);
            descriptors?.Add(frame.Structure);
            if (frame.Structure.Species != lastSpecies)
            {
                // Frames of one run share their list of species.
                elements.UnionWith(frame.Structure.Composition.Counts.Keys);
                lastSpecies = frame.Structure.Species;
            }
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

        if (options.LeakReportPath is not null && isParted != true)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LeakReportNeedsSplit", "A leak report compares parts, and the set was not split.", remedy: "Add sizes, such as -TrainFraction 0.8 -TestFraction 0.2.");
        }

        follower.Finish();
        // The groups take as long as the rules that compare all frames; of a large set both do not stand in memory at once.
        Task<IReadOnlyList<SplitItem>>? grouping = entries.Count <= MostAtOnce ? Task.Run(descents.ToItems, CancellationToken.None) : null;
        ImmutableArray<TrainingSetFinding> faults = check?.Conclude() ?? [];
        RefuseFaults(faults);
        // What the check kept is needed no more.
        check?.Dispose();
        check = null;
        Finding[] losses = [.. tally.Findings()];
        foreach (Finding loss in losses)
        {
            BeforeWriting?.Invoke(loss);
        }

        IReadOnlyList<SplitItem> items = grouping?.GetAwaiter().GetResult() ?? descents.ToItems();
        // A set of one part needs no list of them.
        var parts = new DatasetPart?[isParted == true ? entries.Count : 0];
        SplitPlan? plan = IsSplit ? Split(items, parts, cancellation) : null;
        SplitDescription? split = plan?.Describe(options.Split!) ?? GivenSplit;
        for (int i = 0; i < parts.Length && plan is null; i++)
        {
            parts[i] = entries.Part(i);
        }

        var written = new List<TrainingSetFile>();
        string manifestPath = DatasetManifest.PathBeside(options.PathOf(null));
        if (isParted != true)
        {
            written.AddRange(WritePart(null, new ComputedList<int>(entries.Count, i => i), items, manifestPath, cancellation));
        }
        else
        {
            // Single atoms first, then group by group, along strain or time.
            int[] order = [.. TrainingSetSplit.CanonicalOrder(items).OrderBy(i => !entries.IsIsolatedAtom(i))];
            foreach (DatasetPart part in (ReadOnlySpan<DatasetPart>)[DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test])
            {
                int[] members = [.. order.Where(i => parts[i] == part)];
                if (members.Length > 0)
                {
                    written.AddRange(WritePart(part, members, items, manifestPath, cancellation));
                }
            }
        }

        IEnumerable<Finding> leaks = [];
        if (options.LeakReportPath is { } leakPath && isParted == true)
        {
            LeakReport report = LeakReport.Measure(descriptors!, [.. parts.Select((p, i) => entries.IsIsolatedAtom(i) ? null : p)], items, descents.SourceOf, cancellation);
            LeakTable.Write(files.Add(leakPath), report);
            leaks = report.Findings();
        }

        int isolated = Enumerable.Range(0, entries.Count).Count(i => entries.IsIsolatedAtom(i));
        var findings = ImmutableArray.CreateRange([.. plan?.Findings ?? [], .. leaks, .. losses, .. LeftBehind(), .. faults.Where(f => f.Severity != FindingSeverity.Information).Select(f => f.ToFinding())]);
        DatasetManifest.Write(files, manifestPath, new()
        {
            Name = name,
            Files = [.. written],
            Format = format,
            KeyStyle = format == TrainingSetFormat.ExtendedXyz ? options.KeyStyle : null,
            EnergyKinds = tally.EnergyKinds,
            Split = split,
            IsParted = isParted == true,
            Frames = new(items, parts, descents, ids),
            IsolatedAtomCount = isolated,
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
        return new([.. written], plan, findings, isolated, refused.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private IEnumerable<Finding> LeftBehind() => left.Count == 0 ? [] :
    [
        new(FindingSeverity.Information, "TemporaryFilesLeft", $"{left.Count} hidden files of an export that was killed less than an hour ago lie beside the set.", left[0], "Delete them, unless that export is running on another machine; a later export of this name removes them."),
    ];

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
        follower.Dispose();
        check?.Dispose();
        descents.Dispose();
        entries.Dispose();
        ids.Dispose();
        gate?.Dispose();
        descriptors?.Dispose();
        Abandoned.Close(writer);
        Abandoned.Close(hashing);
        files.Dispose();
        if (spoolPath is not null)
        {
            Abandoned.Close(stream);
            try
            {
                File.Delete(spoolPath);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Left behind under its temporary name: a nuisance, but no wrong data.
            }
        }
    }

    private void Follow(AddedFrame added)
    {
        descents.Add(added.Frame, added.Key, FrameAdmission.LabelKind(added.Frame, options.EnergyKind));
        check?.Add(added.Prepared);
    }

    // What is kept of the frames: in memory where they will be put into order, else beyond a fixed number in temporary files.
    private (FrameDescents, SpooledFrames, TrainingSetCheck?) Begin(bool parted)
    {
        int memoryLimit = parted ? int.MaxValue : ChunkedList.MemoryLimit;
        var begun = new FrameDescents(options.Split?.Method, memoryLimit);
        return (begun, new(memoryLimit), options.Check ? new(options.EnergyKind, begun) : null);
    }

    // Either all frames come with their part or none, and where they do the export cannot split them once more.
    private void Settle(bool hasPart)
    {
        if (isParted is null)
        {
            isParted = hasPart;
            ThrowIfTaken();
            if (hasPart)
            {
                (descents, entries, check) = Begin(parted: true);
            }
        }
        else if (hasPart != (isParted == true && !IsSplit))
        {
            throw new AtomProNetException(
                ErrorKind.InvalidArgument,
                hasPart ? "PartGiven" : "PartMissing",
                hasPart ? "The frame was put into a part already, and this export is to split or to leave the set whole." : "The frame is in no part, while others were put into one.",
                remedy: "Give Export-TrainingSet all that Split-TrainingSet made and no sizes, or single frames.");
        }
    }

    private void ThrowIfTaken()
    {
        if (!options.Overwrite && Targets().Concat(earlier).FirstOrDefault(Path.Exists) is { } taken)
        {
            throw new AtomProNetException(ErrorKind.AlreadyExists, "FileExists", "There is a set of this name already.", file: taken, remedy: "Use -Force to replace it, or choose another name.");
        }
    }

    private IEnumerable<string> Targets()
    {
        IEnumerable<string> targets = (isParted == true ? [DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test] : new DatasetPart?[] { null }).Select(options.PathOf);
        return options.LeakReportPath is { } table ? targets.Append(table) : targets;
    }

    // Single atoms give the reference energies: they belong to training, and no split may take them away.
    private SplitPlan Split(IReadOnlyList<SplitItem> items, DatasetPart?[] parts, CancellationToken cancellation)
    {
        int[] others = [.. Enumerable.Range(0, items.Count).Where(i => !entries.IsIsolatedAtom(i))];
        SplitPlan plan = TrainingSetSplit.Split(ComputedList<SplitItem>.Of(items, others), options.Split!, descriptors, others, cancellation);
        Array.Fill(parts, DatasetPart.Train);
        for (int k = 0; k < others.Length; k++)
        {
            parts[others[k]] = plan.Parts[k];
        }

        return plan;
    }

    private Frame Prepare(Frame frame, FrameKey key, out bool isolated, out string id)
    {
        isolated = FrameAdmission.IsIsolatedAtom(frame.Structure);
        id = ids.For(frame, key);
        return frame with
        {
            ConfigType = frame.ConfigType ?? (isolated ? "IsolatedAtom" : null),
            Information = frame.Information.SetItem(FrameIds.Key, id),
        };
    }

    private void Open()
    {
        if (stream is not null)
        {
            return;
        }

        foreach (string target in Targets().Append(DatasetManifest.PathBeside(options.PathOf(null))))
        {
            left.AddRange(LeftTemporaries.Remove(target));
        }

        if (isParted == true || format != TrainingSetFormat.ExtendedXyz)
        {
            spoolPath = SpoolName("frames");
            OutputFolder.Create(Path.GetDirectoryName(spoolPath)!);
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

    private IEnumerable<TrainingSetFile> WritePart(DatasetPart? part, IReadOnlyList<int> members, IReadOnlyList<SplitItem> items, string manifestPath, CancellationToken cancellation)
    {
        IEnumerable<WrittenFrames> written = format != TrainingSetFormat.ExtendedXyz ? Convert(part, members, cancellation)
            : part is null ? [new(options.PathOf(null), null, members.Count, members.Sum(i => (long)entries.AtomCount(i)), hashing!.Length, hashing.HashText(), [])]
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

    private WrittenFrames Copy(DatasetPart part, IReadOnlyList<int> members, CancellationToken cancellation)
    {
        using var target = new HashingStream(files.Add(options.PathOf(part)));
        foreach (ArraySegment<byte> piece in Pieces(members, cancellation))
        {
            target.Write(piece);
        }

        return new(options.PathOf(part), null, members.Count, members.Sum(i => (long)entries.AtomCount(i)), target.Length, target.HashText(), []);
    }

    private IReadOnlyList<WrittenFrames> Convert(DatasetPart? part, IReadOnlyList<int> members, CancellationToken cancellation)
    {
        using IFrameSetWriter target = TrainingSetFormats.OpenWriter(format, [.. elements], SpoolName("arrays"));
        foreach (ArraySegment<byte> piece in Pieces(members, cancellation))
        {
            using var text = new MemoryStream(piece.Array!, piece.Offset, piece.Count, writable: false);
            foreach (Frame frame in ExtendedXyzReader.Read(text, spoolPath!, new() { KeyStyle = KeyStyle.Ase }))
            {
                target.Write(frame, FrameAdmission.LabelKind(frame, options.EnergyKind));
            }
        }

        return target.Complete(files, options.PathOf(part));
    }

    // The text of frames; those that lie one behind the other come together, as far as they fit into one piece.
    private IEnumerable<ArraySegment<byte>> Pieces(IReadOnlyList<int> members, CancellationToken cancellation)
    {
        byte[] buffer = [];
        for (int next = 0; next < members.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = entries.Offset(members[next]);
            int length = 0;
            do
            {
                length += entries.Length(members[next++]);
            }
            while (next < members.Count && members[next] == members[next - 1] + 1 && length + entries.Length(members[next]) <= LargestPiece);
            if (buffer.Length < length)
            {
                buffer = new byte[Math.Max(length, LargestPiece)];
            }

            stream!.Position = start;
            stream.ReadExactly(buffer, 0, length);
            yield return new(buffer, 0, length);
        }
    }

    /// <summary>A frame that was written: as it came, and as it was written.</summary>
    private readonly record struct AddedFrame(Frame Frame, Frame Prepared, FrameKey Key);
}
