using System.Collections.Immutable;
using System.Runtime.Intrinsics;

namespace AtomProNet.Evaluation;

/// <summary>
/// <see cref="ErrorStatistics"/> of very many pairs: two passes in pieces that stay in the cache, so that no array of errors is made
/// and a hundred million pairs take no memory besides their own.
/// </summary>
internal static class LongPairs
{
    private const int Piece = 1 << 12;
    private static readonly int Lanes = Vector256<double>.Count;

    /// <summary>The statistics.</summary>
    /// <param name="reference">The true values; at least four.</param>
    /// <param name="prediction">As many predicted values.</param>
    /// <param name="percents">Which percentiles of |prediction − reference|.</param>
    public static ErrorStatistics Statistics(ReadOnlySpan<double> reference, ReadOnlySpan<double> prediction, ReadOnlySpan<double> percents)
    {
        OrderStatistics.ThrowIfOutOfRange(percents);
        int count = reference.Length;
        var search = new PercentileSearch();
        Span<double> errors = new double[Piece];
        var sums = new Sums(reference[0]);
        for (int start = 0; start < count; start += Piece)
        {
            Span<double> piece = errors[..Math.Min(Piece, count - start)];
            sums.Take(reference.Slice(start, piece.Length), prediction.Slice(start, piece.Length), piece);
            search.Count(piece);
        }

        // A second pass about the mean: energies of −700 eV that differ by meV would cancel in Σr² − (Σr)²/n.
        double mean = sums.Total / count;
        WideCompensatedSum spread = default;
        search.Want(OrderStatistics.RanksOf(percents, count));
        for (int start = 0; start < count; start += Piece)
        {
            Span<double> piece = errors[..Math.Min(Piece, count - start)];
            Errors(reference.Slice(start, piece.Length), prediction.Slice(start, piece.Length), piece, mean, ref spread);
            search.Collect(piece);
        }

        double[] marks = OrderStatistics.Interpolated(search, percents, count);
        var percentiles = ImmutableArray.CreateBuilder<ErrorPercentile>(marks.Length);
        for (int i = 0; i < marks.Length; i++)
        {
            percentiles.Add(new(percents[i], marks[i]));
        }

        double? r2 = sums.Low < sums.High && spread.Value > 0 ? 1 - sums.Squares / spread.Value : null;
        return new(count, r2, sums.Absolute / count, Math.Sqrt(sums.Squares / count), sums.Maximum, sums.Signed / count, percentiles.MoveToImmutable());
    }

    private static void Errors(ReadOnlySpan<double> reference, ReadOnlySpan<double> prediction, Span<double> errors, double mean, ref WideCompensatedSum spread)
    {
        Vector256<double> about = Vector256.Create(mean);
        WideCompensatedSum sum = spread;
        int i = 0;
        for (; i <= errors.Length - Lanes; i += Lanes)
        {
            Vector256<double> r = Vector256.Create(reference[i..]), off = r - about;
            sum.Add(off * off);
            Vector256.Abs(Vector256.Create(prediction[i..]) - r).CopyTo(errors[i..]);
        }

        for (; i < errors.Length; i++)
        {
            double off = reference[i] - mean;
            sum.Add(Vector256.CreateScalar(off * off));
            errors[i] = Math.Abs(prediction[i] - reference[i]);
        }

        spread = sum;
    }

    private struct Sums(double first)
    {
        private WideCompensatedSum total, signed, absolute, squares;
        private Vector256<double> low = Vector256.Create(first), high = Vector256.Create(first), maximum;

        public readonly double Total => total.Value;

        public readonly double Signed => signed.Value;

        public readonly double Absolute => absolute.Value;

        public readonly double Squares => squares.Value;

        public readonly double Maximum => Most(maximum);

        public readonly double High => Most(high);

        public readonly double Low => -Most(-low);

        public void Take(ReadOnlySpan<double> reference, ReadOnlySpan<double> prediction, Span<double> errors)
        {
            WideCompensatedSum t = total, s = signed, a = absolute, q = squares;
            Vector256<double> least = low, most = high, worst = maximum;
            int i = 0;
            for (; i <= errors.Length - Lanes; i += Lanes)
            {
                Vector256<double> r = Vector256.Create(reference[i..]), difference = Vector256.Create(prediction[i..]) - r, error = Vector256.Abs(difference);
                t.Add(r);
                s.Add(difference);
                a.Add(error);
                q.Add(error * error);
                least = Vector256.Min(least, r);
                most = Vector256.Max(most, r);
                worst = Vector256.Max(worst, error);
                error.CopyTo(errors[i..]);
            }

            for (; i < errors.Length; i++)
            {
                double difference = prediction[i] - reference[i];
                errors[i] = Math.Abs(difference);
                t.Add(Vector256.CreateScalar(reference[i]));
                s.Add(Vector256.CreateScalar(difference));
                a.Add(Vector256.CreateScalar(errors[i]));
                q.Add(Vector256.CreateScalar(difference * difference));
                least = Vector256.Min(least, Vector256.Create(reference[i]));
                most = Vector256.Max(most, Vector256.Create(reference[i]));
                worst = Vector256.Max(worst, Vector256.Create(errors[i]));
            }

            (total, signed, absolute, squares) = (t, s, a, q);
            (low, high, maximum) = (least, most, worst);
        }

        private static double Most(Vector256<double> values) => Math.Max(Math.Max(values[0], values[1]), Math.Max(values[2], values[3]));
    }
}
