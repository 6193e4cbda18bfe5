using System.Collections.Immutable;
using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>
/// Confidence intervals by the bootstrap over groups (B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), ch. 8 and 13,
/// percentile intervals): the groups are drawn with replacement, as many as there are, again and again, and each time the
/// statistic is computed over all values of what was drawn. Frames of one strain series or trajectory resemble each other, and
/// so do the atoms of a frame: drawing single values would make the intervals far too narrow.
/// </summary>
public sealed class GroupBootstrap
{
    private readonly int resamples;
    private readonly double[] tails;
    private readonly long seed;

    /// <summary>Prepares a bootstrap. The same seed gives the same intervals on every machine.</summary>
    /// <param name="resamples">How often the groups are drawn.</param>
    /// <param name="confidence">The confidence, percent.</param>
    /// <param name="seed">Where the random numbers start.</param>
    /// <exception cref="AtomProNetException">The confidence does not lie between 1 and 100, or there are fewer than 100 resamples.</exception>
    public GroupBootstrap(int resamples = 1000, double confidence = 95, long seed = 0)
    {
        // 0.95 is 95 % to many, and would be intervals that nearly nothing lies in.
        if (!(confidence is > 1 and < 100))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ConfidenceOutOfRange", "A confidence lies between 1 and 100 percent.", value: FormattableString.Invariant($"{confidence}"), remedy: "Write 95 for 95 %.");
        }

