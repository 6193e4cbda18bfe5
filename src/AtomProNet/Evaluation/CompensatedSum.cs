namespace AtomProNet.Evaluation;

/// <summary>
/// A sum that keeps the digits which plain addition loses (Neumaier, ZAMM 54, 39 (1974)): millions of errors add up to the same
/// number whatever their order, to the last few bits.
/// </summary>
internal struct CompensatedSum
{
    private double sum, lost;

    /// <summary>The sum so far.</summary>
    public readonly double Value => sum + lost;

    public void Add(double value)
    {
        double next = sum + value;
        lost += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
        sum = next;
    }
}
