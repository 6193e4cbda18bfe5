using AtomProNet.Plots;

namespace AtomProNet.Evaluation.Reports;

/// <summary>How a report on the errors of models is made.</summary>
public sealed record MlipReportOptions
{
    /// <summary>Its heading.</summary>
    public string Title { get; init; } = "Errors of interatomic potentials";

    /// <summary>How the confidence intervals are found.</summary>
    public GroupBootstrap Bootstrap { get; init; } = new();

    /// <summary>The confidence of the intervals, percent, as it is written in the report.</summary>
    public double Confidence { get; init; } = 95;

    /// <summary>How many groups the figures show, those with the largest errors; the tables list all.</summary>
    public int MostGroups { get; init; } = 12;

    /// <summary>The width of a figure in publication form, mm.</summary>
    public double FigureWidth { get; init; } = Figure.SingleColumn;

    /// <summary>The size of the labels in publication form, pt.</summary>
    public double FontSize { get; init; } = 7;

    /// <summary>What stands at the end of the page, such as the version and the seed.</summary>
    public string Footer { get; init; } = "";
}
