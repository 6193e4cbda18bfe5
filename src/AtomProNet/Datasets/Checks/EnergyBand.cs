namespace AtomProNet.Datasets.Checks;

/// <summary>What is kept of a frame: energy (eV) and volume (Å³; NaN for no crystal) per atom, its shortest distance (Å; NaN where none is known), its atoms and its number.</summary>
internal readonly record struct BandEntry(float Energy, float Volume, float Shortest, int Atoms, int Index);

/// <summary>The frames of one formula that make its band.</summary>
/// <param name="formula">The reduced formula.</param>
/// <param name="sampled">How many of them are kept.</param>
internal sealed class EnergyBand(string formula, int sampled)
{
    private const int FramesForBand = 3;

    private readonly ValueSample<BandEntry> sample = new(sampled);

    public void Add(BandEntry entry) => sample.Add(entry.Index, entry);

    /// <summary>The rules for frames of this formula; null where there are too few of them.</summary>
    public EnergyBandRules? Settle() => sample.Count < FramesForBand ? null : new(formula, sample.ToArray(), sample.IsWhole);
}
