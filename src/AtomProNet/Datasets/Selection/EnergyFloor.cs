using System.Globalization;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Selection;

/// <summary>
/// The least energy per atom of a set, for each reduced formula by itself: energies of different formulas, kinds (F, σ→0 …) and methods lie on
/// different scales, and a single atom is no crystal of its element.
/// </summary>
public sealed class EnergyFloor : IDisposable
{
    private readonly EnergyKind? energyKind;
    private readonly Dictionary<(string Formula, EnergyKind Kind, string? Method, bool IsIsolatedAtom), int> numbers = [];
    private readonly List<Lowest> floors = [];
    // The number of the floor, and what lies on it; −1 for a frame without an energy.
    private readonly ChunkedList<(int Floor, double Energy)> frames = new();
    private (DftMethod? Method, string? Fingerprint) last;

    /// <summary>Begins.</summary>
    /// <param name="energyKind">Which energy is the label; null: the free energy, or what a frame has.</param>
    public EnergyFloor(EnergyKind? energyKind = null) => this.energyKind = energyKind;

    /// <summary>Deletes temporary files.</summary>
    public void Dispose() => frames.Dispose();

    /// <summary>Looks at the next frame.</summary>
    public void Add(Frame frame)
    {
        if (Energy(frame) is not { } energy)
        {
            frames.Add((-1, 0));
            return;
        }

        var key = Key(frame, energy.Kind);
        if (!numbers.TryGetValue(key, out int number))
        {
            numbers.Add(key, number = floors.Count);
            floors.Add(new());
        }

        floors[number].Add(energy.PerAtom, frame);
        frames.Add((number, energy.PerAtom));
    }

    /// <summary>How far a frame lies above the least of its like, eV per atom; null where it has no energy.</summary>
    /// <param name="index">The number of the frame, from 0 in the order in which they were added.</param>
    public double? Above(int index) => frames[index] is (>= 0 and var floor, var energy) ? energy - floors[floor].Energy : null;

    /// <summary>A least energy that lies farther below the next one than the limit reaches: probably that frame is wrong, and not all others.</summary>
    public IEnumerable<Finding> Findings(double limit)
    {
        foreach (((string formula, _, _, _), int number) in numbers.OrderBy(n => n.Key.Formula, StringComparer.Ordinal))
        {
            Lowest floor = floors[number];
            if (floor.Count > 2 && floor.Second - floor.Energy > limit)
            {
                yield return new(
                    FindingSeverity.Warning,
                    "MinimumEnergyAlone",
                    string.Create(CultureInfo.InvariantCulture, $"All {floor.Count - 1} other frames of {formula} lie more than {limit} eV/atom above the lowest one ({floor.Energy:G6} eV/atom, the next is at {floor.Second:G6})."),
                    floor.Frame,
                    "Look at that frame first (Test-TrainingSet): if its energy is wrong, the limit counts from a wrong zero.");
            }
        }
    }

    private (EnergyKind Kind, double PerAtom)? Energy(Frame frame) =>
        (energyKind ?? frame.EnergyKind) is { } kind && frame.GetEnergy(kind) is { } energy ? (kind, energy / Math.Max(1, frame.Structure.AtomCount)) : null;

    private (string, EnergyKind, string?, bool) Key(Frame frame, EnergyKind kind)
    {
        if (!ReferenceEquals(frame.Method, last.Method))
        {
            last = (frame.Method, frame.Method?.Fingerprint);
        }

        return (frame.Structure.ReducedFormula, kind, last.Fingerprint, FrameAdmission.IsIsolatedAtom(frame.Structure));
    }

    private sealed class Lowest
    {
        public double Energy { get; private set; } = double.PositiveInfinity;

        public double Second { get; private set; } = double.PositiveInfinity;

        public string? Frame { get; private set; }

        public int Count { get; private set; }

        public void Add(double energy, Frame frame)
        {
            Count++;
            if (energy < Energy)
            {
                (Second, Energy, Frame) = (Energy, energy, frame.Source?.ToString() ?? frame.Structure.Name);
            }
            else
            {
                Second = Math.Min(Second, energy);
            }
        }
    }
}
