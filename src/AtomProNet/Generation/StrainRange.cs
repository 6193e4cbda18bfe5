using System.Globalization;

namespace AtomProNet.Generation;

/// <summary>
/// The values of a strain series: first, first + step, … in exact decimal arithmetic, so that nothing drifts: the value number i is
/// first + i·step, 0.0100 is the double 0.01, and zero is zero. Immutable.
/// </summary>
public sealed record StrainRange
{
    private StrainRange(decimal first, decimal step, int count)
    {
        First = first;
        Step = step;
        Count = count;
    }

    /// <summary>The lowest value.</summary>
    public decimal First { get; }

    /// <summary>The distance between two values.</summary>
    public decimal Step { get; }

    /// <summary>The number of values.</summary>
    public int Count { get; }

    /// <summary>The highest value.</summary>
    public decimal Last => this[Count - 1];

    /// <summary>The value of that index, from 0.</summary>
    public decimal this[int index] => First + index * Step;

    /// <summary>The number of decimals that tells all values apart.</summary>
    internal int Decimals => Math.Max(DecimalsOf(First), DecimalsOf(Step));

    /// <summary>The values −range … +range: an odd number of them, zero in the middle.</summary>
    /// <param name="range">The largest strain, a multiple of the step.</param>
    /// <param name="step">The distance between two values.</param>
    /// <exception cref="AtomProNetException">The range is negative, the step is not positive, or the one is no multiple of the other.</exception>
    public static StrainRange Symmetric(decimal range, decimal step)
    {
        CheckStep(step);
        if (range < 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainRangeInvalid", "The range of strains is negative.", value: Show(range), remedy: "Give the largest strain as a positive number: 0.1 stands for -0.1 to +0.1.");
        }

        if (range % step != 0)
        {
            decimal below = Floor(range, step);
            string nearest = below > 0 ? $"{Show(below)} or {Show(below + step)}" : Show(below + step);
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainStepMismatch", $"The range {Show(range)} is not a whole number of steps of {Show(step)}, so that its ends or zero would be missed.", remedy: $"Give {nearest} as the range, or another step.");
        }

        return new(-range, step, Counted(2 * range, step));
    }

    /// <summary>The values from … to, both included. Zero is among them only where it is a whole number of steps away.</summary>
    /// <exception cref="AtomProNetException">The limits are in the wrong order, the step is not positive, or they are not a whole number of steps apart.</exception>
    public static StrainRange Between(decimal from, decimal to, decimal step)
    {
        CheckStep(step);
        if (from > to)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainRangeInvalid", "The lower limit of the strains is above the upper one.", value: $"{Show(from)} to {Show(to)}", remedy: "Exchange them: results come in rising order.");
        }

        decimal width = to - from;
        if (width % step != 0)
        {
            decimal below = from + Floor(width, step);
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainStepMismatch", $"From {Show(from)} to {Show(to)} is not a whole number of steps of {Show(step)}, so that the upper limit would be missed.", remedy: $"Give {Show(below)} or {Show(below + step)} as the upper limit, or another step.");
        }

        return new(from, step, Counted(width, step));
    }

    /// <summary>Whether a value is one of the series.</summary>
    public bool Contains(decimal value) => value >= First && value <= Last && (value - First) % Step == 0;

    /// <summary>The values in rising order.</summary>
    public IEnumerable<decimal> Values => Enumerable.Range(0, Count).Select(i => this[i]);

    /// <summary>The number of decimals of a number, trailing zeros aside.</summary>
    internal static int DecimalsOf(decimal value)
    {
        string text = VoigtStrain.Shortest(value);
        int point = text.IndexOf('.');
        return point < 0 ? 0 : text.Length - point - 1;
    }

    private static void CheckStep(decimal step)
    {
        if (step <= 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainStepInvalid", "The step between strains is not positive.", value: Show(step), remedy: "Give a positive step, such as 0.01.");
        }
    }

    private static int Counted(decimal width, decimal step)
    {
        decimal steps = width / step;
        return steps < int.MaxValue - 1 ? (int)steps + 1 : throw new AtomProNetException(ErrorKind.LimitExceeded, "StrainCountTooLarge", $"The strains are {steps.ToString("E2", CultureInfo.InvariantCulture)} steps: too many.", remedy: "Choose a larger step.");
    }

    private static decimal Floor(decimal value, decimal step) => value - value % step;

    private static string Show(decimal value) => VoigtStrain.Shortest(value);
}
