using System.Collections.Immutable;
using AtomProNet.Plots.Marks;

namespace AtomProNet.Plots;

/// <summary>A corner of a panel.</summary>
public enum PanelCorner
{
    /// <summary>Above, left.</summary>
    TopLeft,
    /// <summary>Above, right.</summary>
    TopRight,
    /// <summary>Below, left.</summary>
    BottomLeft,
    /// <summary>Below, right.</summary>
    BottomRight,
}

/// <summary>One pair of axes and what is drawn in it.</summary>
/// <param name="X">The axis below.</param>
/// <param name="Y">The axis at the left.</param>
/// <param name="Marks">What is drawn, the later on top. Those with a name stand in the legend above the panel.</param>
public sealed record Panel(Axis X, Axis Y, ImmutableArray<Mark> Marks)
{
    /// <summary>What stands above it; null for nothing.</summary>
    public string? Title { get; init; }

    /// <summary>Whether both axes have one range and one length, as in parity plots.</summary>
    public bool IsSquare { get; init; }

    /// <summary>The height of the plot as a part of its width, where nobody gives a height and the axes are not those of a square or of names.</summary>
    public double Aspect { get; init; } = 0.66;

    /// <summary>Lines of text in a corner, such as the errors in a parity plot.</summary>
    public ImmutableArray<string> Note { get; init; } = [];

    /// <summary>The corner of <see cref="Note"/>: one that the data leave free.</summary>
    public PanelCorner NoteCorner { get; init; } = PanelCorner.TopLeft;

    /// <summary>Whether lines at the ticks help reading values.</summary>
    public bool HasGrid { get; init; } = true;
}
