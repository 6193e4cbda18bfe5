using System.Collections.Immutable;

namespace AtomProNet.Plots.Pages;

/// <summary>
/// A report as one HTML page that needs nothing else: figures as SVG, tables, light or dark as the reader's system is, narrow or wide,
/// no script, and a policy in the page itself that forbids every request to a network.
/// </summary>
/// <param name="Title">Its heading.</param>
/// <param name="Sections">Its parts.</param>
public sealed record ReportPage(string Title, ImmutableArray<ReportSection> Sections)
{
    /// <summary>What it is about, in a sentence or two.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What stands at its end, such as versions and seeds.</summary>
    public string Footer { get; init; } = "";

    /// <summary>Figures that become files only, because they are too wide for a page that is also read on a telephone.</summary>
    public ImmutableArray<Figure> PrintFigures { get; init; } = [];

    /// <summary>Tables that become files only, such as the points of a curve.</summary>
    public ImmutableArray<ReportTable> PrintTables { get; init; } = [];

    /// <summary>All figures of the page in order.</summary>
    public IEnumerable<Figure> Figures => Sections.SelectMany(s => s.Blocks).OfType<ReportFigures>().SelectMany(f => f.Figures);

    /// <summary>All tables of the page in order.</summary>
    public IEnumerable<ReportTable> Tables => Sections.SelectMany(s => s.Blocks).OfType<ReportTable>();

    /// <summary>The page as the text of an HTML file.</summary>
    public string ToHtml() => ReportHtml.Of(this);
}

/// <summary>A part of a report.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Blocks">What stands in it, from above.</param>
public sealed record ReportSection(string Heading, ImmutableArray<ReportBlock> Blocks);

/// <summary>Something that stands in a report.</summary>
public abstract record ReportBlock;

/// <summary>A paragraph.</summary>
/// <param name="Text">Its text; nothing in it is taken for markup.</param>
public sealed record ReportText(string Text) : ReportBlock
{
    /// <summary>Whether it is a warning that must not be overlooked.</summary>
    public bool IsWarning { get; init; }
}

/// <summary>Figures beside each other, as many as there is room for.</summary>
/// <param name="Figures">The figures.</param>
public sealed record ReportFigures(ImmutableArray<Figure> Figures) : ReportBlock;
