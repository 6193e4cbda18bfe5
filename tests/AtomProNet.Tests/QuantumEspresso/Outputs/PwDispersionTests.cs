using System.Text;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>Dispersion that is added to the energy when the self-consistency has ended: the electronic steps before do not have it.</summary>
public sealed class PwDispersionTests
{
    /// <summary>−88.21 Ry in the last electronic step but one, −88.25 Ry at the end; the term tells the difference.</summary>
    [Theory]
    [InlineData("* XDM dispersion", "Dispersion XDM Correction =      -0.04000000 Ry", "XDM")]
    [InlineData("TS-vdW initialization", "Dispersion Correction     =      -0.04000000 Ry", "MBD")]
    [InlineData("TS-vdW initialization\n     mbdlib: K-point grid set to   4  4  4, shift: 0.50", "Dispersion Correction     =      -0.04000000 Ry", "MBD")]
    public void WhatIsAddedAtTheEndIsNoContradiction(string beginning, string term, string name)
    {
        Frame frame = Assert.Single(Read(beginning, term, -88.21).Frames);
        Assert.Equal(SyntheticPwOutput.Energy * PwTextSearch.Rydberg, frame.FreeEnergy!.Value, 1e-9);
        Assert.Equal(name, frame.Method!.Dispersion);
    }

    [Fact]
    public void TkatchenkoAndSchefflerIsPartOfEachElectronicStep() =>
        Assert.Equal("TS", Assert.Single(Read("TS-vdW initialization", "Dispersion Correction     =      -0.04000000 Ry", -88.25).Frames).Method!.Dispersion);

    [Fact]
    public void AnyOtherDifferenceStaysAContradiction() =>
        Assert.Equal("EnergyContradictory", Assert.Single(Read("* XDM dispersion", "Dispersion XDM Correction =      -0.04000000 Ry", -88.16).Report.LeftOut).Code);

    private static (List<Frame> Frames, CalculationReport Report) Read(string beginning, string term, double former)
    {
        string text = SyntheticPwOutput.Scf(
            afterSites: "     " + beginning,
            terms: $"""

                     The total energy is the sum of the following terms:
                     one-electron contribution =     -90.00000000 Ry
                     hartree contribution      =       1.79000000 Ry
                     {term}

                """)
            .Replace("!    total energy", FormattableString.Invariant($"     total energy              =     {former:F8} Ry\n     estimated scf accuracy    <       0.00000100 Ry\n\n     iteration #  2     ecut=    50.00 Ry     beta= 0.70\n\n!    total energy"), StringComparison.Ordinal);
        using PwOutputReader reader = PwOutputReader.FromStream(new MemoryStream(Encoding.ASCII.GetBytes(text)), "pw.out");
        return ([.. reader.ReadFrames(TestContext.Current.CancellationToken)], reader.Report);
    }
}
