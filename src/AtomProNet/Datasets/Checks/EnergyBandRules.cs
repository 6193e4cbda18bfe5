namespace AtomProNet.Datasets.Checks;

/// <summary>
/// What the frames of one formula have in common, and which of them differ from it: each rule is settled by the frames that the rules before it left. A rule answers with what
/// it found, or null.
/// </summary>
internal sealed class EnergyBandRules
{
    // A strain of 10 % or 150 GPa moves an energy by some tenths of an eV per atom, and a volume by a third.
    private const double Band = 2, ResidualBand = 0.1, ResidualSpread = 15, Bohr = 0.529177210903;
    private const int WindowHalf = 10, FramesForBand = 3, FramesForResidual = 30;

    private static readonly (double Factor, string Name)[] Units =
    [
        (1 / 13.605693122994, "Ry among eV"), (13.605693122994, "eV among Ry"), (1 / 27.211386245988, "Ha among eV"), (27.211386245988, "eV among Ha"),
        (23.060548, "kcal/mol among eV"), (1 / 23.060548, "eV among kcal/mol"), (96.485332, "kJ/mol among eV"), (1 / 96.485332, "eV among kJ/mol"), (-1, "a sign"), (1000, "meV among eV"), (0.001, "eV among meV"),
    ];

    private static readonly Comparer<BandEntry> alongTheCurve = Comparer<BandEntry>.Create((a, b) => a.Volume != b.Volume ? a.Volume.CompareTo(b.Volume) : a.Index.CompareTo(b.Index));

    private readonly string formula;
    private readonly bool isWhole;
    private readonly double[] window = new double[2 * WindowHalf + 1];
    private readonly double energy, spread;
    // Sizes of the cell whose energies per cell agree, with what is said of them.
    private readonly Dictionary<int, string> perAtomSizes;
    private readonly bool hasVolumes;
    private readonly double volume, distance;
    // Those that are left, along the volume; empty where there are too few, or some have none.
    private readonly BandEntry[] curve;
    // The median energy of each window of neighbours along it, by the window's first place: it is asked for twice for each frame.
    private readonly double[] medians;
    private readonly double restEnergy, residualLimit;
    private readonly int restCount;

    /// <summary>Settles the rules.</summary>
    /// <param name="formula">The reduced formula.</param>
    /// <param name="sample">Frames of it, at least three.</param>
    /// <param name="isWhole">Whether these are all frames.</param>
    public EnergyBandRules(string formula, BandEntry[] sample, bool isWhole)
    {
        (this.formula, this.isWhole) = (formula, isWhole);
        energy = Median(sample.Select(e => (double)e.Energy));
        spread = 1.4826 * Median(sample.Select(e => Math.Abs(e.Energy - energy)));
        BandEntry[] rest = [.. sample.Where(e => PerAtomRatio(e) is null && Unit(e) is null)];
        perAtomSizes = IsNearZero ? [] : FindPerAtomSizes(rest);

        hasVolumes = rest.Count(e => !float.IsNaN(e.Volume)) >= FramesForBand;
        if (hasVolumes)
        {
            volume = Median(rest.Where(e => !float.IsNaN(e.Volume)).Select(e => (double)e.Volume));
            distance = Median(rest.Where(e => !float.IsNaN(e.Volume) && !float.IsNaN(e.Shortest)).Select(e => (double)e.Shortest));
            rest = [.. rest.Where(e => Length(e) is null)];
        }

        restCount = rest.Length;
        restEnergy = Median(rest.Select(e => (double)e.Energy));
        curve = rest.Length < FramesForResidual || rest.Any(e => float.IsNaN(e.Volume)) ? [] : rest;
        // Frames of one volume stay in the order of the set.
        Array.Sort(curve, alongTheCurve);
        medians = new double[curve.Length == 0 ? 0 : curve.Length - window.Length + 1];
        for (int from = 0; from < medians.Length; from++)
        {
            SortWindow(from);
            medians[from] = window[WindowHalf];
        }

        residualLimit = curve.Length == 0 ? 0 : Math.Max(ResidualBand, ResidualSpread * 1.4826 * Median(curve.Select((e, i) => Math.Abs(ResidualAt(i, e)))));
    }

    // No ratio to an energy of about nothing says anything: energies that count from the perfect crystal are of the size of what they differ by.
    private bool IsNearZero => Math.Abs(energy) < Math.Max(0.01, 3 * spread);

    /// <summary>An energy that differs by the number of atoms.</summary>
    public string? PerAtom(BandEntry e) => PerAtomRatio(e) ?? (Unit(e) is null ? perAtomSizes.GetValueOrDefault(e.Atoms) : null);

    /// <summary>An energy that differs by the ratio of two units, or by a sign.</summary>
    public string? Unit(BandEntry e)
    {
        if (!IsOutside(e) || PerAtomRatio(e) is not null)
        {
            return null;
        }

        double ratio = e.Energy / energy;
        foreach ((double factor, string name) in Units)
        {
            if (IsNear(ratio, factor))
            {
                return FormattableString.Invariant($"{formula}: {e.Energy:G5} eV/atom, the others {energy:G5}; ratio {ratio:G4}: {name}");
            }
        }

        return null;
    }

