using AtomProNet.Datasets.Descriptors;

namespace AtomProNet.Datasets.Statistics;

/// <summary>
/// Covers the frames of a set, as they pass by, with few balls in descriptor space (the doubling algorithm: Charikar, Chekuri, Feder,
/// Motwani, SIAM J. Comput. 33, 1417 (2004)): a frame within the radius of a centre counts for it, any other becomes a centre; where there are
/// too many, the radius grows and centres that now lie in each other's balls are joined. Bounded memory, one pass, no chance.
/// </summary>
internal sealed class CoverageNet
{
    /// <summary>How many centres there are at the most.</summary>
    public const int MaximumCentres = 256;

    // Frames nearer than this are the same for any model; where Find-DuplicateFrame calls them near, too.
    private const double FirstRadius = 1e-3, Growth = 1.5;

    private readonly List<Centre> centres = [];

    public double Radius { get; private set; } = FirstRadius;

    public long FrameCount { get; private set; }

    public IReadOnlyList<Centre> Centres => centres;

    public void Add(ReadOnlySpan<float> projection, int frame, string formula)
    {
        FrameCount++;
        Centre? nearest = Nearest(projection, out double distance);
        if (nearest is not null && distance <= Radius)
        {
            nearest.Count++;
            return;
        }

        centres.Add(new(projection.ToArray(), frame, formula));
        while (centres.Count > MaximumCentres)
        {
            Radius *= Growth;
            Join();
        }
    }

    private Centre? Nearest(ReadOnlySpan<float> projection, out double distance)
    {
        Centre? best = null;
        distance = double.PositiveInfinity;
        double length = Length(projection);
        foreach (Centre centre in centres)
        {
            // FrameDescriptor.Distance on projections, with the lengths of the centres kept.
            double mean = (length + centre.Length) / 2;
            double d = mean > 0 ? Math.Sqrt(DescriptorProjection.SquaredDistance(projection, centre.Projection)) / mean : 0;
            if (d < distance)
            {
                (best, distance) = (centre, d);
            }
        }

        return best;
    }

    private static double Length(ReadOnlySpan<float> projection)
    {
        double sum = 0;
        foreach (float x in projection)
        {
            sum += (double)x * x;
        }

        return Math.Sqrt(sum);
    }

    private void Join()
    {
        Centre[] old = [.. centres];
        centres.Clear();
        foreach (Centre centre in old)
        {
            Centre? home = Nearest(centre.Projection, out double distance);
            if (home is not null && distance <= Radius)
            {
                home.Count += centre.Count;
            }
            else
            {
                centres.Add(centre);
            }
        }
    }

    /// <summary>A ball.</summary>
    /// <param name="Projection">The descriptor in its middle, projected.</param>
    /// <param name="Frame">The number of the frame in its middle, from 1.</param>
    /// <param name="Formula">The reduced formula of that frame.</param>
    internal sealed record Centre(float[] Projection, int Frame, string Formula)
    {
        /// <summary>The length of the projection.</summary>
        public double Length { get; } = CoverageNet.Length(Projection);

        /// <summary>How many frames lie in it.</summary>
        public long Count { get; set; } = 1;
    }
}
