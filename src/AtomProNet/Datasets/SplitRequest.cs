using System.Globalization;

namespace AtomProNet.Datasets;

/// <summary>How a set is to be split: by fractions or by counts, by what, and with which seed.</summary>
/// <remarks>
/// A part that is not named is not made, but the rest belongs to somebody: where no test size is given, the test part takes the
/// rest; where a test size is given but no size for training, the training part does.
/// </remarks>
public sealed record SplitRequest
{
    /// <summary>The fraction of the frames to train on, 0 to 1.</summary>
    public double? TrainFraction { get; init; }

    /// <summary>The fraction of the frames to validate on, 0 to 1.</summary>
    public double? ValidationFraction { get; init; }

    /// <summary>The fraction of the frames to test on, 0 to 1.</summary>
    public double? TestFraction { get; init; }

    /// <summary>The number of frames to train on.</summary>
    public int? TrainCount { get; init; }

    /// <summary>The number of frames to validate on.</summary>
    public int? ValidationCount { get; init; }

    /// <summary>The number of frames to test on.</summary>
    public int? TestCount { get; init; }

    /// <summary>By what to split; null: by group where that can be done, else blocked.</summary>
    public SplitMethod? Method { get; init; }

    /// <summary>The seed of the random numbers.</summary>
    public long Seed { get; init; }

    /// <summary>How many frames are left out where a group is cut; null: one in a hundred of the group, at least one.</summary>
    public int? GapFrameCount { get; init; }

    /// <summary>How many clusters are made; null: as few as meet the sizes within a quarter.</summary>
    public int? ClusterCount { get; init; }

    /// <summary>Whether any size was given, that is, whether there is anything to split.</summary>
    public bool IsSplit => (TrainFraction ?? ValidationFraction ?? TestFraction) is not null || (TrainCount ?? ValidationCount ?? TestCount) is not null;

    /// <summary>Whether the sizes are counts, which must be met exactly.</summary>
    public bool IsByCount => (TrainCount ?? ValidationCount ?? TestCount) is not null;

    /// <summary>The error of a split without sizes.</summary>
    public static AtomProNetException SizesMissing() => new(ErrorKind.InvalidArgument, "SplitSizesMissing", "It was said how to split, but not into what.", remedy: "Add sizes, such as -TrainFraction 0.8 -ValidationFraction 0.1 -TestFraction 0.1.");

    /// <summary>How many frames of <paramref name="total"/> go into training, validation, test and none of them (four numbers).</summary>
    /// <param name="total">The number of frames to distribute.</param>
    /// <exception cref="AtomProNetException">The sizes contradict each other, or there are fewer frames than they ask for.</exception>
    public int[] Counts(int total) => Counts(total, Requested(total));

    /// <summary>The same for a set of which it is known already which parts are made.</summary>
    internal int[] Counts(int total, bool[] requested)
    {
        if (!IsSplit)
        {
            return [total, 0, 0, 0];
        }

        int[] counts = IsByCount ? FromCounts(total) : FromFractions(total);
        int parts = requested.Count(r => r);
        if (total < parts)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitTooFewFrames", $"{total} frames cannot be split into {parts} parts without leaving one empty.", remedy: "Give more frames, or ask for fewer parts.");
        }

        for (int part = 0; part < 3; part++)
        {
            if (requested[part] && counts[part] == 0)
            {
                if (IsByCount)
                {
                    throw ExceedFrames(total);
                }

                // Small sets round small parts to nothing: a part that was asked for gets a frame from the largest.
                int largest = Array.IndexOf(counts, counts.Max());
                counts[largest]--;
                counts[part]++;
            }
        }

        return counts;
    }

    /// <summary>Whether training, validation and test are made out of so many frames.</summary>
    internal bool[] Requested(int total)
    {
        if (IsByCount && (TrainFraction ?? ValidationFraction ?? TestFraction) is not null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitSizesMixed", "The sizes of the parts are given both as fractions and as counts.", remedy: "Give either fractions or counts.");
        }

        return !IsSplit ? [true, false, false]
            : IsByCount ? [.. FromCounts(total).Take(3).Select(c => c > 0)]
            : [.. Fractions().Take(3).Select(f => f > 0)];
    }

    // Which part takes the rest: 2 (test), 0 (train), or −1 where both sizes are given.
    private int RestPart => IsByCount
        ? TestCount is null ? 2 : TrainCount is null ? 0 : -1
        : TestFraction is null ? 2 : TrainFraction is null ? 0 : -1;

    private double[] Fractions()
    {
        double[] f = [TrainFraction ?? 0, ValidationFraction ?? 0, TestFraction ?? 0, 0];
        foreach (double x in f)
        {
            if (!(x is >= 0 and <= 1))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitFractionInvalid", "A fraction lies between 0 and 1.", value: x.ToString(CultureInfo.InvariantCulture), remedy: "Write 0.8 for 80 %, or use the parameters for counts.");
            }
        }

        double rest = 1 - f.Sum();
        if (rest < -1e-9)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitFractionsExceedOne", "The fractions add up to more than 1.", value: f.Sum().ToString(CultureInfo.InvariantCulture), remedy: "Make them add up to 1.");
        }

        rest = rest < 1e-9 ? 0 : rest;
        f[RestPart < 0 ? 3 : RestPart] += rest;
        return f;
    }

    // The largest remainder method: whole parts first, then one more to those that lost the most by rounding; ties go to the earlier part.
    private int[] FromFractions(int total)
    {
        double[] quotas = Fractions().Select(f => Math.Round(f * total, 9)).ToArray();
        int[] counts = quotas.Select(q => (int)Math.Floor(q)).ToArray();
        foreach (int part in Enumerable.Range(0, 4).OrderByDescending(i => quotas[i] - counts[i]).ThenBy(i => i).Take(total - counts.Sum()).ToArray())
        {
            counts[part]++;
        }

        return counts;
    }

    private int[] FromCounts(int total)
    {
        int[] counts = [TrainCount ?? 0, ValidationCount ?? 0, TestCount ?? 0, 0];
        if (counts.Any(c => c < 0))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SplitCountInvalid", "A number of frames cannot be negative.", value: counts.Min().ToString(CultureInfo.InvariantCulture));
        }

        long rest = total - counts.Sum(c => (long)c);
        if (rest < 0)
        {
            throw ExceedFrames(total);
        }

        counts[RestPart < 0 ? 3 : RestPart] += (int)rest;
        return counts;
    }

    private AtomProNetException ExceedFrames(int total) => new(
        ErrorKind.InvalidArgument,
        "SplitCountsExceedFrames",
        $"The parts ask for {(TrainCount ?? 0L) + (ValidationCount ?? 0L) + (TestCount ?? 0L)} frames, but there are {total}.",
        remedy: "Ask for fewer, or use fractions.");
}
