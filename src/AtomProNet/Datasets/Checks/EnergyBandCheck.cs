using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Energies and volumes per atom that lie outside of the band of their formula: a total energy among per-atom energies, Ry among eV, bohr
/// among Å are told by their ratio; other energies by their distance from frames of about the same volume.
/// </summary>
internal sealed class EnergyBandCheck : ICheck
{
    // A strain of 10 % or 150 GPa moves an energy by some tenths of an eV per atom, and a volume by a third.
    private const double Band = 2, ResidualBand = 0.1, ResidualSpread = 15;
    private const int WindowHalf = 10, FramesForBand = 3, FramesForResidual = 30;

    private static readonly (double Factor, string Name)[] Units =
    [
        (1 / 13.605693122994, "Ry among eV"), (13.605693122994, "eV among Ry"), (1 / 27.211386245988, "Ha among eV"), (27.211386245988, "eV among Ha"),
        (23.060548, "kcal/mol among eV"), (1 / 23.060548, "eV among kcal/mol"), (96.485332, "kJ/mol among eV"), (1 / 96.485332, "eV among kJ/mol"), (-1, "a sign"), (1000, "meV among eV"), (0.001, "eV among meV"),
    ];

    private readonly Dictionary<string, ChunkedList<Entry>> formulas = new(StringComparer.Ordinal);
    private FrameRegister register = new();

    public void Add(CheckedFrame f)
    {
        if (f.IsIsolatedAtom || f.Energy is not { } energy || energy == 0)
        {
            return;
        }

        string formula = f.Structure.ReducedFormula;
        if (!formulas.TryGetValue(formula, out ChunkedList<Entry>? list))
        {
            formulas.Add(formula, list = new());
        }

        register = f.Register;
        double? volume = f.Structure.Periodicity.All ? f.Structure.Volume / f.Atoms : null;
        double shortest = f.Contacts.Pairs.IsDefaultOrEmpty ? double.NaN : f.Contacts.Pairs.Min(p => p.Distance);
        list.Add(new((float)(energy / f.Atoms), (float)(volume ?? double.NaN), (float)shortest, f.Atoms, f.Index));
    }

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        FrameTally totals = new(), units = new(), outliers = new(), lengths = new();
        foreach ((string formula, ChunkedList<Entry> all) in formulas)
        {
            if (all.Count < FramesForBand)
            {
                continue;
            }

            // One copy, which each rule makes shorter by what it has named, and one place for the numbers of which a median is wanted: the frames may be a million.
            var copy = new Entry[all.Count];
            var numbers = new double[all.Count];
            for (int i = 0; i < copy.Length; i++)
            {
                copy[i] = all[i];
            }

            Span<Entry> left = FindRatios(formula, copy, numbers, totals, units);
            left = FindLengths(formula, left, numbers, lengths);
            FindOutliers(formula, left, numbers, outliers);
        }

