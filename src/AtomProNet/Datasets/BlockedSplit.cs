namespace AtomProNet.Datasets;

/// <summary>
/// Blocks along strain or time. The groups are put into a random order, one behind the other, and the line is cut into one block
/// a part, the parts in random order. Where a cut goes through a group, the frames at the cut are left out; where it falls
/// between two groups nothing needs to be. So at most (parts − 1) groups are cut, and all sizes are exact.
/// </summary>
internal static class BlockedSplit
{
    /// <summary>Assigns each frame its part.</summary>
    /// <returns>The number of frames left out at cuts.</returns>
    public static int Assign(int[] order, List<ItemGroup> groups, SplitRequest request, SplitMix64 random, DatasetPart[] parts, List<Finding> findings)
    {
        bool[] requested = request.Requested(order.Length);
        int[] sequence = Enumerable.Range(0, 3).Where(p => requested[p]).ToArray();
        random.Shuffle<int>(sequence);
        int[] shuffledGroups = Enumerable.Range(0, groups.Count).ToArray();
        random.Shuffle<int>(shuffledGroups);

        // The line: for each place, the index of the frame; and where the group that stands there ends.
        int total = order.Length;
        int[] line = new int[total], groupEnd = new int[total];
        int at = 0;
        foreach (int g in shuffledGroups)
        {
            int end = at + groups[g].Count;
            for (int k = 0; k < groups[g].Count; k++, at++)
            {
                line[at] = order[groups[g].Start + k];
                groupEnd[at] = end;
            }
        }

        int cuts = sequence.Length - 1;
        int[] gaps = FindGaps(request, requested, sequence, groupEnd, total, out int[] counts, findings);
        Array.Fill(parts, DatasetPart.LeftOut);
        at = 0;
        for (int k = 0; k < sequence.Length; k++)
        {
            for (int n = 0; n < counts[sequence[k]]; n++)
            {
                parts[line[at++]] = (DatasetPart)sequence[k];
            }

            at += k < cuts ? gaps[k] : 0;
        }

        return gaps.Sum();
    }

    // The gaps shorten the line, which moves the cuts, which may then need other gaps: repeated until both agree.
    private static int[] FindGaps(SplitRequest request, bool[] requested, int[] sequence, int[] groupEnd, int total, out int[] counts, List<Finding> findings)
    {
        int cuts = sequence.Length - 1;
        int room = cuts == 0 ? 0 : (total - sequence.Length) / cuts;
        int[] gaps = new int[cuts];
        counts = Sizes(gaps);
        for (int round = 0; round < 64; round++)
        {
            int[] needed = new int[cuts];
            int at = 0;
            for (int k = 0; k < cuts; k++)
            {
                at += counts[sequence[k]];
                // Place at − 1 is the last of the block: the gap reaches as far as its group does, but no farther than asked for.
                int groupSize = GroupSize(at - 1);
                int wanted = request.GapFrameCount ?? Math.Max(1, (int)Math.Round(groupSize / 100.0, MidpointRounding.AwayFromZero));
                needed[k] = Math.Min(Math.Min(wanted, groupEnd[at - 1] - at), room);
                at += round < 32 ? needed[k] : Math.Max(needed[k], gaps[k]);
            }

            if (needed.SequenceEqual(gaps) || (round >= 32 && needed.Zip(gaps).All(p => p.First <= p.Second)))
            {
                break;
            }

            // Where two solutions alternate, the larger gaps win: leaving out too much does no harm.
            gaps = round < 32 ? needed : [.. needed.Zip(gaps).Select(p => Math.Max(p.First, p.Second))];
            counts = Sizes(gaps);
        }

        if (room == 0 && request.GapFrameCount is not 0 && cuts > 0)
        {
            findings.Add(new(FindingSeverity.Warning, "SplitWithoutGap", "There are too few frames to leave a gap between the blocks: neighbours may stand on both sides of a cut.", Advice: "Give more frames, or ask for fewer parts."));
        }

        return gaps;

        int GroupSize(int place)
        {
            int end = groupEnd[place], start = place;
            while (start > 0 && groupEnd[start - 1] == end)
            {
                start--;
            }

            return end - start;
        }

        int[] Sizes(int[] gaps)
        {
            int left = total - gaps.Sum();
            try
            {
                return request.Counts(left, requested);
            }
            catch (AtomProNetException e) when (e.ErrorId == "SplitCountsExceedFrames" && left < total)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitNoRoomForGap", $"The parts take all {total} frames, so that none are left for the gap between the blocks ({total - left} are needed).", remedy: "Ask for fewer frames, give one part the rest by leaving out its count, or set the gap to 0 (-GapFrameCount 0).", inner: e);
            }
        }
    }
}
