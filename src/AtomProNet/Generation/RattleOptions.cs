using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>How rattled structures are made.</summary>
public sealed record RattleOptions
{
    /// <summary>The standard deviation of each Cartesian component of the displacements, Å.</summary>
    public double StandardDeviation { get; init; } = 0.05;

    /// <summary>The standard deviation of each of the six entries of the random strain of the cell; 0 leaves the cell as it is.</summary>
    public double CellStandardDeviation { get; init; }

    /// <summary>How close atoms may come.</summary>
    public CovalentContact MinimumDistance { get; init; } = new(CovalentContact.DefaultFraction);

    /// <summary>Whether the displacements grow in a Monte Carlo walk that avoids short distances instead of being drawn at once.</summary>
    public bool IsMonteCarlo { get; init; }

    /// <summary>The number of steps of the walk for each atom.</summary>
    public int Iterations { get; init; } = 10;

    /// <summary>The width of the rise of the walk's probability of acceptance from the minimum distance on, Å.</summary>
    public double Width { get; init; } = 0.1;

    /// <summary>The seed.</summary>
    public long Seed { get; init; }

    /// <summary>The elements whose atoms move; null: all.</summary>
    public IReadOnlyCollection<Element>? Elements { get; init; }

    internal void Validate()
    {
        MinimumDistance.Validate();
        Check(StandardDeviation is >= 0 and <= 5, "RattleAmplitudeInvalid", "The standard deviation of the displacements is 0 to 5 Å.", StandardDeviation, "Give it in Å, such as 0.05.");
        Check(CellStandardDeviation is >= 0 and <= 0.3, "RattleAmplitudeInvalid", "The standard deviation of the cell's strain is 0 to 0.3.", CellStandardDeviation, "Give it as a strain, such as 0.01.");
        Check(StandardDeviation > 0 || CellStandardDeviation > 0, "RattleAmplitudeInvalid", "Neither the atoms nor the cell would move.", StandardDeviation, "Give a standard deviation above 0.");
        Check(Iterations is >= 1 and <= 10_000, "RattleIterationsInvalid", "The walk has 1 to 10000 steps.", Iterations, "Give a number such as 10.");
        Check(Width is > 0 and <= 5, "RattleWidthInvalid", "The width is above 0 and at most 5 Å.", Width, "Give it in Å, such as 0.1.");
    }

    private static void Check(bool ok, string id, string problem, double value, string remedy)
    {
        if (!ok)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, id, problem, value: Descent.Text(value), remedy: remedy);
        }
    }
}
