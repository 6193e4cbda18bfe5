using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Stresses of a size that no structure has: kbar, GPa or a whole virial under the name of a stress in eV/Å³.</summary>
internal sealed class StressSizeCheck : ICheck
{
    // Crystals at the centre of the earth are at 360 GPa; the paper's ±10 % strain of alumina reaches 150.
    private const double LargestInGigapascal = 500;

    private readonly FrameTally large = new();

    public void Add(CheckedFrame f)
    {
        if (f.Frame.Stress is { } stress)
        {
            double largest = stress.ToGigapascal().Max(Math.Abs);
            if (largest > LargestInGigapascal)
            {
                large.Add(f, FormattableString.Invariant($"{largest:G4} GPa; read as kbar it would be {largest / 1602.176634:G3} GPa, as GPa {largest / 160.2176634:G3} GPa, as a virial {largest / (f.Structure.Volume ?? 1):G3} GPa"));
            }
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() => large.ToFinding(
        FindingSeverity.Error,
        "StressTooLarge",
        $"In {large.Count} frames the stress exceeds {LargestInGigapascal:F0} GPa.",
        "Check the unit: stress is in eV/Å³ (1602.18 kbar, 160.218 GPa); a virial in eV must be divided by −V.");
}