        if (resamples < 100)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "TooFewResamples", "The ends of an interval need at least 100 resamples.", value: FormattableString.Invariant($"{resamples}"));
        }

        (this.resamples, this.seed) = (resamples, seed);
        tails = [(100 - confidence) / 2, (100 + confidence) / 2];
    }

    /// <summary>The intervals over all values of a quantity.</summary>
    public ErrorIntervals Intervals(MlipError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        (int[] groups, int count) = Groups(error);
        return Draw(Sums(error, groups, count, _ => 0, 1)[0]);
    }

    /// <summary>The intervals of each element, in the order of <see cref="MlipError.BySpecies"/>.</summary>
    public ImmutableArray<ErrorIntervals> IntervalsBySpecies(MlipError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error.BySpecies.IsEmpty)
        {
            return [];
        }

        var places = new int[119];
        for (int i = 0; i < error.BySpecies.Length; i++)
        {
            places[Element.FromSymbol(error.BySpecies[i].Name).Number] = i;
        }

        (int[] groups, int count) = Groups(error);
        return [.. Sums(error, groups, count, value => places[error.AtomicNumbers[value]], error.BySpecies.Length).Select(Draw)];
    }

    /// <summary>Between which shares, in percent, the cumulative distribution of the absolute errors lies at some errors; null with fewer than two groups.</summary>
    /// <param name="error">The errors.</param>
    /// <param name="at">At which absolute errors, ascending.</param>
    public ErrorCurveBand? CurveBand(MlipError error, ReadOnlySpan<double> at)
    {
        ArgumentNullException.ThrowIfNull(error);
        (int[] groups, int count) = Groups(error);
        if (count < 2 || at.IsEmpty)
        {
            return null;
        }

        // How many values of each group lie between one place and the next.
        int width = at.Length + 1;
        var counts = new int[count * width];
        for (int frame = 0; frame < error.Frames.Length; frame++)
        {
            foreach (double value in error.AbsoluteErrors.AsSpan().Slice(error.Frames[frame].FirstValue, error.Frames[frame].ValueCount))
            {
                int place = at.BinarySearch(value);
                counts[groups[frame] * width + (place < 0 ? ~place : place)]++;
            }
        }

        // Very many groups need fewer draws for the same width of a line.
        int draws = (int)Math.Clamp(4e8 / ((double)count * width), 200, resamples);
        var shares = new double[at.Length][];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = new double[draws];
        }

        var totals = new long[width];
        var weights = new int[count];
        var random = new SplitMix64(unchecked((ulong)seed));
        for (int draw = 0; draw < draws; draw++)
        {
            Array.Clear(totals);
            DrawGroups(random, weights);
            for (int group = 0; group < count; group++)
            {
                if (weights[group] > 0)
                {
                    ReadOnlySpan<int> own = counts.AsSpan(group * width, width);
                    for (int i = 0; i < own.Length; i++)
                    {
                        totals[i] += (long)weights[group] * own[i];
                    }
                }
            }

            long all = totals.Sum(), sum = 0;
            for (int i = 0; i < at.Length; i++)
            {
                sum += totals[i];
                shares[i][draw] = all == 0 ? 0 : 100.0 * sum / all;
            }
        }

        double[][] ends = [.. shares.Select(s => OrderStatistics.Percentiles(s, tails))];
        return new([.. ends.Select(e => e[0])], [.. ends.Select(e => e[1])]);
    }

    private static (int[] OfFrame, int Count) Groups(MlipError error)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new int[error.Frames.Length];
        for (int i = 0; i < groups.Length; i++)
        {
            if (!numbers.TryGetValue(error.Frames[i].Group, out int number))
            {
                numbers.Add(error.Frames[i].Group, number = numbers.Count);
            }

            groups[i] = number;
        }

        return (groups, numbers.Count);
    }

    /// <summary>For each part, the sums over each group from which the statistics follow.</summary>
    private static GroupSum[][] Sums(MlipError error, int[] groups, int groupCount, Func<int, int> partOf, int partCount)
    {
        var sums = new GroupSum[partCount][];
        for (int part = 0; part < partCount; part++)
        {
            sums[part] = new GroupSum[groupCount];
        }

        ReadOnlySpan<double> errors = error.AbsoluteErrors.AsSpan(), references = error.Points is { } points ? points.Reference.AsSpan() : default;
        // About the middle of the references, so that energies of −700 eV do not cancel in the spread.
        double middle = references.IsEmpty ? 0 : references[0] / 2 + references[^1] / 2;
        for (int frame = 0; frame < error.Frames.Length; frame++)
        {
            ComparedFrame own = error.Frames[frame];
            for (int value = own.FirstValue; value < own.FirstValue + own.ValueCount; value++)
            {
                ref GroupSum sum = ref sums[partOf(value)][groups[frame]];
                sum.Count++;
                sum.Errors += errors[value];
                sum.Squares += errors[value] * errors[value];
                if (!references.IsEmpty)
                {
                    double distance = references[value] - middle;
                    sum.References += distance;
                    sum.ReferenceSquares += distance * distance;
                }
            }
        }

        return sums;
    }

    private ErrorIntervals Draw(GroupSum[] sums)
    {
        // Groups without a value of this part cannot tell anything about it.
        sums = [.. sums.Where(s => s.Count > 0)];
        if (sums.Length < 2)
        {
            return new(sums.Length, null, null, null);
        }

        List<double> mae = [], rmse = [], r2 = [];
        var weights = new int[sums.Length];
        var random = new SplitMix64(unchecked((ulong)seed));
        for (int draw = 0; draw < resamples; draw++)
        {
            DrawGroups(random, weights);
            GroupSum total = default;
            for (int i = 0; i < sums.Length; i++)
            {
                total.Add(sums[i], weights[i]);
            }

            mae.Add(total.Errors / total.Count);
            rmse.Add(Math.Sqrt(total.Squares / total.Count));
            double spread = total.ReferenceSquares - total.References * total.References / total.Count;
            if (spread > 1e-12 * total.ReferenceSquares)
            {
                r2.Add(1 - total.Squares / spread);
            }
        }

        return new(sums.Length, Interval(mae), Interval(rmse), r2.Count < resamples / 2 ? null : Interval(r2));
    }

    private ConfidenceInterval Interval(List<double> values)
    {
        double[] ends = OrderStatistics.Percentiles(values.ToArray(), tails);
        return new(ends[0], ends[1]);
    }

    private static void DrawGroups(SplitMix64 random, int[] weights)
    {
        Array.Clear(weights);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[random.Next(weights.Length)]++;
        }
    }

    private struct GroupSum
    {
        public long Count;
        public double Errors, Squares, References, ReferenceSquares;

        public void Add(in GroupSum other, int weight)
        {
            Count += weight * other.Count;
            Errors += weight * other.Errors;
            Squares += weight * other.Squares;
            References += weight * other.References;
            ReferenceSquares += weight * other.ReferenceSquares;
        }
    }
}
