using System.Collections.Immutable;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Whole runs whose lattice is transposed, so that no step differs from the one before. The forces know the true neighbours: where a
/// sum over pairs explains them far better in the transposed cell than in the one that is told, rows and columns were exchanged. Twice:
/// with Cartesian positions kept, and with fractional ones. A few frames of a run are enough; frames of one step each are put together.
/// </summary>
internal sealed class LatticeOrientationCheck : ICheck
{
    // Below that the transposed cell is the same for any purpose.
    private const double Asymmetry = 0.1;
    // What is left of the squares must fall to a third, and the better cell must explain most of it.
    private const double Better = 1.0 / 3, Explained = 0.5;
    private const int FramesPerRun = 8, FramesPerSpecies = 64, OpenRuns = 64, EquationsPerUnknown = 3;
    // The memory is bounded: no sums over more than 21 pairs of elements, no more sets of short runs than this. Long runs stand for themselves.
    private const int MostElements = 6, MostSpecies = 64;

    private readonly NeighbourSearch neighbours = new();
    private readonly Dictionary<string, Run> open = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private readonly Dictionary<string, Run> species = new(StringComparer.Ordinal);
    private readonly FrameTally transposed = new();
    private (ImmutableArray<Element> Species, string Sequence) last = ([], "");

    public void Add(CheckedFrame f)
    {
        if (f.Frame.Forces is not { } forces || f.Structure.Lattice is not { } lattice || !f.Structure.Periodicity.All || f.Atoms < 2 || f.Structure.Composition.Counts.Count > MostElements || IsSymmetric(lattice))
        {
            return;
        }

        string sequence = SequenceOf(f.Structure.Species);
        if (!species.TryGetValue(sequence, out Run? all) && species.Count < MostSpecies)
        {
            species.Add(sequence, all = new(f.Structure.Composition.Counts.Keys));
        }

        Run run = Open(f.Frame.Source?.File + "/" + sequence, f, all);
        run.Frames++;
        // Early steps of a run are alike: the first, second, fourth … of it. Twelve thousand files of one step need not all be looked at.
        if (run.Taken < FramesPerRun && (run.Frames & (run.Frames - 1)) == 0 && (run.Frames > 2 || all?.Looked < FramesPerSpecies))
        {
            if (all is not null)
            {
                all.Looked++;
            }

            run.Add(f, forces, neighbours);
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        while (order.Count > 0)
        {
            Close(order.Dequeue());
        }

        foreach (Run all in species.Values)
        {
            Judge(all);
        }

        return transposed.ToFinding(
            FindingSeverity.Error,
            "LatticeTransposed",
            $"In {transposed.Count} runs the forces fit the neighbours in the transposed lattice, not those in the lattice as it stands.",
            "The rows of a lattice are a, b and c: rows and columns were exchanged by what wrote it. Read the outputs again.");
    }

    private static bool IsSymmetric(Lattice lattice)
    {
        Matrix3x3 m = lattice.Rows;
        return Math.Abs(m[0, 1] - m[1, 0]) < Asymmetry && Math.Abs(m[0, 2] - m[2, 0]) < Asymmetry && Math.Abs(m[1, 2] - m[2, 1]) < Asymmetry;
    }

    // Neighbours in a set mostly have the same atoms.
    private string SequenceOf(ImmutableArray<Element> atoms)
    {
        if (!atoms.AsSpan().SequenceEqual(last.Species.AsSpan()))
        {
            last = (atoms, string.Join(' ', atoms));
        }

        return last.Sequence;
    }

    private Run Open(string key, CheckedFrame f, Run? all)
    {
        if (open.TryGetValue(key, out Run? run))
        {
            return run;
        }

        open.Add(key, run = new(f.Structure.Composition.Counts.Keys) { Species = all });
        order.Enqueue(key);
        while (order.Count > OpenRuns)
        {
            Close(order.Dequeue());
        }

        return run;
    }

    // A run that is too short to say anything itself counts for its species.
    private void Close(string key)
    {
        if (open.Remove(key, out Run? run) && !Judge(run))
        {
            run.Species?.Take(run);
        }
    }

    private bool Judge(Run run)
    {
        if (run.Fits is not var (asGiven, cartesian, fractional) || asGiven.Equations < EquationsPerUnknown * asGiven.Unknowns)
        {
            return false;
        }

        double given = asGiven.Residual, best = Math.Min(cartesian.Residual, fractional.Residual);
        if (best < Better * given && best < 1 - Explained)
        {
            transposed.Add(run.First! with { Detail = FormattableString.Invariant($"pairs of neighbours explain {100 * (1 - given):F0} % of the forces as it stands, {100 * (1 - best):F0} % in the transposed lattice") });
        }

        return true;
    }

    private sealed class Run(IEnumerable<Element> elements)
    {
        /// <summary>The forces in the lattice as it is told, and in the transposed one with either kind of coordinates kept. Most runs are not looked at, and have none.</summary>
        public (PairForceFit Given, PairForceFit Cartesian, PairForceFit Fractional)? Fits { get; private set; }

        public Run? Species { get; init; }

        public FrameReference? First { get; private set; }

        public int Frames { get; set; }

        public int Taken { get; private set; }

        public int Looked { get; set; }

        public void Add(CheckedFrame f, ImmutableArray<Vector3D> forces, NeighbourSearch neighbours)
        {
            Taken++;
            First ??= f.Reference();
            Lattice turned = new(f.Structure.Lattice!.Rows.Transpose());
            (PairForceFit given, PairForceFit cartesian, PairForceFit fractional) = Fits ??= (new(elements), new(elements), new(elements));
            given.Add(f.Structure, forces.AsSpan(), neighbours);
            cartesian.Add(f.Structure.With(lattice: turned, positions: f.Structure.CartesianPositions, kind: CoordinateKind.Cartesian), forces.AsSpan(), neighbours);
            fractional.Add(f.Structure.With(lattice: turned, positions: f.Structure.FractionalPositions, kind: CoordinateKind.Fractional), forces.AsSpan(), neighbours);
        }

        public void Take(Run other)
        {
            if (other.Fits is not var (otherGiven, otherCartesian, otherFractional))
            {
                return;
            }

            First ??= other.First;
            (PairForceFit given, PairForceFit cartesian, PairForceFit fractional) = Fits ??= (new(elements), new(elements), new(elements));
            given.Add(otherGiven);
            cartesian.Add(otherCartesian);
            fractional.Add(otherFractional);
        }
    }
}
