using System.Collections.Immutable;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

/// <summary>Frames made of random numbers, for tests that need many or peculiar ones.</summary>
internal static class SyntheticFrames
{
    /// <summary>
    /// A frame with atoms about a grid in a skewed cell of random size, labelled by the potential of the tests, so that its labels agree
    /// with each other; or, where many are needed, with random labels.
    /// </summary>
    public static Frame Random(Random random, int atoms = 8, string formula = "AlO", FrameSource? source = null, Provenance? provenance = null, bool cheap = false)
    {
        Element[] elements = [.. Composition.Parse(formula).Elements];
        int grid = (int)Math.Ceiling(Math.Cbrt(atoms) - 1e-9);
        Matrix3x3 shape = new(new(1 + 0.1 * random.NextDouble(), 0.06, 0), new(0.04, 1.05, 0.1 * random.NextDouble()), new(0, -0.06, 1.1));
        Lattice lattice = new(shape * (2.5 * grid));
        var structure = new Structure(
            lattice,
            [.. Enumerable.Range(0, atoms).Select(i => elements[i % elements.Length])],
            [.. Enumerable.Range(0, atoms).Select(i => lattice.ToCartesian(new Vector3D(i % grid, i / grid % grid, i / grid / grid) / grid) + Vector(random, 0.12))],
            CoordinateKind.Cartesian,
            provenance: provenance);
        (double energy, Vector3D[] forces, StressTensor? stress) = cheap
            ? (-3 * atoms + random.NextDouble(), [.. Enumerable.Range(0, atoms).Select(_ => Vector(random, 3))], new StressTensor(random.NextDouble() * 0.1, 0.02, 0.03, 0, 0, 0.01))
            : BinaryMorse.Evaluate(structure);
        return new Frame(structure)
        {
            FreeEnergy = energy,
            Forces = [.. forces],
            Stress = stress,
            Source = source,
            Origin = LabelOrigin.AbInitio,
            Convergence = new(ElectronicConvergence.Converged),
        };
    }

    /// <summary>The frame as a model might predict it: labels with noise, positions in float32 and moved by whole cells.</summary>
    public static Frame Predict(Frame frame, Random random, double noise = 0.1, bool moveByCells = true)
    {
        Lattice lattice = frame.Structure.Lattice!;
        Structure moved = frame.Structure.With(positions: [.. frame.Structure.CartesianPositions.Select(p =>
        {
            Vector3D q = moveByCells ? p + new Vector3D(random.Next(-1, 2), random.Next(-1, 2), random.Next(-1, 2)) * lattice.Rows : p;
            return new Vector3D((float)q.X, (float)q.Y, (float)q.Z);
        })]);
        return new Frame(moved)
        {
            UnspecifiedEnergy = frame.Energy + noise * random.NextDouble(),
            Forces = [.. frame.Forces!.Value.Select(f => f + Vector(random, noise))],
            Stress = new(frame.Stress!.Value.XX + 0.01 * noise, frame.Stress.Value.YY - 0.02 * noise, frame.Stress.Value.ZZ, frame.Stress.Value.YZ, frame.Stress.Value.XZ, frame.Stress.Value.XY + 0.03 * noise),
            Origin = LabelOrigin.Predicted,
        };
    }

    /// <summary>The same frame with one more key.</summary>
    public static Frame WithInformation(Frame frame, string key, object value) => frame with { Information = frame.Information.SetItem(key, value) };

    /// <summary>A vector with components between −scale and scale.</summary>
    public static Vector3D Vector(Random random, double scale) =>
        new((2 * random.NextDouble() - 1) * scale, (2 * random.NextDouble() - 1) * scale, (2 * random.NextDouble() - 1) * scale);
}
