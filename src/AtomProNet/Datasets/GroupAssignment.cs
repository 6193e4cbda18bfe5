namespace AtomProNet.Datasets;

/// <summary>Puts whole groups into parts so that the sizes come as near as possible to what was asked for.</summary>
internal static class GroupAssignment
{
    // So many ways can all be tried (12 groups and three parts); with more groups there is little left that local improvement could miss.
    private const double ExhaustiveLimit = 600_000;

    /// <summary>
    /// Finds an assignment with the least Σ|size − target|, no requested part empty; which of the equally good ones is a matter of chance.
    /// Up to twelve groups all assignments are tried; with more, the largest deficit is served first and moves and exchanges improve on it.
    /// </summary>
    /// <param name="sizes">The size of each group.</param>
    /// <param name="targets">The sizes of training, validation, test and of what is left out.</param>
    /// <param name="requested">Whether training, validation and test are to be made.</param>
    /// <param name="random">The source of chance.</param>
    /// <returns>For each group 0, 1, 2 or 3 (left out).</returns>
    public static int[] Find(int[] sizes, int[] targets, bool[] requested, SplitMix64 random)
    {
        int[] open = Enumerable.Range(0, 4).Where(p => p < 3 ? requested[p] : targets[3] > 0).ToArray();
        int[] shuffled = Enumerable.Range(0, sizes.Length).ToArray();
        random.Shuffle<int>(shuffled);
        int[] mixed = [.. shuffled.Select(g => sizes[g])];
        int[] found = Math.Pow(open.Length, sizes.Length) <= ExhaustiveLimit ? Exhaustive(mixed, targets, requested, open) : Greedy(mixed, targets, requested, open);
        int[] result = new int[sizes.Length];
        for (int k = 0; k < shuffled.Length; k++)
        {
            result[shuffled[k]] = found[k];
        }

        return result;
    }

    private static int[] Exhaustive(int[] sizes, int[] targets, bool[] requested, int[] open)
    {
        int[] current = new int[sizes.Length], best = new int[sizes.Length], reached = new int[4];
        long bestCost = long.MaxValue;
        Visit(0);
        return best;

        void Visit(int g)
        {
            if (g == sizes.Length)
            {
                long cost = Cost(reached, targets, requested);
                if (cost < bestCost)
                {
                    bestCost = cost;
                    current.CopyTo(best, 0);
                }

                return;
            }

            foreach (int part in open)
            {
                current[g] = part;
                reached[part] += sizes[g];
                Visit(g + 1);
                reached[part] -= sizes[g];
            }
        }
    }

    private static int[] Greedy(int[] sizes, int[] targets, bool[] requested, int[] open)
    {
        int[] result = new int[sizes.Length], reached = new int[4], members = new int[4];
        int left = sizes.Length;
        foreach (int g in Enumerable.Range(0, sizes.Length).OrderByDescending(g => sizes[g]))
        {
            // Enough groups are kept back for parts that have none yet.
            int[] empty = open.Where(p => p < 3 && members[p] == 0).ToArray();
            int[] choice = left <= empty.Length ? empty : open;
            int part = choice.MaxBy(p => targets[p] - reached[p]);
            result[g] = part;
            reached[part] += sizes[g];
            members[part]++;
            left--;
        }

        Improve(sizes, targets, requested, open, result, reached);
        return result;
    }

    // Single moves and exchanges between two parts, by classes of equal size so that thousands of equal groups cost nothing.
    private static void Improve(int[] sizes, int[] targets, bool[] requested, int[] open, int[] result, int[] reached)
    {
        int[] classes = [.. sizes.Distinct().Order()];
        Dictionary<int, int> classOf = classes.Select((s, i) => (s, i)).ToDictionary(p => p.s, p => p.i);
        var members = new Stack<int>[4, classes.Length];
        for (int p = 0; p < 4; p++)
        {
            for (int c = 0; c < classes.Length; c++)
            {
                members[p, c] = new();
            }
        }

        for (int g = 0; g < sizes.Length; g++)
        {
            members[result[g], classOf[sizes[g]]].Push(g);
        }

        for (int round = 0; round < 1000; round++)
        {
            long bestCost = Cost(reached, targets, requested);
            (int From, int To, int Class, int Back)? best = null;
            foreach (int from in open)
            {
                foreach (int to in open.Where(t => t != from))
                {
                    for (int c = 0; c < classes.Length; c++)
                    {
                        if (members[from, c].Count == 0)
                        {
                            continue;
                        }

                        Try(from, to, c, -1);
                        for (int back = 0; back < c && classes.Length <= 300; back++)
                        {
                            if (members[to, back].Count > 0)
                            {
                                Try(from, to, c, back);
                            }
                        }
                    }
                }
            }

            if (best is not { } step)
            {
                return;
            }

            Move(step.From, step.To, step.Class);
            if (step.Back >= 0)
            {
                Move(step.To, step.From, step.Back);
            }

            void Try(int from, int to, int c, int back)
            {
                int shift = classes[c] - (back < 0 ? 0 : classes[back]);
                reached[from] -= shift;
                reached[to] += shift;
                long cost = Cost(reached, targets, requested);
                reached[from] += shift;
                reached[to] -= shift;
                if (cost < bestCost)
                {
                    bestCost = cost;
                    best = (from, to, c, back);
                }
            }
        }

        void Move(int from, int to, int c)
        {
            int g = members[from, c].Pop();
            members[to, c].Push(g);
            result[g] = to;
            reached[from] -= classes[c];
            reached[to] += classes[c];
        }
    }

    // An empty part costs more than any deviation.
    private static long Cost(int[] reached, int[] targets, bool[] requested)
    {
        long cost = 0;
        for (int p = 0; p < 4; p++)
        {
            cost += Math.Abs((long)reached[p] - targets[p]) + (p < 3 && requested[p] && reached[p] == 0 ? 1L << 40 : 0);
        }

        return cost;
    }
}
