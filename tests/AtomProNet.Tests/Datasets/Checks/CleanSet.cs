using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

/// <summary>A training set without any fault: strain series, trajectories, rattled crystals, a vacancy and single atoms, all labelled by one potential.</summary>
internal static class CleanSet
{
    private static readonly Element Mg = Element.FromSymbol("Mg"), O = Element.FromSymbol("O");

    // Made once: the frames cannot be changed.
    private static readonly Lazy<ImmutableArray<Frame>> Whole = new(() =>
    [
        .. Strains("hydrostatic", e => Matrix3x3.Diagonal(1 + e, 1 + e, 1 + e), 0.1, 21),
        .. Strains("uniaxial", e => Matrix3x3.Diagonal(1 + e, 1, 1), 0.05, 11),
        .. Strains("shear", e => new(new(1, e, 0), new(e, 1, 0), new(0, 0, 1)), 0.04, 9, tilt: true),
        .. Trajectory("md", RockSalt(), 40, seed: 1),
        .. Trajectory("npt", RockSalt(), 24, seed: 2, cellMoves: true),
        .. Trajectory("wurtzite", Wurtzite(), 24, seed: 3),
        .. Trajectory("vacancy", RockSalt().SelectSites([0, 1, 2, 3, 4, 5, 6]), 16, seed: 4),
        .. Rattles(20),
        .. new[] { Mg, O }.Select((e, i) => BinaryMorse.Label(new(Lattice.Cubic(14), [e], [Vector3D.Zero], CoordinateKind.Cartesian)) with { FreeEnergy = -1.5 - i, Stress = null, ConfigType = "IsolatedAtom", Source = new($"/runs/atom_{e}/OUTCAR", 1) }),
    ]);

    public static Frame[] All => [.. Whole.Value];

    /// <summary>The frames of one run or series, by the name in its path.</summary>
    public static bool IsOf(Frame frame, string name) => frame.Source!.File.StartsWith($"/runs/{name}", StringComparison.Ordinal);

    public static Structure RockSalt(double a = 4.25) => new(
        Lattice.Cubic(a),
        [Mg, Mg, Mg, Mg, O, O, O, O],
        [new(0, 0, 0), new(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0), new(0.5, 0.5, 0.5), new(0.5, 0, 0), new(0, 0.5, 0), new(0, 0, 0.5)],
        CoordinateKind.Fractional);

    public static Structure Wurtzite(double a = 3.3) => new(
        Lattice.FromParameters(a, a, a * 1.6, 90, 90, 120),
        [Mg, Mg, O, O],
        [new(1 / 3.0, 2 / 3.0, 0), new(2 / 3.0, 1 / 3.0, 0.5), new(1 / 3.0, 2 / 3.0, 0.38), new(2 / 3.0, 1 / 3.0, 0.88)],
        CoordinateKind.Fractional);

    /// <summary>Strains of rock salt, in files of their own; tilted ones start from a crystal whose atoms have left their places, so that no symmetry hides a component.</summary>
    public static IEnumerable<Frame> Strains(string name, Func<double, Matrix3x3> deformation, double range, int count, bool tilt = false)
    {
        Structure parent = tilt ? Rattled(RockSalt(), new Random(77), 0.1) : RockSalt();
        for (int i = 0; i < count; i++)
        {
            double e = range * (2.0 * i / (count - 1) - 1);
            // The parent stands once, not in every series.
            if (name != "hydrostatic" && !tilt && Math.Abs(e) < 1e-12)
            {
                continue;
            }

            yield return At(BinaryMorse.Label(Deform(parent, deformation(e))), FormattableString.Invariant($"/runs/{name}_{i:D2}/OUTCAR"), 1);
        }
    }

    /// <summary>Newton's equations by the velocity Verlet scheme, 2 fs a step; where the cell moves, it breathes and tilts at random.</summary>
    public static IEnumerable<Frame> Trajectory(string name, Structure start, int steps, int seed, bool cellMoves = false)
    {
        var random = new Random(seed);
        const double dt = 2.0, toAcceleration = 9.648533212e-3; // (eV/Å)/u in Å/fs²
        Structure s = Rattled(start, random, 0.04);
        var velocities = new Vector3D[s.AtomCount];
        for (int i = 0; i < velocities.Length; i++)
        {
            velocities[i] = SyntheticFrames.Vector(random, 0.012);
        }

        Frame frame = At(BinaryMorse.Label(s), $"/runs/{name}/OUTCAR", 1);
        for (int step = 1; ; step++)
        {
            yield return frame;
            if (step == steps)
            {
                yield break;
            }

            Vector3D[] acceleration = [.. s.Species.Select((e, i) => frame.Forces!.Value[i] * (toAcceleration / e.Mass))];
            s = s.With(positions: [.. s.CartesianPositions.Select((r, i) => r + velocities[i] * dt + acceleration[i] * (dt * dt / 2))], kind: CoordinateKind.Cartesian);
            if (cellMoves)
            {
                var tilt = new Matrix3x3(SyntheticFrames.Vector(random, 0.004), SyntheticFrames.Vector(random, 0.004), SyntheticFrames.Vector(random, 0.004));
                s = Deform(s, Matrix3x3.Identity + tilt);
            }

            Frame next = At(BinaryMorse.Label(s), $"/runs/{name}/OUTCAR", step + 1);
            velocities = [.. velocities.Select((v, i) => v + (acceleration[i] + next.Forces!.Value[i] * (toAcceleration / s.Species[i].Mass)) * (dt / 2))];
            frame = next;
        }
    }

    /// <summary>Rattled crystals in one cell, in files of their own.</summary>
    public static IEnumerable<Frame> Rattles(int count)
    {
        var random = new Random(9);
        return Enumerable.Range(0, count).Select(i => At(BinaryMorse.Label(Rattled(RockSalt(4.3), random, 0.12)), FormattableString.Invariant($"/runs/rattle_{i:D2}/OUTCAR"), 1)).ToArray();
    }

    /// <summary>A hydrostatic series of the hexagonal crystal, in files of their own: forces along c only.</summary>
    public static IEnumerable<Frame> HexagonalStrains() => Enumerable.Range(0, 11).Select(i =>
    {
        double e = 1 + 0.01 * (i - 5);
        return At(BinaryMorse.Label(Deform(Wurtzite(), Matrix3x3.Diagonal(e, e, e))), FormattableString.Invariant($"/runs/hexagonal_{i:D2}/OUTCAR"), 1);
    });

    /// <summary>Rattled hexagonal crystals, in files of their own.</summary>
    public static IEnumerable<Frame> HexagonalRattles(int count)
    {
        var random = new Random(12);
        return Enumerable.Range(0, count).Select(i => At(BinaryMorse.Label(Rattled(Wurtzite(), random, 0.12)), FormattableString.Invariant($"/runs/hexrattle_{i:D2}/OUTCAR"), 1)).ToArray();
    }

    public static Structure Deform(Structure s, Matrix3x3 deformation) => s.With(lattice: new(s.Lattice!.Rows * deformation), positions: s.FractionalPositions, kind: CoordinateKind.Fractional);

    public static Structure Rattled(Structure s, Random random, double amplitude) =>
        s.With(positions: [.. s.CartesianPositions.Select(r => r + SyntheticFrames.Vector(random, amplitude))], kind: CoordinateKind.Cartesian);

    private static Frame At(Frame frame, string file, int step) => frame with { Source = new(file, step), BasisLattice = frame.Structure.Lattice };
}
