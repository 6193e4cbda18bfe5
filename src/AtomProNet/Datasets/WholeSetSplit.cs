using System.Globalization;

namespace AtomProNet.Datasets;

/// <summary>Puts whole sets of frames (groups, compositions, clusters) into parts.</summary>
internal static class WholeSetSplit
{
    /// <summary>Assigns each frame the part of its set.</summary>
    /// <param name="what">What the sets are, in the plural.</param>
    /// <param name="order">The frames.</param>
    /// <param name="setOf">The set of each place in the order, from 0.</param>
    /// <param name="counts">How many frames are due in training, validation, test and none of them.</param>
    /// <param name="requested">Whether training, validation and test are made.</param>
    /// <param name="random">The source of chance.</param>
    /// <param name="parts">Receives the part of each frame.</param>
    /// <param name="findings">Receives what the user should know.</param>
    /// <exception cref="AtomProNetException">There are fewer sets than parts.</exception>
    public static void Assign(string what, int[] order, int[] setOf, int[] counts, bool[] requested, SplitMix64 random, DatasetPart[] parts, List<Finding> findings)
    {
        int[] sizes = new int[setOf.Length == 0 ? 0 : setOf.Max() + 1];
        foreach (int set in setOf)
        {
            sizes[set]++;
        }

        int wanted = requested.Count(r => r);
        if (sizes.Length < wanted)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitTooFewGroups", $"{sizes.Length} {what} cannot be split into {wanted} parts without leaving one empty or tearing one apart.", remedy: "Use -SplitBy Blocked, ask for fewer parts, or give more frames.");
        }

        int[] assignment = GroupAssignment.Find(sizes, counts, requested, random), reached = new int[4];
        for (int place = 0; place < order.Length; place++)
        {
            int part = assignment[setOf[place]];
            reached[part]++;
            parts[order[place]] = (DatasetPart)part;
        }

        if (!reached.SequenceEqual(counts))
        {
            string told = string.Join(", ", Enumerable.Range(0, 3).Where(p => requested[p]).Select(p => string.Create(CultureInfo.InvariantCulture, $"{(DatasetPart)p} {reached[p]} instead of {counts[p]}")));
            findings.Add(new(FindingSeverity.Warning, "SplitSizesNotMet", $"{char.ToUpperInvariant(what[0]) + what[1..]} stay whole, so the sizes are the nearest possible ones: {told}.", Advice: what == "clusters" ? "Ask for more and smaller ones with -ClusterCount, if the sizes matter." : "Use -SplitBy Blocked for exact sizes."));
        }
    }
}
