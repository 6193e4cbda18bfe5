namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Frames of variable-cell runs whose plane waves belong to another volume: energy and stress agree with each other, but not with
/// static frames at the same volume (some 10 meV/atom).
/// </summary>
internal sealed class BasisCheck : ICheck
{
    private const double Tolerance = 0.01;

    private readonly FrameTally drifted = new();
    private int fixedBasis;

    public void Add(CheckedFrame f)
    {
        if (f.Frame.BasisVolumeRatio is not { } ratio)
        {
            return;
        }

        if (Math.Abs(ratio - 1) > Tolerance)
        {
            drifted.Add(f, FormattableString.Invariant($"V/V_basis = {ratio:F4}"));
        }
        else
        {
            fixedBasis++;
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() => drifted.ToFinding(
        fixedBasis > 0 ? FindingSeverity.Warning : FindingSeverity.Information,
        "BasisDrifted",
        $"{drifted.Count} frames come from variable-cell runs and use the plane waves of a cell that differs by more than 1 % in volume" + (fixedBasis > 0 ? $", among {fixedBasis} frames with a basis that fits." : "."),
        "Compute these geometries again as static ones, or leave them out.");
}
