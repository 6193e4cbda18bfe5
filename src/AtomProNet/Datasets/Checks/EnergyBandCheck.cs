using AtomProNet.Datasets.Spooling;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Energies and volumes per atom that lie outside of the band of their formula: a total energy among per-atom energies, Ry among eV, bohr
/// among Å are told by their ratio; other energies by their distance from frames of about the same volume. The band of a formula is that of a sample of its frames
/// (<see cref="ValueSample{T}"/>), which are all of them up to a hundred thousand; every frame is held against it.
/// </summary>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
/// <param name="sampled">How many frames of a formula make its band.</param>
internal sealed class EnergyBandCheck(int memoryLimit, int sampled = ValueSample<BandEntry>.Most) : ICheck, IDisposable
{
    // A diamond has 1.5 volumes of its bond's cube for an atom, graphite three.
    private const double Sparse = 8;
    private const int Few = 4;

    // By formula and kind: crystals, what does not repeat in some direction, and by their number a few atoms in a vacuum.
    private readonly Dictionary<(string Formula, int Kind), int> numbers = [];
    private readonly List<EnergyBand> bands = [];
    private readonly ChunkedList<(int Band, BandEntry Entry)> entries = new(memoryLimit);
    private FrameRegister? register;

    public void Add(CheckedFrame f)
    {
        if (f.IsIsolatedAtom || f.Energy is not { } energy || energy == 0)
        {
            return;
        }

        register = f.Register;
        double? volume = f.Structure.Periodicity.All ? f.Structure.Volume / f.Atoms : null;
        double shortest = f.Contacts.Pairs.IsDefaultOrEmpty ? double.NaN : f.Contacts.Pairs.Min(p => p.Distance);
        // Clusters have a part of a crystal's binding, and molecules on their way apart any ratio to it: they are held against their like.
        string formula = f.Structure.ReducedFormula;
        bool isMolecule = f.Atoms <= Few && !(volume <= Sparse * shortest * shortest * shortest);
        int kind = isMolecule ? f.Atoms : volume is null ? -1 : 0;
        if (!numbers.TryGetValue((formula, kind), out int number))
        {
            numbers.Add((formula, kind), number = bands.Count);
            bands.Add(new(formula, sampled));
        }

        var entry = new BandEntry((float)(energy / f.Atoms), (float)(volume ?? double.NaN), (float)shortest, f.Atoms, f.Index);
        bands[number].Add(entry);
        entries.Add((number, entry));
    }

    public void Dispose() => entries.Dispose();

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        FrameTally totals = new(), units = new(), outliers = new(), lengths = new();
        EnergyBandRules?[] rules = [.. bands.Select(b => b.Settle())];
        for (int i = 0; i < entries.Count; i++)
        {
            (int number, BandEntry entry) = entries[i];
            if (rules[number] is not { } band)
            {
                continue;
            }

            if (band.PerAtom(entry) is { } perAtom)
            {
                totals.Add(register![entry.Index] with { Detail = perAtom });
            }

            if (band.Unit(entry) is { } unit)
            {
                units.Add(register![entry.Index] with { Detail = unit });
            }

            if (band.Length(entry) is { } length)
            {
                lengths.Add(register![entry.Index] with { Detail = length });
            }

            if (band.Outlier(entry) is { } outlier)
            {
                outliers.Add(register![entry.Index] with { Detail = outlier });
            }
        }

        return
        [
            .. totals.ToFinding(FindingSeverity.Error, "EnergyPerAtomMixed", $"{totals.Count} energies differ from the others of their formula by the number of atoms: energies per cell and per atom are mixed.", "The label is the energy of the cell: multiply the others by their number of atoms."),
            .. units.ToFinding(FindingSeverity.Error, "EnergyUnitMixed", $"{units.Count} energies differ from the others of their formula by the ratio of two units, or by a sign.", "Convert them to eV."),
            .. lengths.ToFinding(FindingSeverity.Error, "LengthUnitMixed", $"{lengths.Count} frames are larger or smaller than the others of their formula by the ratio of bohr to Å.", "Convert positions and lattice to Å (1 bohr = 0.529177 Å)."),
            .. outliers.ToFinding(FindingSeverity.Warning, "EnergyOutlier", $"{outliers.Count} energies lie far from those of frames of the same formula and about the same volume.", "Look at these frames: another magnetic state, a calculation gone wrong, or labels of another frame."),
        ];
    }
}
