namespace AtomProNet.Plots.Scales;

/// <summary>A tick of an axis.</summary>
/// <param name="Value">Where it stands, in the unit of the axis.</param>
/// <param name="Label">What is written beside it; empty for a minor tick.</param>
/// <param name="Exponent">What is written raised behind the label, such as the −3 of 10⁻³; empty where there is nothing.</param>
public sealed record Tick(double Value, string Label, string Exponent = "")
{
    /// <summary>Whether it carries a label.</summary>
    public bool IsMajor => Label.Length > 0;
}
