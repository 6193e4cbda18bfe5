using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Frames along one line of deformations F(t) = 1 + t·D from a common lattice.</summary>
/// <param name="Direction">D, of length 1 as nine numbers.</param>
/// <param name="Points">The frames by ascending t.</param>
/// <param name="Deformations">F of each frame, r′ = r·F.</param>
/// <param name="Parameters">t of each frame.</param>
internal sealed record SeriesPath(Matrix3x3 Direction, SeriesPoint[] Points, Matrix3x3[] Deformations, double[] Parameters);

/// <summary>Finds the lines in a set of strained cells: hydrostatic, along one axis or shear, or whatever line they all lie on.</summary>
internal static class SeriesPaths
{
    private const double MinimumRange = 2e-3;
    private const int MinimumFrames = 5;

    public static IEnumerable<SeriesPath> Find(List<SeriesPoint> points)
    {
        // The frame nearest to the middle of all cells lies on every line of a set of series from one parent.
        int centre = Centre(points);
        Matrix3x3 inverse = points[centre].Lattice.Inverse();
        Matrix3x3[] deformations = [.. points.Select(p => inverse * p.Lattice)];
        Matrix3x3[] strains = [.. deformations.Select(f => f - Matrix3x3.Identity)];
        var free = new HashSet<int>(Enumerable.Range(0, points.Count));
        foreach (Matrix3x3 direction in Directions(strains))
        {
            int[] members = [.. free.Where(i => IsAlong(strains[i], direction)).OrderBy(i => Dot(strains[i], direction))];
            // The same cell twice (a copy, another magnetic state) is one point at most.
            members = [.. members.Where((m, k) => k == 0 || Dot(strains[m], direction) - Dot(strains[members[k - 1]], direction) > 1e-6)];
            if (members.Length < MinimumFrames || Dot(strains[members[^1]], direction) - Dot(strains[members[0]], direction) < MinimumRange)
            {
                continue;
            }

            yield return new(direction, [.. members.Select(m => points[m])], [.. members.Select(m => deformations[m])], [.. members.Select(m => Dot(strains[m], direction))]);
            // The centre stays for the other lines.
            free.ExceptWith(members.Where(m => m != centre));
        }
    }

    // A set may hold thousands of short series: loops, where a query would cost more than what it does.
    private static int Centre(List<SeriesPoint> points)
    {
        double[][] rows = [.. points.Select(p => p.Lattice.ToRowMajor())];
        double[] distances = new double[rows.Length], column = new double[rows.Length];
        for (int entry = 0; entry < 9; entry++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                column[i] = rows[i][entry];
            }

            double middle = Evaluation.OrderStatistics.Percentiles(column, [50])[0];
            for (int i = 0; i < rows.Length; i++)
            {
                distances[i] += (rows[i][entry] - middle) * (rows[i][entry] - middle);
            }
        }

        return Array.IndexOf(distances, distances.Min());
    }

    // First the line towards the farthest cell, on which a single series lies as a whole; then the usual ones.
    private static IEnumerable<Matrix3x3> Directions(Matrix3x3[] strains)
    {
        Matrix3x3 farthest = strains.MaxBy(Length);
        if (Length(farthest) > 0 && strains.All(s => IsAlong(s, farthest * (1 / Length(farthest)))))
        {
            yield return farthest * (1 / Length(farthest));
            yield break;
        }

        yield return Matrix3x3.Identity * (1 / Math.Sqrt(3));
        for (int entry = 0; entry < 9; entry++)
        {
            var numbers = new double[9];
            numbers[entry] = 1;
            yield return Matrix3x3.FromRowMajor(numbers);
            // Shears come symmetric, too.
            int transposed = entry % 3 * 3 + entry / 3;
            if (transposed > entry)
            {
                numbers[entry] = numbers[transposed] = 1 / Math.Sqrt(2);
                yield return Matrix3x3.FromRowMajor(numbers);
            }
        }
    }

    private static bool IsAlong(Matrix3x3 strain, Matrix3x3 direction) => Length(strain - direction * Dot(strain, direction)) < 1e-5 + 1e-3 * Length(strain);

    private static double Dot(Matrix3x3 a, Matrix3x3 b) => Vector3D.Dot(a.Row1, b.Row1) + Vector3D.Dot(a.Row2, b.Row2) + Vector3D.Dot(a.Row3, b.Row3);

    private static double Length(Matrix3x3 m) => Math.Sqrt(Dot(m, m));
}
