using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Checks a training set as its frames pass by: labels that are missing or belong elsewhere, units and signs, mixed methods, copies and
/// leaks. Each rule is a class of its own under Checks. What is kept of the frames takes the same memory for a set of any length: beyond some ten thousand frames it waits
/// in temporary files.
/// </summary>
public sealed class TrainingSetCheck : IDisposable
{
    private readonly EnergyKind? energyKind;
    private readonly ShortestDistances distances = new();
    private readonly ICheck?[] checks;
    private readonly FrameRegister register;

    /// <summary>Begins a check.</summary>
    /// <param name="energyKind">Which energy is the label; null: the free energy, or what a frame has.</param>
    public TrainingSetCheck(EnergyKind? energyKind = null)
        : this(energyKind, null)
    {
    }

    /// <summary>Begins a check of frames that somebody else adds to <paramref name="descents"/>, each before it comes here.</summary>
    /// <param name="energyKind">Which energy is the label.</param>
    /// <param name="descents">Where the frames come from; null to keep it here.</param>
    /// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
    internal TrainingSetCheck(EnergyKind? energyKind, FrameDescents? descents, int memoryLimit = ChunkedList.MemoryLimit)
    {
        this.energyKind = energyKind;
        register = new(descents ?? new(null, memoryLimit), descents is null, memoryLimit);
        checks =
        [
            // The first one tells the others which frames are copies.
            new DuplicateCheck(memoryLimit), new LabelCheck(), new EnergyKindCheck(), new MethodCheck(memoryLimit), new BasisCheck(), new EnergyBandCheck(memoryLimit), new DistanceCheck(memoryLimit), new ForceCheck(),
            new StressSizeCheck(), new LatticeCheck(), new LatticeOrientationCheck(), new LatticeSymmetryCheck(), new RepeatedLabelCheck(memoryLimit), new SeriesStressCheck(), new WorkCheck(), new LeakCheck(memoryLimit),
        ];
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
        // Each rule goes when it has spoken: what others need to conclude finds room where it was.
        var found = new TrainingSetFinding[checks.Length][];
        for (int i = checks.Length - 1; i >= 0; i--)
        {
            found[i] = [.. checks[i]!.Conclude()];
            (checks[i] as IDisposable)?.Dispose();
            checks[i] = null;
        }

        return [.. found.SelectMany(f => f).OrderByDescending(f => f.Severity)];
    }

    /// <summary>Deletes temporary files.</summary>
    public void Dispose()
    {
        foreach (ICheck? check in checks)
        {
            (check as IDisposable)?.Dispose();
        }

        register.Dispose();
    }
}
