using System.Collections.Immutable;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Spooling;

namespace AtomProNet.Datasets;

/// <summary>
/// Splits a set into training, validation and test. Pure: the same frames and the same seed give the same parts on every machine,
/// in whatever order the frames come.
/// </summary>
public static class TrainingSetSplit
{
    /// <summary>Splits frames.</summary>
    /// <param name="items">What there is to know of each frame.</param>
    /// <param name="request">The sizes, the method and the seed.</param>
    /// <exception cref="AtomProNetException">The sizes cannot be met (see <see cref="SplitRequest.Counts(int)"/>), there are fewer groups than parts and splitting by group was asked for, or clusters were asked for, which need descriptors.</exception>
    public static SplitPlan Split(IReadOnlyList<SplitItem> items, SplitRequest request) => Split(items, request, null, [], default);

    /// <summary>The same, by similarity too.</summary>
    /// <param name="items">What there is to know of each frame.</param>
    /// <param name="request">The sizes, the method and the seed.</param>
    /// <param name="table">Descriptors; needed for <see cref="SplitMethod.Cluster"/>.</param>
    /// <param name="rows">The row of the table that belongs to each frame.</param>
    /// <param name="cancellation">Ends the work.</param>
    internal static SplitPlan Split(IReadOnlyList<SplitItem> items, SplitRequest request, DescriptorTable? table, int[] rows, CancellationToken cancellation)
    {
        int[] order = CanonicalOrder(items);
        List<ItemGroup> groups = Groups(items, order);
        var findings = new List<Finding>();
        var parts = new DatasetPart[items.Count];
        SplitMethod? method = null;
        int gap = 0;
        int? clusterCount = null;
        if (request.IsSplit)
        {
            bool[] requested = request.Requested(items.Count);
            int[] counts = request.Counts(items.Count, requested);
            method = request.Method ?? Choose(groups, counts, requested, request, findings);
            var random = new SplitMix64(unchecked((ulong)request.Seed));
            switch (method)
            {
                case SplitMethod.Group:
                    WholeSetSplit.Assign("groups", order, [.. groups.SelectMany((g, number) => Enumerable.Repeat(number, g.Count))], counts, requested, random, parts, findings);
                    break;
                case SplitMethod.Blocked:
                    gap = BlockedSplit.Assign(order, groups, request, random, parts, findings);
                    break;
                case SplitMethod.Composition:
                    WholeSetSplit.Assign("compositions", order, Numbers(order.Select(i => items[i].Composition ?? "")), counts, requested, random, parts, findings);
                    break;
                case SplitMethod.Cluster:
                    int[] clusters = ClusterSplit.Find(
                        table ?? throw new AtomProNetException(ErrorKind.Internal, "SplitWithoutDescriptors", "Clusters need descriptors."),
                        [.. order.Select(i => rows[i])], request, counts, requested, cancellation);
                    clusterCount = clusters.Distinct().Count();
                    WholeSetSplit.Assign("clusters", order, clusters, counts, requested, random, parts, findings);
                    break;
                case SplitMethod.StratifiedEnergy:
                    StratifiedSplit.Assign(StratifiedSplit.ByEnergy(items, order), counts, random, parts);
                    break;
                case SplitMethod.StratifiedConfigType:
                    StratifiedSplit.Assign(StratifiedSplit.ByConfigType(items, order), counts, random, parts);
                    break;
                default:
                    ByFrame(order, counts, random, parts);
                    break;
            }

            if (method != SplitMethod.Blocked)
            {
                FindTornGroups(order, groups, parts, method == SplitMethod.Cluster, findings);
            }

            FindDuplicates(items, order, parts, findings);
            int left = parts.Count(p => p == DatasetPart.LeftOut) - gap;
            if (left > 0)
            {
                findings.Add(new(FindingSeverity.Warning, "SplitFramesLeftOut", $"{left} of {items.Count} frames are in no part, since the sizes add up to fewer.", Advice: "Leave out one of the sizes to give its part the rest."));
            }
        }

        return new()
        {
            Parts = [.. parts],
            Order = [.. order],
            Method = method,
            Seed = request.Seed,
            GapFrameCount = gap,
            GroupCount = groups.Count,
            ClusterCount = clusterCount,
            Findings = [.. findings],
        };
    }

    /// <summary>
    /// The frames by group, each group along strain or time. Groups stand in the order of the least key of their frames, which does not
    /// depend on names of files or folders.
    /// </summary>
    internal static int[] CanonicalOrder(IReadOnlyList<SplitItem> items)
    {
        var least = new Dictionary<string, FrameKey>(StringComparer.Ordinal);
        foreach (SplitItem item in items)
        {
            least[item.Group] = least.TryGetValue(item.Group, out FrameKey key) && key < item.Key ? key : item.Key;
        }

        Dictionary<string, int> rankOf = least.OrderBy(g => g.Value).ThenBy(g => g.Key, StringComparer.Ordinal).Select((g, rank) => (g.Key, rank)).ToDictionary(g => g.Key, g => g.rank, StringComparer.Ordinal);
        var ranks = new int[items.Count];
        int[] order = new int[items.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            ranks[i] = rankOf[items[i].Group];
        }

        Array.Sort(order, (a, b) =>
        {
            if (ranks[a] != ranks[b])
            {
                return ranks[a].CompareTo(ranks[b]);
            }

            SplitItem one = items[a], other = items[b];
            int byPosition = one.Position.CompareTo(other.Position);
            return byPosition != 0 ? byPosition : one.Key.CompareTo(other.Key);
        });
        return order;
    }

