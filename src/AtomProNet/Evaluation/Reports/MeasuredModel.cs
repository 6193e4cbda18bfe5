namespace AtomProNet.Evaluation.Reports;

/// <summary>One model's errors in one quantity, on the way into figures and tables.</summary>
/// <param name="Name">The model.</param>
/// <param name="Error">Its errors.</param>
/// <param name="Style">The style of its marks, the same in all figures.</param>
internal sealed record MeasuredModel(string Name, MlipError Error, int Style)
{
    private readonly Lazy<ErrorCurve> curve = new(() => ErrorCurve.Of(Error));

    /// <summary>The cumulative distribution of its errors; sorted once, however many figures and tables show it.</summary>
    public ErrorCurve Curve => curve.Value;
}
