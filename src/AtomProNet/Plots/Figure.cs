using System.Collections.Immutable;
using AtomProNet.Plots.Drawing;

namespace AtomProNet.Plots;

/// <summary>
/// A figure: one panel, or several in a grid. It is drawn as SVG at the size of a journal's column, with fonts and line widths in
/// points; no script, no network, colours that the colour-blind tell apart, numbers by the invariant culture.
/// </summary>
/// <param name="Name">A short name such as <c>force-parity</c>: that of its file.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Panels">Its panels, row by row.</param>
public sealed record Figure(string Name, string Title, ImmutableArray<Panel> Panels)
{
    /// <summary>The width of a journal's single column, mm.</summary>
    public const double SingleColumn = 85;

    /// <summary>The width of a journal's page, mm.</summary>
    public const double DoubleColumn = 175;

    /// <summary>What to know for reading it; stands below it on a page.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Its width, mm.</summary>
    public double Width { get; init; } = SingleColumn;

    /// <summary>Its height, mm; null: what the panels need.</summary>
    public double? Height { get; init; }

    /// <summary>The size of the labels of ticks, pt; those of axes are half a point larger.</summary>
    public double FontSize { get; init; } = 7;

    /// <summary>How many panels stand beside each other.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>Whether the panels of a column have one x axis, labelled below the lowest.</summary>
    public bool SharesX { get; init; }

    /// <summary>Whether panels are lettered (a), (b), ….</summary>
    public bool HasLetters { get; init; }

    /// <summary>The figure as SVG, ending in a newline: a whole document, or an element for an HTML page.</summary>
    public string ToSvg(FigureForm form = FigureForm.Publication) => FigureDrawing.Draw(this, form);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Title}";
}
