namespace AtomProNet.Datasets;

/// <summary>What a split needs to know of a frame.</summary>
/// <param name="Key">The frame's <see cref="FrameKey"/>: its content, whatever file it came from.</param>
/// <param name="Group">The family that it belongs to.</param>
/// <param name="Position">Its place along strain or time within the group.</param>
public readonly record struct SplitItem(FrameKey Key, string Group, SeriesPosition Position)
{
    /// <summary>The reduced formula.</summary>
    public string? Composition { get; init; }

    /// <summary>The config type; null without.</summary>
    public string? ConfigType { get; init; }

    /// <summary>The energy that is the label, eV per atom; null without.</summary>
    public double? EnergyPerAtom { get; init; }
}

/// <summary>A place along a strain series or a trajectory: ordered by strain, then by file, then by step.</summary>
/// <param name="Strain">The coordinates along the series, the most important first; null without.</param>
/// <param name="File">The file that the frame was read from; null without.</param>
/// <param name="Step">The step in that file.</param>
public readonly record struct SeriesPosition(double[]? Strain, string? File, int Step) : IComparable<SeriesPosition>
{
    /// <inheritdoc/>
    public int CompareTo(SeriesPosition other)
    {
        double[] mine = Strain ?? [], others = other.Strain ?? [];
        for (int i = 0; i < Math.Min(mine.Length, others.Length); i++)
        {
            int byStrain = mine[i].CompareTo(others[i]);
            if (byStrain != 0)
            {
                return byStrain;
            }
        }

        int byLength = mine.Length.CompareTo(others.Length);
        int byFile = byLength != 0 ? byLength : string.CompareOrdinal(File, other.File);
        return byFile != 0 ? byFile : Step.CompareTo(other.Step);
    }
}
