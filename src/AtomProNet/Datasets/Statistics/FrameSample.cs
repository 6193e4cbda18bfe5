using System.Globalization;

namespace AtomProNet.Datasets.Statistics;

/// <summary>A few numbers of one frame, for figures.</summary>
/// <param name="Frame">The number of the frame in the set, from 1.</param>
/// <param name="Formula">Its reduced formula.</param>
/// <param name="VolumePerAtom">Å³ per atom; null where it is no crystal.</param>
/// <param name="EnergyPerAtom">eV per atom; null without an energy.</param>
/// <param name="MaximumForce">eV/Å; null without forces.</param>
/// <param name="Pressure">GPa; null without a stress.</param>
public sealed record FrameSample(long Frame, string Formula, double? VolumePerAtom, double? EnergyPerAtom, double? MaximumForce, double? Pressure)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"frame {Frame} ({Formula})");
}

/// <summary>Every so many frames of a set of any length: where there are too many, every second is dropped and the stride doubles.</summary>
internal sealed class FrameSamples
{
    private const int Most = 4096;

    private readonly List<FrameSample> samples = [];
    private long next = 1, stride = 1;

    public IReadOnlyList<FrameSample> All => samples;

    /// <summary>Whether that structure, counted from 1, is wanted; it must be added then.</summary>
    public bool Wants(long structure)
    {
        if (structure != next)
        {
            return false;
        }

        next += stride;
        return true;
    }

    public void Add(FrameSample sample)
    {
        samples.Add(sample);
        if (samples.Count > Most)
        {
            // The last one kept is the last one added: the next comes after the new stride.
            next += stride;
            stride *= 2;
            FrameSample[] kept = [.. samples.Where((_, i) => i % 2 == 0)];
            samples.Clear();
            samples.AddRange(kept);
        }
    }
}
