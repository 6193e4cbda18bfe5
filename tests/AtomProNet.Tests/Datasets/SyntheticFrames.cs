using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

/// <summary>Frames made of random numbers, for tests that need many or peculiar ones.</summary>
internal static class SyntheticFrames
{
    /// <summary>A frame with random positions in a skewed cell and random labels.</summary>
    public static Frame Random(Random random, int atoms = 8, string formula = "AlO", FrameSource? source = null, Provenance? provenance = null)
    {
        Element[] elements = [.. Composition.Parse(formula).Elements];
        Lattice lattice = new(new Matrix3x3(new(5 + random.NextDouble(), 0.3, 0), new(0.2, 6, random.NextDouble()), new(0, -0.4, 7)));
        var structure = new Structure(
            lattice,
            [.. Enumerable.Range(0, atoms).Select(i => elements[i % elements.Length])],
            [.. Enumerable.Range(0, atoms).Select(_ => lattice.ToCartesian(Vector(random, 1)))],
            CoordinateKind.Cartesian,
            provenance: provenance);
        return new Frame(structure)
        {
            FreeEnergy = -7 * atoms + random.NextDouble(),
            Forces = [.. Enumerable.Range(0, atoms).Select(_ => Vector(random, 3))],
            Stress = new(random.NextDouble() * 0.1, random.NextDouble() * 0.1, random.NextDouble() * 0.1, random.NextDouble() * 0.01, random.NextDouble() * 0.01, random.NextDouble() * 0.01),
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
