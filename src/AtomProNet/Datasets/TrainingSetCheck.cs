using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Checks a training set as its frames pass by: labels that are missing or belong elsewhere, units and signs, mixed methods, copies and
/// leaks. Each rule is a class of its own under Checks. Some 150 bytes a frame are kept, never the frames themselves.
/// </summary>
public sealed class TrainingSetCheck
{
    private const int ManyFrames = 100_000;

    private readonly EnergyKind? energyKind;
    private readonly ShortestDistances distances = new();
    private readonly ICheck?[] checks =
    [
        // The first one tells the others which frames are copies.
        new DuplicateCheck(), new LabelCheck(), new EnergyKindCheck(), new MethodCheck(), new BasisCheck(), new EnergyBandCheck(), new DistanceCheck(), new ForceCheck(),
        new StressSizeCheck(), new LatticeCheck(), new LatticeOrientationCheck(), new LatticeSymmetryCheck(), new RepeatedLabelCheck(), new SeriesStressCheck(), new WorkCheck(), new LeakCheck(),
    ];

    private readonly FrameRegister register;

    /// <summary>Begins a check.</summary>
    /// <param name="energyKind">Which energy is the label; null: the free energy, or what a frame has.</param>
    public TrainingSetCheck(EnergyKind? energyKind = null)
        : this(energyKind, null)
    {
    }

    /// <summary>Begins a check of frames that somebody else adds to <paramref name="descents"/>, each before it comes here.</summary>
    internal TrainingSetCheck(EnergyKind? energyKind, FrameDescents? descents)
    {
        this.energyKind = energyKind;
        register = new(descents);
    }

    /// <summary>The number of frames seen.</summary>
    public int FrameCount => register.Count;

    /// <summary>Looks at a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="part">The part of the set that it stands in; null where there is one part only.</param>
    public void Add(Frame frame, DatasetPart? part = null)
    {
        register.Add(frame, part);
        EnergyKind? label = energyKind is { } kind ? frame.GetEnergy(kind) is null ? null : kind : frame.EnergyKind;
        var view = new CheckedFrame(frame, register.Count, part, label, distances, register);
        foreach (ICheck? check in checks)
        {
            check!.Add(view);
        }
    }

    /// <summary>What was found, errors first. To be asked once, at the end.</summary>
    public ImmutableArray<TrainingSetFinding> Conclude()
    {
        // Each rule goes when it has spoken, those at the end, which keep the most, first: what others need to conclude finds room where they were.
        var found = new TrainingSetFinding[checks.Length][];
        for (int i = checks.Length - 1; i >= 0; i--)
        {
            if (checks[i] is EnergyBandCheck && register.Count >= ManyFrames)
            {
                // It needs as much as they let go, in pieces so large that the runtime would rather ask the system for more than look for what is free.
                GC.Collect();
            }

            found[i] = [.. checks[i]!.Conclude()];
            checks[i] = null;
        }

        return [.. found.SelectMany(f => f).OrderByDescending(f => f.Severity)];
    }
}
