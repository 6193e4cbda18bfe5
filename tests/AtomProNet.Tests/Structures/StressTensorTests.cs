using AtomProNet.Structures;

namespace AtomProNet.Tests.Structures;

public sealed class StressTensorTests
{
    // strain_0.1000 of the sample data: `in kB` -427.40383 -412.52532 -390.94093 0 0 0; the cell is under tension.
    [Fact]
    public void Kilobar_of_VASP_becomes_electronvolt_with_the_other_sign()
    {
        StressTensor s = StressTensor.FromVaspKilobar(-427.40383, -412.52532, -390.94093, 0, 0, 0);

        Assert.Equal(0.2667644883, s.XX, 1e-9); // 427.40383 / 1602.176634
        Assert.Equal(0.2574780528, s.YY, 1e-9);
        Assert.Equal(0.2440061362, s.ZZ, 1e-9);
        Assert.Equal(42.740383, s.ToGigapascal()[0], 1e-10);
        Assert.Equal(-(427.40383 + 412.52532 + 390.94093) / 3 / 1602.176634, s.Pressure, 1e-12);
        Assert.Equal(BitConverter.DoubleToInt64Bits(0.0), BitConverter.DoubleToInt64Bits(s.XY));
    }

    [Fact]
    public void The_order_of_VASP_is_XX_YY_ZZ_XY_YZ_ZX()
    {
        StressTensor s = StressTensor.FromVaspKilobar(-1602.176634, -2 * 1602.176634, -3 * 1602.176634, -4 * 1602.176634, -5 * 1602.176634, -6 * 1602.176634);
        Assert.All(s.ToVoigt().Zip([1.0, 2, 3, 5, 6, 4]), p => Assert.Equal(p.Second, p.First, 1e-14));
        Assert.Equal(s.YZ, s.ToVoigt()[3]);
        Assert.Equal(5, s.YZ, 1e-14);
        Assert.Equal(6, s.XZ, 1e-14);
        Assert.Equal(4, s.XY, 1e-14);
    }

    [Fact]
    public void The_virial_is_minus_stress_times_volume()
    {
        StressTensor s = new(0.1, -0.2, 0.3, 0.01, 0.02, 0.03);

        Matrix3x3 virial = s.ToVirial(50);

        Assert.Equal(-5, virial[0, 0], 1e-12);
        Assert.Equal(10, virial[1, 1], 1e-12);
        Assert.Equal(-0.5, virial[1, 2], 1e-12);
        Assert.Equal(-1, virial[0, 2], 1e-12);
        Assert.Equal(-1.5, virial[1, 0], 1e-12);
        StressTensor back = StressTensor.FromVirial(virial, 50);
        Assert.All(s.ToVoigt().Zip(back.ToVoigt()), p => Assert.Equal(p.First, p.Second, 1e-15));
    }

    [Fact]
    public void What_is_not_symmetric_is_refused() =>
        Assert.Equal("StressNotSymmetric", Assert.Throws<AtomProNetException>(() => StressTensor.FromMatrix(new(new(1, 2, 3), new(2.1, 4, 5), new(3, 5, 6)))).ErrorId);

    [Fact]
    public void Turning_the_axes_turns_the_stress()
    {
        // A quarter turn about z, x → y: what was along x is then along y.
        Matrix3x3 quarter = new(new(0, 1, 0), new(-1, 0, 0), new(0, 0, 1));
        StressTensor s = new StressTensor(1, 2, 3, 4, 5, 6).Rotate(quarter);
        Assert.Equal(new StressTensor(2, 1, 3, 5, -4, -6), s);
    }

    [Fact]
    public void Constants_are_those_of_CODATA_2018()
    {
        // 1 Ry/bohr³ in GPa is 14710.507848; 1 Ha/bohr in eV/Å is 51.42206747 (both NIST 2018).
        Assert.Equal(14710.507848 / 160.2176634, PhysicalConstants.RydbergPerCubicBohrInElectronvoltPerCubicAngstrom, 1e-7);
        Assert.Equal(51.42206747 / 2, PhysicalConstants.RydbergPerBohrInElectronvoltPerAngstrom, 1e-7);
        Assert.Equal(8.617333262e-5, PhysicalConstants.BoltzmannInElectronvoltPerKelvin, 1e-14);
    }
}
