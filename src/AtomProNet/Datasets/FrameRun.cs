using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Datasets;

/// <summary>
/// Frames of one file with the same species in the same order: a trajectory, a relaxation, or a single calculation. What is kept of
/// it is the earliest frame's geometry, by which runs are recognised as members of one series.
/// </summary>
internal sealed class FrameRun
{
    /// <summary>The file; null for a frame that was not read from one.</summary>
    public required string? File { get; init; }

    /// <summary>The family as the frames tell it; null where they do not.</summary>
    public required string? KnownGroup { get; init; }

    /// <summary>A hash of the elements in their order.</summary>
    public required ulong SpeciesHash { get; init; }

    /// <summary>The formula of the cell.</summary>
    public required string Formula { get; init; }

    /// <summary>Its reduced formula.</summary>
    public required string ReducedFormula { get; init; }

    /// <summary>The step of the earliest frame.</summary>
    public int FirstStep { get; private set; } = int.MaxValue;

    /// <summary>The key of the earliest frame.</summary>
    public FrameKey FirstKey { get; private set; }

    /// <summary>The least key of all frames.</summary>
    public FrameKey LeastKey { get; private set; } = FrameKey.MaxValue;

    /// <summary>The cell of the earliest frame.</summary>
    public Lattice? Lattice { get; private set; }

    /// <summary>The fractional coordinates of the earliest frame in [0, 1), three an atom; empty where the family is known or there is no periodic cell.</summary>
    public float[] Fractional { get; private set; } = [];

    /// <summary>The number of frames.</summary>
    public int Count { get; private set; }

    public void Add(Frame frame, FrameKey key, int step)
    {
        Count++;
        LeastKey = key < LeastKey ? key : LeastKey;
        if (step > FirstStep || (step == FirstStep && key > FirstKey))
        {
            return;
        }

        FirstStep = step;
        FirstKey = key;
        Lattice = frame.Structure.Lattice;
        if (KnownGroup is null && Lattice is not null && frame.Structure.Periodicity.All)
        {
            Fractional = Wrapped(frame.Structure.FractionalPositions);
        }
    }

    // Seven digits are enough to tell 1e-3, and half the memory of doubles.
    private static float[] Wrapped(ImmutableArray<Vector3D> fractional)
    {
        var wrapped = new float[fractional.Length * 3];
        for (int i = 0; i < fractional.Length; i++)
        {
            wrapped[3 * i] = (float)(fractional[i].X - Math.Floor(fractional[i].X));
            wrapped[3 * i + 1] = (float)(fractional[i].Y - Math.Floor(fractional[i].Y));
            wrapped[3 * i + 2] = (float)(fractional[i].Z - Math.Floor(fractional[i].Z));
        }

        return wrapped;
    }
}
