using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>What is told of the frames: counted as it is asked for, since a million entries would take more memory than all else.</summary>
/// <param name="items">Group and place of each frame.</param>
/// <param name="parts">The part of each frame; empty for a set that stays whole.</param>
/// <param name="descents">Where the frames come from.</param>
/// <param name="ids">The frames' ids.</param>
internal sealed class DatasetManifestFrames(IReadOnlyList<SplitItem> items, DatasetPart?[] parts, FrameDescents descents, FrameIds ids)
{
    public int Count => items.Count;

    /// <summary>The frames in no part of a set that is split.</summary>
    public IEnumerable<(string Id, FrameSource? Source)> LeftOut() =>
        Enumerable.Range(0, parts.Length).Where(i => parts[i] == DatasetPart.LeftOut).Select(i => (ids[i], descents.SourceOf(i)));

    /// <summary>How many frames of each group stand in which part, in the order of the groups' names.</summary>
    public IEnumerable<(string Id, bool Inferred, SortedDictionary<DatasetPart, int> Parts, int Frames)> Groups()
    {
        IReadOnlySet<string> inferred = descents.InferredGroups();
        // Sorted once at the end: a set may have as many groups as frames.
        var groups = new Dictionary<string, (SortedDictionary<DatasetPart, int> Parts, int Frames)>(StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
        {
            string name = items[i].Group;
            if (!groups.TryGetValue(name, out var group))
            {
                group = ([], 0);
            }

            if (parts.Length > 0 && parts[i] is { } part)
            {
                group.Parts[part] = group.Parts.GetValueOrDefault(part) + 1;
            }

            groups[name] = group with { Frames = group.Frames + 1 };
        }

        return groups.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, inferred.Contains(g.Key), g.Value.Parts, g.Value.Frames));
    }

    /// <summary>How many frames come from which file; first those that come from none.</summary>
    public IReadOnlyList<(string? File, int Count)> Sources() => descents.Sources();
}
