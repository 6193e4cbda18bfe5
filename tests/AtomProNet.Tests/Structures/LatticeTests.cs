using System.Text.Json;
using AtomProNet.Structures;
using AtomProNet.Tests.Formats;

namespace AtomProNet.Tests.Structures;

public sealed class LatticeTests
{
    [Fact]
    public void Volume_lengths_and_angles_by_hand()
    {
        Lattice hexagonal = new(new Vector3D(3, 0, 0), new Vector3D(-1.5, 1.5 * Math.Sqrt(3), 0), new Vector3D(0, 0, 5));

        Assert.Equal(9 * Math.Sqrt(3) / 2 * 5, hexagonal.Volume, 1e-12);
        Assert.Equal(120, hexagonal.Angles.Z, 1e-12);
        Assert.Equal(90, hexagonal.Angles.X, 1e-12);
        Assert.Equal(3, hexagonal.Lengths.Y, 1e-14);
        Assert.True(hexagonal.IsRightHanded);
        Assert.False(new Lattice(hexagonal.B, hexagonal.A, hexagonal.C).IsRightHanded);
        Assert.Equal(hexagonal.Volume, new Lattice(hexagonal.B, hexagonal.A, hexagonal.C).Volume, 1e-12);
    }

    [Fact]
    public void Reciprocal_vectors_are_dual()
    {
        var random = new Random(1);
        for (int n = 0; n < 100; n++)
        {
            Lattice lattice = RandomStructures.AnyLattice(random);
            Matrix3x3 product = lattice.Rows * lattice.Reciprocal.Transpose();
            double scale = Math.Abs(lattice.Lengths.X * lattice.Lengths.Y * lattice.Lengths.Z / lattice.Volume);
            Assert.All(product.ToRowMajor().Zip(Matrix3x3.Identity.ToRowMajor()), p => Assert.Equal(p.Second, p.First, 1e-13 * scale));
        }
    }

    [Fact]
    public void Fractional_and_Cartesian_undo_each_other()
    {
        var random = new Random(2);
        for (int n = 0; n < 200; n++)
        {
            Lattice lattice = RandomStructures.AnyLattice(random);
            Vector3D f = new(random.NextDouble(), random.NextDouble(), random.NextDouble());
            double scale = lattice.Lengths.X * lattice.Lengths.Y * lattice.Lengths.Z / lattice.Volume;
            Assert.True((lattice.ToFractional(lattice.ToCartesian(f)) - f).Length < 1e-13 * Math.Max(1, scale) * 10);
        }
    }

    [Fact]
    public void Right_angles_are_exact()
    {
        Assert.Equal(Matrix3x3.Diagonal(3, 4, 5), Lattice.FromParameters(3, 4, 5, 90, 90, 90).Rows);
        Assert.Equal(-1.5, Lattice.FromParameters(3, 3, 5, 90, 90, 120).B.X);
        Assert.Equal(0, Lattice.FromParameters(3, 3, 5, 90, 90, 120).C.X);
    }

    [Theory]
    [InlineData(3, 3, 3, 10, 10, 30)]
    [InlineData(3, 3, 3, 120, 120, 120)]
    [InlineData(3, 3, 3, 90, 90, 0)]
    [InlineData(3, 3, 3, 90, 90, 180)]
    [InlineData(0, 3, 3, 90, 90, 90)]
    [InlineData(3, -3, 3, 90, 90, 90)]
    [InlineData(3, 3, double.NaN, 90, 90, 90)]
    [InlineData(3, 3, 3, double.NaN, 90, 90)]
    [InlineData(3, 3, double.PositiveInfinity, 90, 90, 90)]
    public void Impossible_parameters_are_refused(double a, double b, double c, double alpha, double beta, double gamma) =>
        Assert.Throws<AtomProNetException>(() => Lattice.FromParameters(a, b, c, alpha, beta, gamma));

    [Fact]
    public void Flat_cells_are_refused()
    {
        Assert.Equal("LatticeSingular", Assert.Throws<AtomProNetException>(() => new Lattice(new Vector3D(1, 2, 3), new Vector3D(2, 4, 6), new Vector3D(0, 0, 1))).ErrorId);
        Assert.Equal("LatticeSingular", Assert.Throws<AtomProNetException>(() => new Lattice(Vector3D.Zero, new Vector3D(2, 4, 6), new Vector3D(0, 0, 1))).ErrorId);
        Assert.Equal("LatticeNotFinite", Assert.Throws<AtomProNetException>(() => new Lattice(new Vector3D(double.NaN, 0, 0), new Vector3D(0, 1, 0), new Vector3D(0, 0, 1))).ErrorId);
    }

    [Fact]
    public void Cells_from_parameters_are_those_of_ASE()
    {
        SystemPython.SkipUnlessThere("ase");
        var random = new Random(3);
        var parameters = new List<double[]> { new double[] { 3, 4, 5, 90, 90, 90 }, new double[] { 4.76, 4.76, 12.99, 90, 90, 120 }, new double[] { 3, 3, 3, 60, 60, 60 } };
        while (parameters.Count < 60)
        {
            double[] p = [2 + random.NextDouble() * 8, 2 + random.NextDouble() * 8, 2 + random.NextDouble() * 8, 40 + random.NextDouble() * 80, 40 + random.NextDouble() * 80, 40 + random.NextDouble() * 80];
            try
            {
                _ = Lattice.FromParameters(p[0], p[1], p[2], p[3], p[4], p[5]);
                parameters.Add(p);
            }
            catch (AtomProNetException)
            {
                // No cell has these angles: ASE would say so, too.
            }
        }

        JsonElement result = SystemPython.Run("""
            from ase.geometry import cellpar_to_cell, cell_to_cellpar
            from ase.cell import Cell
            result = []
            for p in data:
                c = cellpar_to_cell(p)
                result.append({'cell': c.ravel().tolist(), 'volume': float(Cell(c).volume), 'par': cell_to_cellpar(c).tolist()})
            """, parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            double[] p = parameters[i];
            Lattice lattice = Lattice.FromParameters(p[0], p[1], p[2], p[3], p[4], p[5]);
            Assert.All(result[i].GetProperty("cell").EnumerateArray().Zip(lattice.Rows.ToRowMajor()), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-11));
            Assert.Equal(result[i].GetProperty("volume").GetDouble(), lattice.Volume, 1e-9);
            double[] back = [lattice.Lengths.X, lattice.Lengths.Y, lattice.Lengths.Z, lattice.Angles.X, lattice.Angles.Y, lattice.Angles.Z];
            Assert.All(result[i].GetProperty("par").EnumerateArray().Zip(back), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-9));
        }
    }
}
