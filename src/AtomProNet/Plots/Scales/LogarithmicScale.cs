using System.Collections.Immutable;
using System.Globalization;

namespace AtomProNet.Plots.Scales;

/// <summary>Equal steps are equal factors.</summary>
internal sealed class LogarithmicScale(double low, double high) : Scale(low, high)
{
    private readonly double first = Math.Log10(low), span = Math.Log10(high) - Math.Log10(low);

    public override bool IsLogarithmic => true;

    public override double Position(double value) => value > 0 && double.IsFinite(value) ? (Math.Log10(value) - first) / span : double.NaN;

    public override double Value(double position) => Math.Pow(10, first + span * position);

    public override ImmutableArray<Tick> Ticks(int about)
    {
        int lowest = (int)Math.Floor(first + 1e-9), highest = (int)Math.Ceiling(first + span - 1e-9);
        int[] decades = [.. Enumerable.Range(lowest, highest - lowest + 1).Where(e => IsWithin(Math.Pow(10, e)))];
        about = Math.Max(1, about);
        if (decades.Length < 2 || span <= 2.5)
        {
            (ImmutableArray<Tick> digits, int labels) = Digits(lowest, highest);
            if (labels >= 2 && labels <= about)
            {
                return digits;
            }

            if (decades.Length < 2)
            {
                return labels > about && decades.Length == 1
                    ? [.. digits.Select(t => IsDecade(t.Value) ? t : t with { Label = "", Exponent = "" })]
                    : Even(about);
            }
        }

        int stride = 1;
        while ((decades.Length + stride - 1) / stride > about)
        {
            stride++;
        }

        // Labels that are left out count from a round exponent, so that 10⁻⁶, 10⁻³ and 1 have them.
        bool plain = decades[0] >= -3 && decades[^1] <= 3;
        var ticks = new List<Tick>();
        for (int e = lowest; e <= highest; e++)
        {
            for (int digit = 1; digit < (stride == 1 ? 10 : 2); digit++)
            {
                double value = Power(digit, e);
                if (IsWithin(value))
                {
                    bool isLabelled = digit == 1 && ((e % stride) + stride) % stride == 0;
                    ticks.Add(isLabelled ? Decade(value, e, plain) : new(value, ""));
                }
            }
        }

        return [.. ticks];
    }

    internal static string Signed(int exponent) => exponent < 0 ? "\u2212" + (-exponent).ToString(CultureInfo.InvariantCulture) : exponent.ToString(CultureInfo.InvariantCulture);

    /// <summary>Ticks at all digits, with labels at 1, 2 and 5: for a range of few decades.</summary>
    private (ImmutableArray<Tick> Ticks, int Labels) Digits(int lowest, int highest)
    {
        var ticks = ImmutableArray.CreateBuilder<Tick>();
        int labels = 0;
        bool plain = lowest >= -4 && highest <= 5;
        for (int e = lowest; e <= highest; e++)
        {
            for (int digit = 1; digit < 10; digit++)
            {
                double value = Power(digit, e);
                if (IsWithin(value))
                {
                    bool isLabelled = digit is 1 or 2 or 5;
                    labels += isLabelled ? 1 : 0;
                    ticks.Add(!isLabelled ? new(value, "") : plain ? new(value, Plain(value)) : digit == 1 ? Decade(value, e, false) : new(value, Plain(digit) + "×10", Signed(e)));
                }
            }
        }

        return (ticks.ToImmutable(), labels);
    }

    /// <summary>Ticks at equal steps, for a range within one decade; finer than asked for where otherwise none would lie in it.</summary>
    private ImmutableArray<Tick> Even(int about)
    {
        var linear = new LinearScale(Low, High);
        ImmutableArray<Tick> ticks = linear.Ticks(about);
        for (int more = about + 1; more <= about + 8 && !ticks.Any(t => t.IsMajor); more++)
        {
            ticks = linear.Ticks(more);
        }

        return ticks;
    }

    private static bool IsDecade(double value) => Power(1, (int)Math.Round(Math.Log10(value))) == value;

    private static Tick Decade(double value, int exponent, bool plain) => plain ? new(value, Plain(value)) : new(value, "10", Signed(exponent));

    private static string Plain(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static double Power(int digit, int exponent) => exponent >= 0 ? digit * Math.Pow(10, exponent) : digit / Math.Pow(10, -exponent);

    private bool IsWithin(double value) => value >= Low * (1 - 1e-12) && value <= High * (1 + 1e-12);
}
