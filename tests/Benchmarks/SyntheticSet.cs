using System.Collections.Immutable;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Benchmarks;

/// <summary>
/// A training set of any size: trajectories of a thousand frames each, twenty atoms of an MgO crystal that swing about their places, with
/// energies, forces and stresses of the potential of the tests, so that its labels agree with each other. About 2 kB a frame.
/// </summary>
internal static class SyntheticSet
{
    private const int FramesPerRun = 1000;

    /// <summary>Writes the set, frame by frame.</summary>
    public static void Write(string path, int frames)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        using var writer = new ExtendedXyzWriter(stream, new() { KeyStyle = KeyStyle.Mace });
        const int batch = 256;
        var made = new Frame[batch];
        for (int start = 0; start < frames; start += batch)
        {
            int count = Math.Min(batch, frames - start);
            Parallel.For(0, count, i => made[i] = Make(start + i));
            for (int i = 0; i < count; i++)
            {
                writer.Write(made[i]);
            }
        }
    }

    /// <summary>Frame number <paramref name="number"/>, from 0; the same each time.</summary>
    public static Frame Make(int number)
    {
        int run = number / FramesPerRun, step = number % FramesPerRun;
        var random = new Random(run);
        double a = 4.25 * (0.96 + 0.08 * random.NextDouble()), temperature = 0.5 + random.NextDouble();
        Structure crystal = Crystal(a, run % 2 == 0 ? (1, 2, 5) : (5, 1, 2));
        var positions = ImmutableArray.CreateBuilder<Vector3D>(crystal.AtomCount);
        foreach (Vector3D place in crystal.CartesianPositions)
        {
            Vector3D p = place + new Vector3D(Swing(), Swing(), Swing());
            positions.Add(new(Math.Round(p.X, 8), Math.Round(p.Y, 8), Math.Round(p.Z, 8)));
        }

        Structure s = crystal.With(positions: positions.MoveToImmutable(), kind: CoordinateKind.Cartesian);
        (double energy, Vector3D[] forces, StressTensor? stress) = BinaryMorse.Evaluate(s);
        return new Frame(s)
        {
            FreeEnergy = Math.Round(energy, 8),
            Forces = [.. forces.Select(f => new Vector3D(Math.Round(f.X, 8), Math.Round(f.Y, 8), Math.Round(f.Z, 8)))],
            Stress = stress,
            Source = new(FormattableString.Invariant($"/runs/{run:D4}/OUTCAR"), step + 1),
        };

        // Two waves of its own for each coordinate, slow enough that steps are small.
        double Swing()
        {
            double sum = 0;
            for (int wave = 0; wave < 2; wave++)
            {
                double amplitude = 0.06 * temperature * random.NextDouble(), frequency = 0.05 + 0.2 * random.NextDouble(), phase = Math.Tau * random.NextDouble();
                sum += amplitude * Math.Sin(frequency * step + phase);
            }

            return sum;
        }
    }

    // Ten primitive cells of rock salt.
    private static Structure Crystal(double a, (int A, int B, int C) cells)
    {
        Vector3D u = new(0, a / 2, a / 2), v = new(a / 2, 0, a / 2), w = new(a / 2, a / 2, 0);
        var places = new List<Vector3D>();
        for (int i = 0; i < cells.A; i++)
        {
            for (int j = 0; j < cells.B; j++)
            {
                for (int k = 0; k < cells.C; k++)
                {
                    places.Add(u * i + v * j + w * k);
                }
            }
        }

        Element mg = Element.FromSymbol("Mg"), o = Element.FromSymbol("O");
        return new(
            new(u * cells.A, v * cells.B, w * cells.C),
            [.. places.Select(_ => mg), .. places.Select(_ => o)],
            [.. places, .. places.Select(p => p + new Vector3D(a / 2, 0, 0))],
            CoordinateKind.Cartesian);
    }
}
