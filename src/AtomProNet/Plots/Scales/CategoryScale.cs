using System.Collections.Immutable;

namespace AtomProNet.Plots.Scales;

/// <summary>One place a name, at the whole numbers from 0.</summary>
internal sealed class CategoryScale(ImmutableArray<string> names, bool isReversed) : Scale(-0.5, Math.Max(1, names.Length) - 0.5)
{
    /// <summary>The names in order.</summary>
    public ImmutableArray<string> Names => names;

    public override double Position(double value)
    {
        double position = double.IsFinite(value) ? (value - Low) / (High - Low) : double.NaN;
        return isReversed ? 1 - position : position;
    }

    public override double Value(double position) => Low + (High - Low) * (isReversed ? 1 - position : position);

    /// <summary>Every name: none of them can be told from its neighbours.</summary>
    public override ImmutableArray<Tick> Ticks(int about) => [.. names.Select((name, i) => new Tick(i, name.Length == 0 ? " " : name))];
}
