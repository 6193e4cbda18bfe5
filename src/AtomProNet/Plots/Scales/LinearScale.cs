using System.Collections.Immutable;
using System.Globalization;

namespace AtomProNet.Plots.Scales;

/// <summary>Equal steps are equal differences.</summary>
internal sealed class LinearScale(double low, double high) : Scale(low, high)
{
    public override double Position(double value) => double.IsFinite(value) ? (value - Low) / (High - Low) : double.NaN;

    public override double Value(double position) => Low + (High - Low) * position;

    public override ImmutableArray<Tick> Ticks(int about)
    {
        (int mantissa, int exponent) = Step((High - Low) / Math.Max(1, about));
        var values = new List<(double Value, long Number)>();
        double size = Multiple(mantissa, exponent);
        // A hair beyond the ends counts as the end itself.
        long first = (long)Math.Ceiling(Low / size - 1e-9), last = (long)Math.Floor(High / size + 1e-9);
        for (long i = first; i <= last && values.Count < 100; i++)
        {
            values.Add((Math.Clamp(Multiple(i * mantissa, exponent), Low, High), i * mantissa));
        }

        double largest = Math.Max(Math.Abs(Low), Math.Abs(High));
        int leading = largest > 0 ? (int)Math.Floor(Math.Log10(largest)) : 0;
        return largest >= 1e6 || largest < 1e-3
            ? [.. values.Select(v => Scientific(v.Value, v.Number, exponent, leading))]
            : [.. values.Select(v => new Tick(v.Value, Fixed(v.Value, Math.Max(0, -exponent))))];
    }

    /// <summary>The smallest of 1, 2, 5 times a power of ten that is no smaller than <paramref name="least"/>.</summary>
    internal static (int Mantissa, int Exponent) Step(double least)
    {
        int exponent = (int)Math.Floor(Math.Log10(least));
        foreach (int mantissa in (ReadOnlySpan<int>)[1, 2, 5])
        {
            if (Multiple(mantissa, exponent) >= least * (1 - 1e-9))
            {
                return (mantissa, exponent);
            }
        }

        return (1, exponent + 1);
    }

    // Multiplied or divided by a whole power of ten: 3 · 10⁻¹ is 0.3, not 0.30000000000000004.
    private static double Multiple(long number, int exponent) => exponent >= 0 ? number * Math.Pow(10, exponent) : exponent > -300 ? number / Math.Pow(10, -exponent) : number * Math.Pow(10, exponent);

    private static Tick Scientific(double value, long number, int exponent, int leading) => number == 0
        ? new(value, "0")
        : new(value, Fixed(number / Math.Pow(10, leading - exponent), Math.Max(0, leading - exponent)) + "×10", LogarithmicScale.Signed(leading));

    private static string Fixed(double value, int decimals)
    {
        string text = Math.Abs(value).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        // The typographer's minus, which is as wide as a digit.
        return value < 0 && text.AsSpan().IndexOfAnyExcept('0', '.') >= 0 ? "\u2212" + text : text;
    }
}
