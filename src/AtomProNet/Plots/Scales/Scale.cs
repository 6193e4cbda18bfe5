using System.Collections.Immutable;

namespace AtomProNet.Plots.Scales;

/// <summary>Takes the values of an axis to the length that they are drawn on: 0 at <see cref="Low"/>, 1 at <see cref="High"/>.</summary>
public abstract class Scale
{
    private protected Scale(double low, double high)
    {
        Low = low;
        High = high;
    }

    /// <summary>The value at the beginning of the axis.</summary>
    public double Low { get; }

    /// <summary>The value at its end, larger than <see cref="Low"/>.</summary>
    public double High { get; }

    /// <summary>Whether equal steps along the axis are equal factors.</summary>
    public virtual bool IsLogarithmic => false;

    /// <summary>Where a value stands, 0 at the beginning and 1 at the end of the axis, beyond for what lies outside; NaN for what has no place.</summary>
    public abstract double Position(double value);

    /// <summary>The value at a position: the inverse of <see cref="Position"/>.</summary>
    public abstract double Value(double position);

    /// <summary>Ticks at round numbers within the range, ascending.</summary>
    /// <param name="about">How many labels there is room for.</param>
    public abstract ImmutableArray<Tick> Ticks(int about);

    /// <summary>A linear scale that holds all values from <paramref name="low"/> to <paramref name="high"/>; a range without width is widened.</summary>
    public static Scale Linear(double low, double high)
    {
        (low, high) = low <= high ? (low, high) : (high, low);
        // Below this width the labels of neighbouring ticks would be the same number.
        double least = Math.Max(Math.Abs(low), Math.Abs(high)) * 1e-10;
        if (high - low <= least)
        {
            double middle = low / 2 + high / 2, half = middle == 0 ? 1 : Math.Max(Math.Abs(middle) * 0.05, double.Epsilon * 1e6);
            (low, high) = (middle - half, middle + half);
        }

        // The difference of the ends has to be a number itself.
        const double End = double.MaxValue / 4;
        return new LinearScale(Math.Clamp(low, -End, End), Math.Clamp(high, -End, End));
    }

    /// <summary>A logarithmic scale that holds all values from <paramref name="low"/> to <paramref name="high"/>, both positive; a range without width is widened.</summary>
    public static Scale Logarithmic(double low, double high)
    {
        (low, high) = low <= high ? (low, high) : (high, low);
        const double Least = 1e-300, Most = 1e300;
        low = Math.Clamp(low, Least, Most);
        high = Math.Clamp(high, Least, Most);
        if (high / low < 1 + 1e-6)
        {
            (low, high) = (low / 3, high * 3);
        }

        return new LogarithmicScale(low, high);
    }

    /// <summary>A scale on which each name has a place of its own: the first at 0, the next at 1.</summary>
    /// <param name="names">The names in order.</param>
    /// <param name="isReversed">Whether the first name stands at the end of the axis, as lists do that are read from above.</param>
    public static Scale Category(ImmutableArray<string> names, bool isReversed = false) => new CategoryScale(names, isReversed);
}