    private static List<ItemGroup> Groups(IReadOnlyList<SplitItem> items, int[] order)
    {
        var groups = new List<ItemGroup>();
        for (int start = 0; start < order.Length;)
        {
            int end = start + 1;
            while (end < order.Length && items[order[end]].Group == items[order[start]].Group)
            {
                end++;
            }

            groups.Add(new(items[order[start]].Group, start, end - start));
            start = end;
        }

        return groups;
    }

    // By group, unless that would leave a part empty or force a group into a part that is smaller than it.
    private static SplitMethod Choose(List<ItemGroup> groups, int[] counts, bool[] requested, SplitRequest request, List<Finding> findings)
    {
        int parts = requested.Count(r => r);
        string? reason = null;
        if (groups.Count < parts)
        {
            reason = groups.Count == 1 ? $"All frames belong to one group ('{groups[0].Name}')" : $"There are {groups.Count} groups for {parts} parts";
        }
        else
        {
            int[] assignment = GroupAssignment.Find([.. groups.Select(g => g.Count)], counts, requested, new SplitMix64(unchecked((ulong)request.Seed)));
            for (int g = 0; g < groups.Count && reason is null; g++)
            {
                if (assignment[g] < 3 && groups[g].Count > counts[assignment[g]])
                {
                    reason = $"The group '{groups[g].Name}' with {groups[g].Count} frames is larger than the part that would take it ({(DatasetPart)assignment[g]}, {counts[assignment[g]]} frames)";
                }
            }
        }

        if (reason is null)
        {
            return SplitMethod.Group;
        }

        findings.Add(new(
            FindingSeverity.Warning,
            "SplitBecameBlocked",
            reason + ", so the set is split into contiguous blocks along strain or time, with a gap left out where a group is cut.",
            Advice: "The test part is then close to what was trained on: errors on another crystal or trajectory will be larger. Choose -SplitBy yourself to silence this."));
        return SplitMethod.Blocked;
    }

    private static void ByFrame(int[] order, int[] counts, SplitMix64 random, DatasetPart[] parts)
    {
        int[] shuffled = [.. order];
        random.Shuffle<int>(shuffled);
        int at = 0;
        for (int part = 0; part < 4; part++)
        {
            for (int k = 0; k < counts[part]; k++)
            {
                parts[shuffled[at++]] = (DatasetPart)part;
            }
        }
    }

    // A number for each text, by ordinal order, so that it does not depend on the order of the frames.
    private static int[] Numbers(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        Dictionary<string, int> number = all.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i, StringComparer.Ordinal);
        return [.. all.Select(t => number[t])];
    }

    private static void FindTornGroups(int[] order, List<ItemGroup> groups, DatasetPart[] parts, bool byCluster, List<Finding> findings)
    {
        int torn = groups.Count(g => Enumerable.Range(g.Start, g.Count).Select(i => parts[order[i]]).Where(p => p != DatasetPart.LeftOut).Distinct().Skip(1).Any());
        if (torn > 0 && byCluster)
        {
            findings.Add(new(FindingSeverity.Warning, "SplitTearsGroups", $"{torn} of {groups.Count} groups reach over more than one cluster and stand in more than one part: where a cluster ends, neighbours may stand on both sides.", Advice: "The leak report tells how near they are."));
        }
        else if (torn > 0)
        {
            findings.Add(new(FindingSeverity.Warning, "SplitTearsGroups", $"{torn} of {groups.Count} groups stand in more than one part: neighbours in strain or time are both trained and tested on, so that the errors will look too small.", Advice: "Use -SplitBy Group or Blocked."));
        }
    }

    private static void FindDuplicates(IReadOnlyList<SplitItem> items, int[] order, DatasetPart[] parts, List<Finding> findings)
    {
        using var seen = new HashIndex(hasValues: true);
        int duplicates = 0, across = 0;
        foreach (int i in order)
        {
            if (!seen.TryAdd(items[i].Key.High, i, out int first) && items[i].Key == items[first].Key)
            {
                duplicates++;
                across += parts[i] != parts[first] && parts[i] != DatasetPart.LeftOut && parts[first] != DatasetPart.LeftOut ? 1 : 0;
            }
        }

        if (duplicates > 0)
        {
            findings.Add(new(FindingSeverity.Warning, "SplitDuplicateFrames", $"{duplicates} frames are exact copies of another one" + (across > 0 ? $", {across} of them in another part." : "."), Advice: "Remove the copies before the set is split."));
        }
    }
}

/// <summary>A group of frames: a range of the canonical order.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Start">Where it begins in the canonical order.</param>
/// <param name="Count">How many frames it has.</param>
internal readonly record struct ItemGroup(string Name, int Start, int Count);
