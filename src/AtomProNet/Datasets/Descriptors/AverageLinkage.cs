namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// Hierarchical clusters by average linkage (UPGMA; R. R. Sokal, C. D. Michener, Univ. Kansas Sci. Bull. 38, 1409 (1958)): two clusters are as
/// far apart as their members are on average. Found along chains of nearest neighbours (F. Murtagh, Comput. J. 26, 354 (1983)) in a time
/// that grows with the square of the number of points.
/// </summary>
internal sealed class AverageLinkage
{
    private readonly int points;
    private readonly (int A, int B, double Height)[] merges;

    /// <summary>Builds the tree.</summary>
    /// <param name="table">The descriptors.</param>
    /// <param name="rows">The rows of the points.</param>
    /// <param name="weights">How many members each point stands for.</param>
    /// <param name="cancellation">Ends the work.</param>
    public AverageLinkage(DescriptorTable table, IReadOnlyList<int> rows, IReadOnlyList<int> weights, CancellationToken cancellation = default)
    {
        points = rows.Count;
        var distance = new double[points, points];
        for (int i = 0; i < points; i++)
        {
            for (int j = 0; j < i; j++)
            {
                distance[i, j] = distance[j, i] = Math.Sqrt(DescriptorProjection.SquaredDistance(table.Projection(rows[i]), table.Projection(rows[j])));
            }
        }

        merges = Merge(distance, [.. weights.Select(w => (double)w)], cancellation);
        Array.Sort(merges, (a, b) => a.Height.CompareTo(b.Height) is var byHeight and not 0 ? byHeight : (a.A, a.B).CompareTo((b.A, b.B)));
    }

    /// <summary>The clusters where the tree is cut into <paramref name="count"/> (or as many as there are points): for each point its cluster, from 0, by the first point in it.</summary>
    public int[] Cut(int count)
    {
        int[] parent = [.. Enumerable.Range(0, points)];
        foreach ((int a, int b, _) in merges.Take(Math.Max(0, points - count)))
        {
            int x = Root(a), y = Root(b);
            parent[Math.Max(x, y)] = Math.Min(x, y);
        }

        var numbers = new Dictionary<int, int>();
        var clusters = new int[points];
        for (int i = 0; i < points; i++)
        {
            int root = Root(i);
            if (!numbers.TryGetValue(root, out int number))
            {
                numbers.Add(root, number = numbers.Count);
            }

            clusters[i] = number;
        }

        return clusters;

        int Root(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }

            return i;
        }
    }

    // Follows nearest neighbours until two are each other's, joins them, and goes on from where the chain is left. Each merge is named by one point of either side.
    private static (int A, int B, double Height)[] Merge(double[,] distance, double[] size, CancellationToken cancellation)
    {
        int n = size.Length;
        var alive = new bool[n];
        alive.AsSpan().Fill(true);
        var chain = new Stack<int>();
        var merges = new (int, int, double)[Math.Max(0, n - 1)];
        for (int done = 0; done < merges.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (chain.Count == 0)
            {
                chain.Push(Array.IndexOf(alive, true));
            }

            while (true)
            {
                int top = chain.Pop(), before = chain.TryPeek(out int b) ? b : -1, best = before;
                for (int j = 0; j < n; j++)
                {
                    // The one before wins ties, or the chain would not end.
                    if (alive[j] && j != top && (best < 0 || distance[top, j] < distance[top, best]))
                    {
                        best = j;
                    }
                }

                if (best == before)
                {
                    chain.Pop();
                    merges[done++] = (Math.Min(top, before), Math.Max(top, before), distance[top, before]);
                    Join(Math.Min(top, before), Math.Max(top, before));
                    break;
                }

                chain.Push(top);
                chain.Push(best);
            }
        }

        return merges;

        // The cluster lives on under the first name.
        void Join(int keep, int drop)
        {
            alive[drop] = false;
            double a = size[keep], b = size[drop];
            for (int k = 0; k < n; k++)
            {
                if (alive[k] && k != keep)
                {
                    distance[keep, k] = distance[k, keep] = (a * distance[keep, k] + b * distance[drop, k]) / (a + b);
                }
            }

            size[keep] = a + b;
        }
    }
}
