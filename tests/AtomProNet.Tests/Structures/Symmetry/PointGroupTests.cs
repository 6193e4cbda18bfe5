using AtomProNet.Databases.Bundled;
using AtomProNet.Generation;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Structures.Symmetry;

public sealed class PointGroupTests
{
    /// <summary>The Laue class follows from the number of the space group (International Tables A), which the crystals carry.</summary>
    [Fact]
    public void Bundled_crystals_have_the_laue_class_of_their_space_group()
    {
        foreach (BundledCrystal crystal in BundledCrystals.All)
        {
            Assert.True(Expected(crystal.SpaceGroupNumber) == PointGroup.Find(crystal.Structure).LaueClass, crystal.Id);
        }
    }

    [Fact]
    public void Rotations_are_orthogonal_and_turn_with_the_crystal()
    {
        Matrix3x3 turn = Turn(0.3, -1.1, 0.7);
        Structure turned = Corundum.With(lattice: new Lattice(Corundum.Lattice!.Rows * turn), positions: Corundum.FractionalPositions, kind: CoordinateKind.Fractional);
        PointGroup group = PointGroup.Find(turned);
        Assert.Equal(LaueClass.TrigonalHigh, group.LaueClass);
        Assert.Equal(12, group.Rotations.Length);
        Matrix3x3[] straight = [.. PointGroup.Find(Corundum).Rotations.Select(r => turn.Transpose() * r * turn)];
        foreach (Matrix3x3 rotation in group.Rotations)
        {
            Assert.True(Largest(rotation * rotation.Transpose() - Matrix3x3.Identity) < 1e-13);
            Assert.Contains(straight, r => Largest(r - rotation) < 1e-9);
        }
    }

    [Fact]
    public void A_strain_lowers_the_class()
    {
        Assert.Equal(LaueClass.CubicHigh, PointGroup.Find(Silicon).LaueClass);
        Assert.Equal(LaueClass.TetragonalHigh, PointGroup.Find(StrainSeries.Strain(Silicon, Matrix3x3.Diagonal(0, 0, 0.02))).LaueClass);
        Assert.Equal(LaueClass.Orthorhombic, PointGroup.Find(StrainSeries.Strain(Silicon, Matrix3x3.Diagonal(0, 0.01, 0.02))).LaueClass);
        Assert.Equal(LaueClass.Orthorhombic, PointGroup.Find(StrainSeries.Strain(Silicon, new(new(0, 0.01, 0), new(0.01, 0, 0), default))).LaueClass);
        Assert.Equal(LaueClass.Triclinic, PointGroup.Find(StrainSeries.Strain(Silicon, new(new(0, 0.01, 0.017), new(0.01, 0, 0.005), new(0.017, 0.005, 0.03)))).LaueClass);
    }

    internal static Matrix3x3 Turn(double a, double b, double c)
    {
        (double sa, double ca) = Math.SinCos(a);
        (double sb, double cb) = Math.SinCos(b);
        (double sc, double cc) = Math.SinCos(c);
        Matrix3x3 z = new(new(ca, sa, 0), new(-sa, ca, 0), new(0, 0, 1)), x = new(new(1, 0, 0), new(0, cb, sb), new(0, -sb, cb)), z2 = new(new(cc, sc, 0), new(-sc, cc, 0), new(0, 0, 1));
        return z * x * z2;
    }

    private static double Largest(Matrix3x3 m) => m.ToRowMajor().Max(Math.Abs);

    private static LaueClass Expected(int number) => number switch
    {
        <= 2 => LaueClass.Triclinic,
        <= 15 => LaueClass.Monoclinic,
        <= 74 => LaueClass.Orthorhombic,
        <= 88 => LaueClass.TetragonalLow,
        <= 142 => LaueClass.TetragonalHigh,
        <= 148 => LaueClass.TrigonalLow,
        <= 167 => LaueClass.TrigonalHigh,
        <= 176 => LaueClass.HexagonalLow,
        <= 194 => LaueClass.HexagonalHigh,
        <= 206 => LaueClass.CubicLow,
        _ => LaueClass.CubicHigh,
    };
}
