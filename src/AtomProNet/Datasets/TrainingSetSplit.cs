using System.Collections.Immutable;
using System.Globalization;

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
    /// <exception cref="AtomProNetException">The sizes cannot be met (see <see cref="SplitRequest.Counts(int)"/>), or there are fewer groups than parts and splitting by group was asked for.</exception>
    public static SplitPlan Split(IReadOnlyList<SplitItem> items, SplitRequest request)
    {
        int[] order = CanonicalOrder(items);
        List<ItemGroup> groups = Groups(items, order);
        var findings = new List<Finding>();
        var parts = new DatasetPart[items.Count];
        SplitMethod? method = null;
        int gap = 0;
        if (request.IsSplit)
        {
            bool[] requested = request.Requested(items.Count);
            int[] counts = request.Counts(items.Count, requested);
            method = request.Method ?? Choose(groups, counts, requested, request, findings);
            var random = new SplitMix64(unchecked((ulong)request.Seed));
            switch (method)
            {
                case SplitMethod.Group:
                    ByGroup(order, groups, counts, requested, random, parts, findings);
                    break;
                case SplitMethod.Blocked:
                    gap = BlockedSplit.Assign(order, groups, request, random, parts, findings);
                    break;
                default:
                    ByFrame(order, groups, counts, random, parts, findings);
                    break;
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
            Findings = [.. findings],
        };
    }

    /// <summary>
    /// The frames by group, each group along strain or time. Groups stand in the order of the least key of their frames, which does not
    /// depend on names of files or folders.
    /// </summary>
    private static int[] CanonicalOrder(IReadOnlyList<SplitItem> items)
    {
        var least = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        foreach (SplitItem item in items)
        {
            least[item.Group] = least.TryGetValue(item.Group, out UInt128 key) && key < item.Key ? key : item.Key;
        }

        UInt128[] groupKeys = items.Select(i => least[i.Group]).ToArray();
        int[] order = Enumerable.Range(0, items.Count).ToArray();
        Array.Sort(order, (a, b) =>
        {
            int byGroup = groupKeys[a].CompareTo(groupKeys[b]);
            byGroup = byGroup != 0 ? byGroup : string.CompareOrdinal(items[a].Group, items[b].Group);
            int byPosition = byGroup != 0 ? byGroup : items[a].Position.CompareTo(items[b].Position);
            return byPosition != 0 ? byPosition : items[a].Key.CompareTo(items[b].Key);
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

    private static void ByGroup(int[] order, List<ItemGroup> groups, int[] counts, bool[] requested, SplitMix64 random, DatasetPart[] parts, List<Finding> findings)
    {
        int wanted = requested.Count(r => r);
        if (groups.Count < wanted)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitTooFewGroups", $"{groups.Count} groups cannot be split into {wanted} parts without leaving one empty or tearing a group apart.", remedy: "Use -SplitBy Blocked, ask for fewer parts, or give frames of more groups.");
        }

        int[] assignment = GroupAssignment.Find([.. groups.Select(g => g.Count)], counts, requested, random);
        int[] reached = new int[4];
        for (int g = 0; g < groups.Count; g++)
        {
            reached[assignment[g]] += groups[g].Count;
            for (int i = groups[g].Start; i < groups[g].Start + groups[g].Count; i++)
            {
                parts[order[i]] = (DatasetPart)assignment[g];
            }
        }

        if (!reached.SequenceEqual(counts))
        {
            string told = string.Join(", ", Enumerable.Range(0, 3).Where(p => requested[p]).Select(p => string.Create(CultureInfo.InvariantCulture, $"{(DatasetPart)p} {reached[p]} instead of {counts[p]}")));
            findings.Add(new(FindingSeverity.Warning, "SplitSizesNotMet", $"Groups stay whole, so the sizes are the nearest possible ones: {told}.", Advice: "Use -SplitBy Blocked for exact sizes."));
        }
    }

    private static void ByFrame(int[] order, List<ItemGroup> groups, int[] counts, SplitMix64 random, DatasetPart[] parts, List<Finding> findings)
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

        int torn = groups.Count(g => Enumerable.Range(g.Start, g.Count).Select(i => parts[order[i]]).Where(p => p != DatasetPart.LeftOut).Distinct().Skip(1).Any());
        if (torn > 0)
        {
            findings.Add(new(FindingSeverity.Warning, "SplitTearsGroups", $"{torn} of {groups.Count} groups stand in more than one part: neighbours in strain or time are both trained and tested on, so that the errors will look too small.", Advice: "Use -SplitBy Group or Blocked."));
        }
    }

    private static void FindDuplicates(IReadOnlyList<SplitItem> items, int[] order, DatasetPart[] parts, List<Finding> findings)
    {
        var seen = new Dictionary<UInt128, DatasetPart>();
        int duplicates = 0, across = 0;
        foreach (int i in order)
        {
            if (!seen.TryAdd(items[i].Key, parts[i]))
            {
                duplicates++;
                across += parts[i] != seen[items[i].Key] && parts[i] != DatasetPart.LeftOut && seen[items[i].Key] != DatasetPart.LeftOut ? 1 : 0;
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