    /// <summary>A geometry that is larger or smaller by the ratio of bohr to Å.</summary>
    public string? Length(BandEntry e)
    {
        if (!hasVolumes || PerAtomRatio(e) is not null || Unit(e) is not null)
        {
            return null;
        }

        double v = e.Volume / volume, d = e.Shortest / distance;
        // Vacuum makes a cell larger, but leaves the bonds as they are. Beyond 4.5 Å no distance is known.
        bool small = Math.Abs(v * Math.Pow(Bohr, -3) - 1) < 0.4 && Math.Abs(d / Bohr - 1) < 0.2;
        bool large = Math.Abs(v * Math.Pow(Bohr, 3) - 1) < 0.4 && (float.IsNaN(e.Shortest) || Math.Abs(d * Bohr - 1) < 0.2);
        return small || large ? FormattableString.Invariant($"{formula}: {e.Volume:G4} Å³/atom, the others {volume:G4}") : null;
    }

    /// <summary>An energy far from those of frames of about the same volume, where volumes are known: so a whole energy-volume curve is no outlier.</summary>
    public string? Outlier(BandEntry e)
    {
        if (PerAtomRatio(e) is not null || Unit(e) is not null || Length(e) is not null)
        {
            return null;
        }

        if (curve.Length == 0 || float.IsNaN(e.Volume))
        {
            return restCount >= FramesForBand && Math.Abs(e.Energy - restEnergy) > Band ? FormattableString.Invariant($"{formula}: {e.Energy:G6} eV/atom, the median is {restEnergy:G6}") : null;
        }

        int found = Array.BinarySearch(curve, e, alongTheCurve), i = found < 0 ? ~found : found;
        double residual = ResidualAt(i, e);
        return Math.Abs(residual) > residualLimit && Math.Abs(residual) > residualLimit + Climb(i) ? FormattableString.Invariant($"{formula}: {e.Energy:G6} eV/atom, {residual:+0.000;-0.000} from frames of that volume") : null;
    }

    private static double Median(IEnumerable<double> values) => values.ToArray() is { Length: > 0 } numbers ? Evaluation.OrderStatistics.Percentiles(numbers, [50])[0] : double.NaN;

    // Within 15 %: what strain and temperature do to an energy.
    private static bool IsNear(double ratio, double factor) => Math.Abs(ratio / factor - 1) < 0.15;

    private bool IsOutside(BandEntry e) => !IsNearZero && Math.Abs(e.Energy - energy) > Math.Max(8 * spread, 0.3 * Math.Abs(energy));

    private string? PerAtomRatio(BandEntry e)
    {
        if (e.Atoms < 2 || !IsOutside(e))
        {
            return null;
        }

        double ratio = e.Energy / energy;
        return IsNear(ratio, e.Atoms) || IsNear(ratio, 1.0 / e.Atoms) ? FormattableString.Invariant($"{formula}: {e.Energy:G5} eV/atom, the others {energy:G5}; ratio {ratio:G4}") : null;
    }

    // Cells of different sizes whose energies per cell agree: all of them are energies per atom.
    private Dictionary<int, string> FindPerAtomSizes(BandEntry[] rest)
    {
        var found = new Dictionary<int, string>();
        IGrouping<int, BandEntry>[] all = [.. rest.GroupBy(e => e.Atoms)];
        (int Atoms, double Energy)[] sizes = [.. all.Where(s => all.Length > 1 && s.Key > 1 && s.Count() >= FramesForBand).Select(s => (s.Key, Median(s.Select(e => (double)e.Energy))))];
        for (int i = 1; i < sizes.Length; i++)
        {
            double ratio = sizes[i].Energy / sizes[0].Energy, atoms = (double)sizes[0].Atoms / sizes[i].Atoms;
            if (Math.Abs(ratio / atoms - 1) < 0.1 && Math.Abs(atoms - 1) > 0.3)
            {
                string said = $"{formula}: the same energy per cell with {sizes[0].Atoms} and {sizes[i].Atoms} atoms";
                found.TryAdd(sizes[0].Atoms, said);
                found[sizes[i].Atoms] = said;
            }
        }

        return found;
    }

    // Against the median of the neighbours in volume.
    private double ResidualAt(int place, BandEntry e) => e.Energy - medians[From(place)];

    // What the curve itself climbs is no residual: at its ends the window is lopsided. In a sample of trajectories the frames of a volume are no neighbours in time, as they are where
    // all frames are there: what they differ by among themselves, the two farthest left aside, is no residual either.
    private double Climb(int place)
    {
        int from = From(place);
        if (place < WindowHalf || place >= curve.Length - WindowHalf)
        {
            return Math.Abs(curve[from].Energy - curve[from + 2 * WindowHalf].Energy);
        }

        if (isWhole)
        {
            return 0;
        }

        SortWindow(from);
        return window[^2] - window[1];
    }

    // Sorted in its place, since this happens for each frame.
    private void SortWindow(int from)
    {
        for (int k = 0; k < window.Length; k++)
        {
            window[k] = curve[from + k].Energy;
        }

        Array.Sort(window);
    }

    private int From(int place) => Math.Clamp(place - WindowHalf, 0, curve.Length - window.Length);
}
