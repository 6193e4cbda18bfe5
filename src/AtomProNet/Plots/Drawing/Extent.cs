namespace AtomProNet.Plots.Drawing;

/// <summary>The range of what is drawn along one axis. What is not a number counts for nothing.</summary>
internal sealed class Extent
{
    private double low = double.PositiveInfinity, high = double.NegativeInfinity, lowestPositive = double.PositiveInfinity;
    private double? anchor;

    public void Add(double value)
    {
        if (double.IsFinite(value))
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            lowestPositive = value > 0 ? Math.Min(lowestPositive, value) : lowestPositive;
        }
    }

    public void Add(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            Add(value);
        }
    }

    public void Add(Extent other)
    {
        low = Math.Min(low, other.low);
        high = Math.Max(high, other.high);
        lowestPositive = Math.Min(lowestPositive, other.lowestPositive);
        anchor ??= other.anchor;
    }

    /// <summary>A value that bars stand on: it belongs to the range, and no margin lies beyond it.</summary>
    public void Anchor(double value)
    {
        Add(value);
        anchor = value;
    }

    /// <summary>The range with a margin at either end, as a part of its width; 0 to 1 where nothing is drawn.</summary>
    public (double Low, double High) Range(double margin)
    {
        if (low > high)
        {
            return (0, 1);
        }

        double by = (high / 2 - low / 2) * 2 * margin;
        by = double.IsFinite(by) ? by : 0;
        return low == high ? (anchor == low ? (low, low + 1) : (low, high)) : (low == anchor ? low : low - by, high == anchor ? high : high + by);
    }

    /// <summary>The range of the positive values with a margin at either end, as a part of its length on a logarithmic axis; 0.1 to 1 where nothing is drawn.</summary>
    public (double Low, double High) PositiveRange(double margin)
    {
        if (lowestPositive > high)
        {
            return (0.1, 1);
        }

        double factor = Math.Pow(high / lowestPositive, margin);
        return double.IsFinite(factor) ? (lowestPositive / factor, high * factor) : (lowestPositive, high);
    }
}
