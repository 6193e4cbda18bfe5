using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Files;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Selection;

/// <summary>
/// Counts what a selection leaves out, and keeps it where that is asked for: an extended XYZ file whose frames say why under
/// <see cref="ReasonKey"/> and <see cref="DetailKey"/>. The file appears when it is complete.
/// </summary>
public sealed class RejectedFrames : IDisposable
{
    /// <summary>The key of the reason.</summary>
    public const string ReasonKey = "rejected";

    /// <summary>The key of the value that was too large.</summary>
    public const string DetailKey = "rejected_value";

    private readonly SortedDictionary<RejectionReason, RejectionCount> counts = [];
    private readonly AtomicFile? file;
    private readonly ExtendedXyzWriter? writer;

    /// <summary>Begins.</summary>
    /// <param name="path">The file, as a full path; null to count only.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="AtomProNetException">There is a file, or the name is not that of extended XYZ.</exception>
    public RejectedFrames(string? path = null, bool overwrite = false)
    {
        if (path is null)
        {
            return;
        }

        if (TrainingSetFormats.FromName(path) != TrainingSetFormat.ExtendedXyz)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "RejectedFormat", "Rejected frames are kept as extended XYZ, the one format that holds any frame with the reason.", file: path, remedy: "Let the name end in .extxyz or .xyz.");
        }

        LeftTemporaries.Remove(path);
        file = new AtomicFile(path, overwrite);
        writer = new ExtendedXyzWriter(file.Stream, new() { KeyStyle = KeyStyle.Mace });
    }

    /// <summary>How many frames were left out for each reason.</summary>
    public ImmutableArray<RejectionCount> Counts => [.. counts.Values];

    /// <summary>How many frames were left out.</summary>
    public int Count => counts.Values.Sum(c => c.Count);

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="rejection">Why it is left out.</param>
    /// <param name="index">Its number in the set, from 1.</param>
    public void Add(Frame frame, Rejection rejection, int index)
    {
        counts[rejection.Reason] = counts.TryGetValue(rejection.Reason, out RejectionCount? known)
            ? known with { Count = known.Count + 1 }
            : new(rejection.Reason, 1, new(index, null, frame.Source, rejection.Detail));
        if (writer is null)
        {
            return;
        }

        // A frame that was rejected before says why it is now.
        ImmutableSortedDictionary<string, object> information = frame.Information.SetItem(ReasonKey, rejection.Reason.ToString());
        writer.Write(frame with { Information = rejection.Detail is { } detail ? information.SetItem(DetailKey, detail) : information.Remove(DetailKey) });
    }

    /// <summary>Gives the file its name. Where nothing was left out there is none, and one of an earlier selection that may be replaced is removed.</summary>
    public void Complete()
    {
        if (writer is { FrameCount: > 0 })
        {
            file!.Commit();
        }
        else if (file is { Overwrite: true })
        {
            File.Delete(file.Path);
        }
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        Abandoned.Close(writer);
        file?.Dispose();
    }
}
