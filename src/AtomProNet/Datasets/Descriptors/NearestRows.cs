namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// Finds the rows of a table that lie nearest to another: the rows are put into cells about some of them, and cells that cannot hold a
/// nearer one are passed over (by the triangle inequality), so that nothing is missed.
/// </summary>
internal sealed class NearestRows
{
    // What rounding in single precision can do to a distance.
    private const double Slack = 1e-5;

    private readonly DescriptorTable table;
    private readonly int[] rows;
    private readonly int[] pivots;
    private readonly double[] radii;
    private readonly int[][] members;

    /// <summary>Prepares the search.</summary>
    /// <param name="table">The descriptors.</param>
    /// <param name="rows">The rows to search among.</param>
    /// <param name="cancellation">Ends the work.</param>
    public NearestRows(DescriptorTable table, int[] rows, CancellationToken cancellation = default)
    {
        table.Flush();
        this.table = table;
        this.rows = rows;
        int count = (int)Math.Sqrt(rows.Length);
        pivots = [.. Enumerable.Range(0, Math.Max(count, Math.Min(1, rows.Length))).Select(p => rows[(long)p * rows.Length / Math.Max(1, count)])];
        var home = new int[rows.Length];
        var distance = new double[rows.Length];
        Parallel.For(0, rows.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            float least = float.PositiveInfinity;
            for (int p = 0; p < pivots.Length; p++)
            {
                float d = DescriptorProjection.SquaredDistance(table.Projection(rows[i]), table.Projection(pivots[p]));
                if (d < least)
                {
                    (least, home[i]) = (d, p);
                }
            }

            distance[i] = Math.Sqrt(least);
        });
        members = [.. Enumerable.Range(0, pivots.Length).Select(_ => Array.Empty<int>())];
        radii = new double[pivots.Length];
        foreach (IGrouping<int, int> cell in Enumerable.Range(0, rows.Length).GroupBy(i => home[i]))
        {
            members[cell.Key] = [.. cell];
            radii[cell.Key] = cell.Max(i => distance[i]);
        }
    }

    /// <summary>The nearest rows to row <paramref name="row"/>, nearest first; of equally near ones those that were given first.</summary>
    public int[] Find(int row, int count)
    {
        ReadOnlySpan<float> point = table.Projection(row);
        var distances = new double[pivots.Length];
        var cells = new int[pivots.Length];
        for (int p = 0; p < pivots.Length; p++)
        {
            // The least distance that a member of the cell can have.
            distances[p] = Math.Max(0, Math.Sqrt(DescriptorProjection.SquaredDistance(point, table.Projection(pivots[p]))) - radii[p]);
            cells[p] = p;
        }

        Array.Sort(distances, cells);
        var best = new List<(float Squared, int Place)>(count + 1);
        for (int c = 0; c < cells.Length; c++)
        {
            if (best.Count == count && distances[c] * (1 - Slack) > Math.Sqrt(best[^1].Squared) * (1 + Slack))
            {
                break;
            }

            foreach (int candidate in members[cells[c]])
            {
                float squared = DescriptorProjection.SquaredDistance(point, table.Projection(rows[candidate]));
                if (best.Count < count || squared < best[^1].Squared || (squared == best[^1].Squared && candidate < best[^1].Place))
                {
                    int at = best.FindIndex(b => squared < b.Squared || (squared == b.Squared && candidate < b.Place));
                    best.Insert(at < 0 ? best.Count : at, (squared, candidate));
                    if (best.Count > count)
                    {
                        best.RemoveAt(count);
                    }
                }
            }
        }

        return [.. best.Select(b => rows[b.Place])];
    }
}
