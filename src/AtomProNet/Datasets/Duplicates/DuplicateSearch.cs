using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Duplicates;

/// <summary>
/// Finds frames that are copies of earlier ones, as they pass by. Descriptors find the candidates (a grid over three of their
/// numbers holds those that are near), the geometries decide whether a copy is exact. Some 1200 bytes a frame of 20 atoms are kept.
/// </summary>
public sealed class DuplicateSearch
{
    /// <summary>The descriptor distance below which frames are near, unless told otherwise.</summary>
    public const double DefaultThreshold = 1e-3;

    // Projections are single precision, and files round coordinates: copies lie this near, and geometries decide.
    private const double ExactThreshold = 1e-4, PositionTolerance = 1e-3;
    internal const double EnergyTolerance = 1e-3, ForceTolerance = 0.05, StressTolerance = 0.5;

    private readonly double threshold;
    private readonly EnergyKind? energyKind;
    private readonly FrameDescriptor descriptor = new();
    private readonly double[] full = new double[FrameDescriptor.Length];
    private readonly float[] projection = new float[DescriptorProjection.Length];
    private readonly ProjectionGrid exact, near;
    private readonly List<Known> known = [];

    /// <summary>Begins a search.</summary>
    /// <param name="threshold">The descriptor distance below which frames are near; 0 for exact copies only.</param>
    /// <param name="energyKind">Which energy is the label; null: the free energy, or what a frame has.</param>
    /// <exception cref="AtomProNetException">The threshold is negative or above 0.1.</exception>
    public DuplicateSearch(double threshold = DefaultThreshold, EnergyKind? energyKind = null)
    {
        if (!(threshold is >= 0 and <= 0.1))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ThresholdOutOfRange", "The threshold is a distance of descriptors from 0 (exact copies only) to 0.1.", value: FormattableString.Invariant($"{threshold}"), remedy: "Give it such as 0.001.");
        }

        this.threshold = threshold;
        this.energyKind = energyKind;
        exact = new(ExactThreshold);
        near = new(threshold);
    }

    /// <summary>The number of frames seen.</summary>
    public int FrameCount => known.Count;

    /// <summary>Looks at the next frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="part">The part of the set that it stands in; null where there is one part only.</param>
    /// <returns>What it is a copy of; null where it is none.</returns>
    public DuplicateFrame? Add(Frame frame, DatasetPart? part = null)
    {
        descriptor.Compute(frame.Structure, full);
        DescriptorProjection.Apply(full, projection);
        string formula = frame.Structure.Composition.Formula;
        double? energy = (energyKind is { } kind ? frame.GetEnergy(kind) : frame.Energy) / Math.Max(1, frame.Structure.AtomCount);
        var geometry = new CompactGeometry(frame);
        var me = new Known(new(known.Count + 1, part, frame.Source), formula, frame.Structure.ReducedFormula, geometry, energy, frame.Stress?.ToGigapascal());
        known.Add(me);
        int index = known.Count - 1;

        // Of the frames that look the same, the first whose atoms can be laid on these.
        foreach (int candidate in exact.Near(projection, ExactThreshold).Order())
        {
            if (known[candidate].Formula == formula && known[candidate].Geometry!.IsSameAs(geometry, PositionTolerance, ForceTolerance, out double? force))
            {
                double? stress = LargestDifference(me.Stress, known[candidate].Stress);
                DuplicateKind found = Math.Abs(energy - known[candidate].Energy ?? 0) > EnergyTolerance || force > ForceTolerance || stress > StressTolerance
                    ? DuplicateKind.Conflict
                    : DuplicateKind.Exact;
                // The copy itself need not be kept for comparison: its original is.
                known[index] = me with { Geometry = null, Stress = null };
                return Describe(found, me, known[candidate], Distance(candidate), force, stress);
            }
        }

        exact.Add(projection, index);
        if (threshold == 0)
        {
            return null;
        }

        int nearest = near.Near(projection, threshold).Where(c => known[c].ReducedFormula == me.ReducedFormula).DefaultIfEmpty(-1).MinBy(c => c < 0 ? double.MaxValue : Distance(c));
        if (nearest >= 0)
        {
            return Describe(DuplicateKind.Near, me, known[nearest], Distance(nearest));
        }

        near.Add(projection, index);
        return null;

        double Distance(int candidate) => (exact.Find(candidate) ?? near.Find(candidate)) is { } other ? ProjectionGrid.Distance(projection, other) : 0;
    }

    private static double? LargestDifference(double[]? a, double[]? b) => a is null || b is null ? null : a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static DuplicateFrame Describe(DuplicateKind kind, Known frame, Known original, double distance, double? force = null, double? stress = null) => new(
        kind,
        frame.Reference,
        original.Reference,
        distance,
        frame.Energy - original.Energy,
        force,
        frame.Reference.Part != original.Reference.Part)
    {
        Formula = frame.Formula,
        MaximumStressDifference = stress,
    };

    private sealed record Known(FrameReference Reference, string Formula, string ReducedFormula, CompactGeometry? Geometry, double? Energy, double[]? Stress);
}
