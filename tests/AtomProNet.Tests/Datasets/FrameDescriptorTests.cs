using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

public class FrameDescriptorTests
{
    private static readonly FrameDescriptor Descriptor = new();

    [Fact]
    public void Harmonics_are_orthonormal()
    {
        // Gauss–Legendre in cos θ times equal steps in φ is exact for polynomials of this degree.
        double[] nodes = [-0.9602898564975363, -0.7966664774136267, -0.5255324099163290, -0.1834346424956498, 0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363];
        double[] weights = [0.1012285362903763, 0.2223810344533745, 0.3137066458778873, 0.3626837833783620, 0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];
        var overlap = new double[25, 25];
        var y = new double[25];
        for (int i = 0; i < 8; i++)
        {
            for (int k = 0; k < 16; k++)
            {
                double z = nodes[i], s = Math.Sqrt(1 - z * z), phi = 2 * Math.PI * k / 16;
                RealSphericalHarmonics.Evaluate(s * Math.Cos(phi), s * Math.Sin(phi), z, y);
                for (int a = 0; a < 25; a++)
                {
                    for (int b = 0; b < 25; b++)
                    {
                        overlap[a, b] += weights[i] * (2 * Math.PI / 16) * y[a] * y[b];
                    }
                }
            }
        }

        for (int a = 0; a < 25; a++)
        {
            for (int b = 0; b < 25; b++)
            {
                Assert.Equal(a == b ? 1 : 0, overlap[a, b], 12);
            }
        }
    }

    [Fact]
    public void Rotation_translation_order_and_cell_change_nothing()
    {
        var random = new Random(1);
        for (int round = 0; round < 20; round++)
        {
            Structure s = SyntheticFrames.Random(random, atoms: 3 + round % 6, formula: round % 2 == 0 ? "AlO" : "TiO2", cheap: true).Structure;
            double[] d = Descriptor.Compute(s);
            double length = Math.Sqrt(d.Sum(x => x * x));
            AssertSame(Turned(s, random), "rotation");
            AssertSame(s.With(positions: [.. s.CartesianPositions.Select(p => p + new Vector3D(3.3, -7.1, 0.4))], kind: CoordinateKind.Cartesian).Wrap(), "translation");
            int[] order = [.. Enumerable.Range(0, s.AtomCount)];
            random.Shuffle(order);
            AssertSame(s.SelectSites(order), "order");
            // Another cell of the same crystal: skewed, and twice as large.
            Matrix3x3 skewed = new(s.Lattice!.A, s.Lattice.B + s.Lattice.A * 2, s.Lattice.C - s.Lattice.B);
            AssertSame(s.With(lattice: new(skewed), positions: s.CartesianPositions, kind: CoordinateKind.Cartesian), "skewed cell");
            AssertSame(
                new(new(s.Lattice.A, s.Lattice.B * 2, s.Lattice.C), [.. s.Species, .. s.Species], [.. s.CartesianPositions, .. s.CartesianPositions.Select(p => p + s.Lattice.B)], CoordinateKind.Cartesian),
                "supercell");

            void AssertSame(Structure other, string what)
            {
                double[] e = Descriptor.Compute(other);
                double worst = d.Zip(e, (a, b) => Math.Abs(a - b)).Max() / length;
                Assert.True(worst < 1e-10, $"{what}: {worst:E2}");
            }
        }
    }

    [Fact]
    public void Different_structures_differ()
    {
        double[] rock = Descriptor.Compute(CleanSet.RockSalt()), strained = Descriptor.Compute(CleanSet.RockSalt(4.25 * 1.01)), wurtzite = Descriptor.Compute(CleanSet.Wurtzite());
        Structure other = new(CleanSet.RockSalt().Lattice, [.. CleanSet.RockSalt().Species.Select(e => Element.FromSymbol(e.Symbol == "Mg" ? "Ca" : "O"))], CleanSet.RockSalt().FractionalPositions, CoordinateKind.Fractional);
        Assert.InRange(FrameDescriptor.Distance(rock, strained), 0.005, 0.2);
        Assert.True(FrameDescriptor.Distance(rock, wurtzite) > 0.3);
        Assert.True(FrameDescriptor.Distance(rock, Descriptor.Compute(other)) > 0.1);
        double[] al = Descriptor.Compute(new(Lattice.Cubic(20), [Element.FromSymbol("Al")], [Vector3D.Zero], CoordinateKind.Cartesian)), o = Descriptor.Compute(new(Lattice.Cubic(20), [Element.FromSymbol("O")], [Vector3D.Zero], CoordinateKind.Cartesian));
        Assert.True(FrameDescriptor.Distance(al, o) > 0.1);
    }

    [Fact]
    public void It_is_smooth_when_a_neighbour_leaves_the_sphere()
    {
        Element al = Element.FromSymbol("Al");
        double[] At(double r) => Descriptor.Compute(new(null, [al, al], [Vector3D.Zero, new(r, 0, 0)], CoordinateKind.Cartesian));
        double scale = Math.Sqrt(At(3).Sum(x => x * x));
        double step = At(5 - 1e-4).Zip(At(5 + 1e-4), (a, b) => Math.Abs(a - b)).Max();
        Assert.True(step < 1e-8 * scale, $"{step}");
    }

    private static Structure Turned(Structure s, Random random)
    {
        // A random rotation from a unit quaternion.
        double[] q = [.. Enumerable.Range(0, 4).Select(_ => random.NextDouble() * 2 - 1)];
        double n = Math.Sqrt(q.Sum(x => x * x));
        (double w, double x, double y, double z) = (q[0] / n, q[1] / n, q[2] / n, q[3] / n);
        var r = new Matrix3x3(
            new(1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)),
            new(2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)),
            new(2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)));
        return s.With(lattice: new(s.Lattice!.Rows * r), positions: [.. s.CartesianPositions.Select(p => p * r)], kind: CoordinateKind.Cartesian);
    }
}
