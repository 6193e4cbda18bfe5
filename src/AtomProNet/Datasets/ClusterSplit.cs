using AtomProNet.Datasets.Descriptors;

namespace AtomProNet.Datasets;

/// <summary>
/// Finds clusters of similar frames for a split. A thousand frames that lie as far apart as can be stand for all others (each frame for
/// the one that it is nearest to, so that copies stay together); average linkage joins these into clusters, as few and so as large
/// as meet the sizes.
/// </summary>
internal static class ClusterSplit
{
    private const int MaximumLeaders = 1000;

    // How far a part may miss its size before more and smaller clusters are tried.
    private const double Tolerance = 0.25;

    /// <summary>The cluster of each place in the order, from 0.</summary>
    public static int[] Find(DescriptorTable table, int[] rows, SplitRequest request, int[] counts, bool[] requested, CancellationToken cancellation)
    {
        FarthestPoints leaders = FarthestPoints.Pick(table, rows, Math.Min(MaximumLeaders, rows.Length), cancellation);
        int[] weights = new int[leaders.Picked.Count];
        foreach (int owner in leaders.Owners)
        {
            weights[owner]++;
        }

        var tree = new AverageLinkage(table, leaders.Picked, weights, cancellation);
        int[] best = [];
        long least = long.MaxValue;
        int parts = requested.Count(r => r), first = request.ClusterCount ?? parts, last = request.ClusterCount ?? weights.Length;
        for (int count = first; count <= Math.Max(first, last); count += 1 + count / 10)
        {
            int[] clusters = tree.Cut(count), sizes = new int[clusters.Max() + 1];
            for (int leader = 0; leader < weights.Length; leader++)
            {
                sizes[clusters[leader]] += weights[leader];
            }

            int[] assignment = GroupAssignment.Find(sizes, counts, requested, new SplitMix64(unchecked((ulong)request.Seed))), reached = new int[4];
            for (int c = 0; c < sizes.Length; c++)
            {
                reached[assignment[c]] += sizes[c];
            }

            long missed = Enumerable.Range(0, 4).Sum(p => Math.Abs((long)reached[p] - counts[p]));
            if (missed < least)
            {
                (best, least) = (clusters, missed);
            }

            if (Enumerable.Range(0, 3).All(p => Math.Abs((long)reached[p] - counts[p]) <= Tolerance * counts[p]))
            {
                break;
            }
        }

        return [.. leaders.Owners.Select(o => best[o])];
    }
}
