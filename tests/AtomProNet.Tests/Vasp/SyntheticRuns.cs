using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp;

/// <summary>Runs that the tests make up: face-centred aluminium and pairs of species, moved and strained by seeded numbers.</summary>
internal static class SyntheticRuns
{
    /// <summary>The four atoms of the conventional cell of face-centred aluminium, edge <paramref name="a"/> Å.</summary>
    public static (Lattice Lattice, Vector3D[] Positions) Aluminium(double a = 4.05) =>
        (Lattice.Cubic(a), [new(0, 0, 0), new(0, a / 2, a / 2), new(a / 2, 0, a / 2), new(a / 2, a / 2, 0)]);

    /// <summary>A cell without symmetry and atoms that have left their places.</summary>
    public static SyntheticStep Disordered(int seed, int atoms = 4, double displacement = 0.12)
    {
        var random = new Random(seed);
        (Lattice cubic, Vector3D[] sites) = Aluminium();
        var lattice = new Lattice(
            cubic.A + Noise(random, 0.15),
            cubic.B + Noise(random, 0.15),
            cubic.C + Noise(random, 0.15));
        var positions = new Vector3D[atoms];
        for (int i = 0; i < atoms; i++)
        {
            positions[i] = lattice.ToCartesian(cubic.ToFractional(sites[i % 4])) + Noise(random, displacement);
        }

        return SyntheticStep.Of(MorsePotential.Aluminium, lattice, positions);
    }

    /// <summary>A walk of several steps in one cell (molecular dynamics) or in a changing one.</summary>
    public static List<SyntheticStep> Walk(int seed, int steps, bool cellMoves = false)
    {
        var random = new Random(seed);
        SyntheticStep first = Disordered(seed);
        var walk = new List<SyntheticStep> { first };
        Lattice lattice = first.Lattice;
        Vector3D[] positions = first.Positions;
        while (walk.Count < steps)
        {
            if (cellMoves)
            {
                lattice = new(lattice.A + Noise(random, 0.01), lattice.B + Noise(random, 0.01), lattice.C + Noise(random, 0.01));
            }

            positions = [.. positions.Select(r => r + Noise(random, 0.02))];
            walk.Add(SyntheticStep.Of(MorsePotential.Aluminium, lattice, positions));
        }

        return walk;
    }

    /// <summary>A static run of one step.</summary>
    public static SyntheticOutcar Static(SyntheticStep step) => new() { Types = [new("Al", step.Positions.Length)], Steps = [step] };

    /// <summary>A relaxation of atoms and cell.</summary>
    public static SyntheticOutcar Relaxation(int seed, int steps) => new() { Types = [new("Al", 4)], Steps = Walk(seed, steps, cellMoves: true), Nsw = 50, Ibrion = 2, Isif = 3 };

    /// <summary>Molecular dynamics.</summary>
    public static SyntheticOutcar Dynamics(int seed, int steps) => new()
    {
        Types = [new("Al", 4)],
        Steps = [.. Walk(seed, steps).Select((s, i) => s with { Dynamics = (300 + 7.25 * i, 0.1163 + 0.01 * i) })],
        Nsw = 1000,
        Ibrion = 0,
        SecondStartingCell = true,
    };

    private static Vector3D Noise(Random random, double size) =>
        new((random.NextDouble() * 2 - 1) * size, (random.NextDouble() * 2 - 1) * size, (random.NextDouble() * 2 - 1) * size);
}
