namespace AtomProNet.Datasets.Descriptors;

/// <summary>Points picked one by one, each as far as can be from all before it, and whom each of the others is nearest to.</summary>
/// <param name="Picked">The points in the order in which they were picked.</param>
/// <param name="Owners">For each place of the order that was given, which of the picked ones (0, 1, …) is nearest.</param>
internal sealed record FarthestPoints(IReadOnlyList<int> Picked, int[] Owners)
{
    /// <summary>
    /// Picks points (T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985)): the first is the one nearest to the mean, so that a single one
    /// is typical; ties go to the earlier in the order. Ends early where only copies of picked ones are left.
    /// </summary>
    /// <param name="table">The descriptors.</param>
    /// <param name="order">The rows of the table to pick from, in an order that does not depend on that of the input.</param>
    /// <param name="count">How many to pick.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <param name="progress">Told how many are picked; null where nobody asks.</param>
    public static FarthestPoints Pick(DescriptorTable table, int[] order, int count, CancellationToken cancellation = default, Action<int>? progress = null)
    {
        table.Flush();
        var picked = new List<int>();
        var owners = new int[order.Length];
        if (order.Length == 0 || count < 1)
        {
            return new(picked, owners);
        }

        var nearest = new float[order.Length];
        nearest.AsSpan().Fill(float.PositiveInfinity);
        int shares = order.Length < 4096 ? 1 : Environment.ProcessorCount;
        var farthest = new int[shares];
        int next = Typical(table, order);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int number = picked.Count, row = order[next];
            picked.Add(row);
            if (shares == 1)
            {
                Update(0);
            }
            else
            {
                Parallel.For(0, shares, Update);
            }

            next = farthest[0];
            for (int s = 1; s < shares; s++)
            {
                next = nearest[farthest[s]] > nearest[next] ? farthest[s] : next;
            }

            progress?.Invoke(picked.Count);
            if (picked.Count == count || nearest[next] == 0)
            {
                return new(picked, owners);
            }

            void Update(int share)
            {
                int from = (int)((long)order.Length * share / shares), to = (int)((long)order.Length * (share + 1) / shares);
                ReadOnlySpan<float> centre = table.Projection(row);
                int best = from;
                for (int i = from; i < to; i++)
                {
                    float distance = DescriptorProjection.SquaredDistance(centre, table.Projection(order[i]));
                    if (distance < nearest[i])
                    {
                        nearest[i] = distance;
                        owners[i] = number;
                    }

                    best = nearest[i] > nearest[best] ? i : best;
                }

                farthest[share] = best;
            }
        }
    }

    // The place in the order of the row nearest to the mean of all.
    private static int Typical(DescriptorTable table, int[] order)
    {
        var mean = new double[DescriptorProjection.Length];
        foreach (int row in order)
        {
            ReadOnlySpan<float> p = table.Projection(row);
            for (int k = 0; k < mean.Length; k++)
            {
                mean[k] += p[k];
            }
        }

        float[] centre = Array.ConvertAll(mean, m => (float)(m / order.Length));
        int best = 0;
        float least = float.PositiveInfinity;
        for (int i = 0; i < order.Length; i++)
        {
            float distance = DescriptorProjection.SquaredDistance(centre, table.Projection(order[i]));
            if (distance < least)
            {
                (best, least) = (i, distance);
            }
        }

        return best;
    }
}