        return
        [
            .. totals.ToFinding(FindingSeverity.Error, "EnergyPerAtomMixed", $"{totals.Count} energies differ from the others of their formula by the number of atoms: energies per cell and per atom are mixed.", "The label is the energy of the cell: multiply the others by their number of atoms."),
            .. units.ToFinding(FindingSeverity.Error, "EnergyUnitMixed", $"{units.Count} energies differ from the others of their formula by the ratio of two units, or by a sign.", "Convert them to eV."),
            .. lengths.ToFinding(FindingSeverity.Error, "LengthUnitMixed", $"{lengths.Count} frames are larger or smaller than the others of their formula by the ratio of bohr to Å.", "Convert positions and lattice to Å (1 bohr = 0.529177 Å)."),
            .. outliers.ToFinding(FindingSeverity.Warning, "EnergyOutlier", $"{outliers.Count} energies lie far from those of frames of the same formula and about the same volume.", "Look at these frames: another magnetic state, a calculation gone wrong, or labels of another frame."),
        ];
    }

    private static double Median(Span<double> values) => Evaluation.OrderStatistics.Percentiles(values, [50])[0];

    // The median of a value of the entries that have one (not NaN); NaN where none has.
    private static double Median(ReadOnlySpan<Entry> list, Span<double> numbers, Func<Entry, double> value)
    {
        int count = 0;
        foreach (Entry e in list)
        {
            double number = value(e);
            if (!double.IsNaN(number))
            {
                numbers[count++] = number;
            }
        }

        return count == 0 ? double.NaN : Median(numbers[..count]);
    }

    // Those for which a rule holds, moved to the front.
    private static Span<Entry> Where(Span<Entry> list, Func<Entry, bool> rule)
    {
        int kept = 0;
        foreach (Entry e in list)
        {
            if (rule(e))
            {
                list[kept++] = e;
            }
        }

        return list[..kept];
    }

    // What is out of the band by the ratio of units or by the number of atoms; the rest goes on.
    private Span<Entry> FindRatios(string formula, Span<Entry> list, double[] numbers, FrameTally totals, FrameTally units)
    {
        double median = Median(list, numbers, e => e.Energy);
        if (Math.Abs(median) < 0.01)
        {
            return list;
        }

        double spread = 1.4826 * Median(list, numbers, e => Math.Abs(e.Energy - median));
        Span<Entry> rest = Where(list, e =>
        {
            double ratio = e.Energy / median;
            bool outside = Math.Abs(e.Energy - median) > Math.Max(8 * spread, 0.3 * Math.Abs(median));
            if (outside && e.Atoms > 1 && (IsNear(ratio, e.Atoms) || IsNear(ratio, 1.0 / e.Atoms)))
            {
                totals.Add(e.In(register) with { Detail = FormattableString.Invariant($"{formula}: {e.Energy:G5} eV/atom, the others {median:G5}; ratio {ratio:G4}") });
                return false;
            }

            if (outside && Units.Where(u => IsNear(ratio, u.Factor)).Select(u => u.Name).FirstOrDefault() is { } unit)
            {
                units.Add(e.In(register) with { Detail = FormattableString.Invariant($"{formula}: {e.Energy:G5} eV/atom, the others {median:G5}; ratio {ratio:G4}: {unit}") });
                return false;
            }

            return true;
        });

        // Cells of different sizes whose energies per cell agree: all of them are energies per atom.
        List<(int Atoms, double Energy)> sizes = EnergiesBySize(rest, numbers);
        for (int i = 1; i < sizes.Count; i++)
        {
            double ratio = sizes[i].Energy / sizes[0].Energy, atoms = (double)sizes[0].Atoms / sizes[i].Atoms;
            if (Math.Abs(ratio / atoms - 1) < 0.1 && Math.Abs(atoms - 1) > 0.3)
            {
                foreach (Entry e in rest)
                {
                    if (e.Atoms == sizes[i].Atoms || e.Atoms == sizes[0].Atoms)
                    {
                        totals.Add(e.In(register) with { Detail = FormattableString.Invariant($"{formula}: the same energy per cell with {sizes[0].Atoms} and {sizes[i].Atoms} atoms") });
                    }
                }
            }
        }

        return rest;
    }

    // The median of the energies of each size of the cell, in the order in which sizes come.
    private static List<(int Atoms, double Energy)> EnergiesBySize(ReadOnlySpan<Entry> list, double[] numbers)
    {
        var counts = new Dictionary<int, int>();
        var order = new List<int>();
        foreach (Entry e in list)
        {
            if (counts.TryAdd(e.Atoms, 0))
            {
                order.Add(e.Atoms);
            }

            counts[e.Atoms]++;
        }

        var sizes = new List<(int Atoms, double Energy)>();
        foreach (int atoms in order.Where(a => order.Count > 1 && a > 1 && counts[a] >= FramesForBand))
        {
            int i = 0;
            foreach (Entry e in list)
            {
                if (e.Atoms == atoms)
                {
                    numbers[i++] = e.Energy;
                }
            }

            sizes.Add((atoms, Median(numbers.AsSpan(0, i))));
        }

        return sizes;
    }

    // Within 15 %: what strain and temperature do to an energy.
    private static bool IsNear(double ratio, double factor) => Math.Abs(ratio / factor - 1) < 0.15;

    private Span<Entry> FindLengths(string formula, Span<Entry> list, double[] numbers, FrameTally lengths)
    {
        int withVolume = 0;
        foreach (Entry e in list)
        {
            withVolume += float.IsNaN(e.Volume) ? 0 : 1;
        }

        if (withVolume < FramesForBand)
        {
            return list;
        }

        double volume = Median(list, numbers, e => e.Volume), distance = Median(list, numbers, e => float.IsNaN(e.Volume) ? double.NaN : e.Shortest);
        const double bohr = 0.529177210903;
        return Where(list, e =>
        {
            double v = e.Volume / volume, d = e.Shortest / distance;
            // Vacuum makes a cell larger, but leaves the bonds as they are. Beyond 4.5 Å no distance is known.
            bool small = Math.Abs(v * Math.Pow(bohr, -3) - 1) < 0.4 && Math.Abs(d / bohr - 1) < 0.2;
            bool large = Math.Abs(v * Math.Pow(bohr, 3) - 1) < 0.4 && (float.IsNaN(e.Shortest) || Math.Abs(d * bohr - 1) < 0.2);
            if (small || large)
            {
                lengths.Add(e.In(register) with { Detail = FormattableString.Invariant($"{formula}: {e.Volume:G4} Å³/atom, the others {volume:G4}") });
            }

            return !small && !large;
        });
    }

    // Against the median of the neighbours in volume, so that a whole energy-volume curve is no outlier.
    private void FindOutliers(string formula, Span<Entry> list, double[] numbers, FrameTally outliers)
    {
        bool anyWithoutVolume = false;
        foreach (Entry e in list)
        {
            anyWithoutVolume |= float.IsNaN(e.Volume);
        }

        if (list.Length < FramesForResidual || anyWithoutVolume)
        {
            double median = Median(list, numbers, e => e.Energy);
            foreach (Entry e in list)
            {
                if (Math.Abs(e.Energy - median) > Band && list.Length >= FramesForBand)
                {
                    outliers.Add(e.In(register) with { Detail = FormattableString.Invariant($"{formula}: {e.Energy:G6} eV/atom, the median is {median:G6}") });
                }
            }

            return;
        }

        // Frames of one volume stay in the order of the set.
        list.Sort((a, b) => a.Volume != b.Volume ? a.Volume.CompareTo(b.Volume) : a.Index.CompareTo(b.Index));
        double[] residuals = new double[list.Length], window = new double[2 * WindowHalf + 1];
        for (int i = 0; i < list.Length; i++)
        {
            int from = From(i, list.Length);
            for (int k = 0; k < window.Length; k++)
            {
                window[k] = list[from + k].Energy;
            }

            // Sorted in its place, since this happens for each frame.
            Array.Sort(window);
            residuals[i] = list[i].Energy - window[WindowHalf];
        }

        for (int i = 0; i < residuals.Length; i++)
        {
            numbers[i] = Math.Abs(residuals[i]);
        }

        double spread = 1.4826 * Median(numbers.AsSpan(0, residuals.Length));
        double limit = Math.Max(ResidualBand, ResidualSpread * spread);
        for (int i = 0; i < list.Length; i++)
        {
            // At the ends of a steep curve the window is lopsided: what the curve itself climbs there is no residual.
            int from = From(i, list.Length);
            bool edge = i < WindowHalf || i >= list.Length - WindowHalf;
            double climb = edge ? Math.Abs(list[from].Energy - list[from + 2 * WindowHalf].Energy) : 0;
            if (Math.Abs(residuals[i]) > limit + climb)
            {
                outliers.Add(list[i].In(register) with { Detail = FormattableString.Invariant($"{formula}: {list[i].Energy:G6} eV/atom, {residuals[i]:+0.000;-0.000} from frames of that volume") });
            }
        }

        static int From(int i, int count) => Math.Clamp(i - WindowHalf, 0, count - 2 * WindowHalf - 1);
    }

    private readonly record struct Entry(float Energy, float Volume, float Shortest, int Atoms, int Index)
    {
        public FrameReference In(FrameRegister register) => register[Index];
    }
}
