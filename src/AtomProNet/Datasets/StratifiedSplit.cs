namespace AtomProNet.Datasets;

/// <summary>
/// Deals frames out at random such that every part gets its share of each stratum, to within a frame or two: strata stand one behind the
/// other, each shuffled, and each frame goes to the part that is farthest behind its share. Sizes are exact.
/// </summary>
internal static class StratifiedSplit
{
    // Deciles of a formula's energies, where it has frames enough.
    private const int FramesPerBin = 10, MaximumBins = 10;

    /// <summary>Strata of equal config type.</summary>
    public static IEnumerable<int[]> ByConfigType(IReadOnlyList<SplitItem> items, int[] order) =>
        order.GroupBy(i => items[i].ConfigType ?? "", StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray());

    /// <summary>Strata of like energy per atom within one formula; frames without energy make one of their own.</summary>
    public static IEnumerable<int[]> ByEnergy(IReadOnlyList<SplitItem> items, int[] order)
    {
        foreach (IGrouping<(string, bool), int> formula in order.GroupBy(i => (items[i].Composition ?? "", items[i].EnergyPerAtom is null)).OrderBy(g => g.Key.Item2).ThenBy(g => g.Key.Item1, StringComparer.Ordinal))
        {
            int[] line = [.. formula.OrderBy(i => items[i].EnergyPerAtom).ThenBy(i => items[i].Key)];
            int bins = Math.Clamp(line.Length / FramesPerBin, 1, MaximumBins);
            for (int b = 0; b < bins; b++)
            {
                yield return line[(int)((long)line.Length * b / bins)..(int)((long)line.Length * (b + 1) / bins)];
            }
        }
    }

    /// <summary>Assigns each frame its part.</summary>
    public static void Assign(IEnumerable<int[]> strata, int[] counts, SplitMix64 random, DatasetPart[] parts)
    {
        int[][] shuffled = [.. strata];
        random.Shuffle<int[]>(shuffled);
        long total = shuffled.Sum(s => (long)s.Length), done = 0;
        long[] dealt = new long[4];
        foreach (int[] stratum in shuffled)
        {
            random.Shuffle<int>(stratum);
            foreach (int frame in stratum)
            {
                done++;
                int behind = -1;
                long most = long.MinValue;
                for (int part = 0; part < 4; part++)
                {
                    long deficit = counts[part] * done - dealt[part] * total;
                    if (dealt[part] < counts[part] && deficit > most)
                    {
                        (behind, most) = (part, deficit);
                    }
                }

                dealt[behind]++;
                parts[frame] = (DatasetPart)behind;
            }
        }
    }
}
