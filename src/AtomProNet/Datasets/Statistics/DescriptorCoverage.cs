using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace AtomProNet.Datasets.Statistics;

/// <summary>A ball of frames that look alike.</summary>
/// <param name="Frame">The number of the frame in its middle, from 1.</param>
/// <param name="Formula">The reduced formula of that frame.</param>
/// <param name="FrameCount">How many frames lie in it.</param>
/// <param name="X">Its place along the direction in which the balls differ most (principal components of their descriptors).</param>
/// <param name="Y">Its place along the second direction.</param>
public sealed record CoverageRegion(int Frame, string Formula, long FrameCount, double X, double Y)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FrameCount} frames like frame {Frame} ({Formula})");
}

/// <summary>How much of the space of structures a set covers, and how evenly.</summary>
/// <param name="FrameCount">How many frames were looked at.</param>
/// <param name="Radius">
/// The radius of a ball, as a distance of descriptors (0 for the same structure, some 0.01 for neighbours in a strain series, 1 for strangers). It is as small as at most 256
/// balls allow; balls that were joined reach up to three times as far.
/// </param>
/// <param name="Regions">The balls, those with most frames first.</param>
/// <param name="EffectiveRegionCount">How many balls it would take if all had as many frames: the exponential of the Shannon entropy of the shares.</param>
/// <param name="ExplainedVariance">Which share of the differences between balls X and Y show, 0 to 1.</param>
public sealed record DescriptorCoverage(long FrameCount, double Radius, ImmutableArray<CoverageRegion> Regions, double EffectiveRegionCount, double ExplainedVariance)
{
    /// <summary>The number of balls.</summary>
    public int RegionCount => Regions.Length;

    /// <summary>The share of the frames that the fullest ball holds, 0 to 1.</summary>
    public double LargestShare => FrameCount == 0 ? 0 : (double)Regions[0].FrameCount / FrameCount;

    /// <summary>How many balls hold a single frame: what these show, no other frame does.</summary>
    public int LonelyFrameCount => Regions.Count(r => r.FrameCount == 1);

    /// <summary>The balls and their radius in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RegionCount} regions of radius {Radius:G3}, {EffectiveRegionCount:F1} evenly filled");

    internal static DescriptorCoverage Of(CoverageNet net)
    {
        CoverageNet.Centre[] centres = [.. net.Centres.OrderByDescending(c => c.Count).ThenBy(c => c.Frame)];
        double entropy = -centres.Sum(c => (double)c.Count / net.FrameCount * Math.Log((double)c.Count / net.FrameCount));
        (double[] x, double[] y, double explained) = Map(centres);
        return new(net.FrameCount, net.Radius, [.. centres.Select((c, i) => new CoverageRegion(c.Frame, c.Formula, c.Count, x[i], y[i]))], Math.Exp(entropy), explained);
    }

    // Principal components of the centres, each counted once: where the frames crowd must not hide what else there is.
    private static (double[] X, double[] Y, double Explained) Map(CoverageNet.Centre[] centres)
    {
        int n = centres.Length;
        if (n < 2)
        {
            return (new double[n], new double[n], 1);
        }

        int length = centres[0].Projection.Length;
        var matrix = Matrix<double>.Build.Dense(n, length, (i, k) => centres[i].Projection[k]);
        Vector<double> mean = matrix.ColumnSums() / n;
        for (int i = 0; i < n; i++)
        {
            matrix.SetRow(i, matrix.Row(i) - mean);
        }

        var svd = matrix.Svd(computeVectors: true);
        double total = svd.S.DotProduct(svd.S);
        return (Component(0), Component(1), total > 0 ? (svd.S[0] * svd.S[0] + (svd.S.Count > 1 ? svd.S[1] * svd.S[1] : 0)) / total : 1);

        double[] Component(int k)
        {
            var values = new double[n];
            if (k < svd.S.Count)
            {
                // A direction has no sign of its own: the largest entry is made positive, so that every machine draws the same.
                double sign = svd.VT.Row(k).MaxBy(Math.Abs) < 0 ? -1 : 1;
                for (int i = 0; i < n; i++)
                {
                    values[i] = sign * svd.U[i, k] * svd.S[k];
                }
            }

            return values;
        }
    }
}
