using System.Text;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>Runs whose energies or forces mean something else than those of a crystal in its ground state.</summary>
public sealed class PwFeatureTests
{
    private const string Converged = "     convergence has been achieved in   1 iterations\n";

    private const string Forces = """

             Forces acting on atoms (cartesian axes, Ry/au):

             atom    1 type  1   force =     0.01000000    0.00000000    0.00000000
             atom    2 type  2   force =    -0.01000000    0.00000000    0.00000000
             atom    3 type  3   force =     0.00000000    0.00000000    0.00000000

             Total force =     0.014142     Total SCF correction =     0.000010

        """;

    /// <summary>Within each electronic step RISM says of its solvent that convergence has been achieved, and once more before the next self-consistency.</summary>
    [Theory]
    [InlineData("3D")]
    [InlineData("Laue")]
    public void TheSolventOfRismIsNotTheSelfConsistency(string kind)
    {
        string solvent = $"     {kind}-RISM Calculation\n\n     iter. #     1  RMS(g-h-1)= 1.428E-01  nbox=  0\n\n     End of {kind}-RISM calculation\n\n\n     convergence has been achieved in    20 iterations\n\n";
        string text = SyntheticPwOutput.Scf()
            .Replace("     Davidson diagonalization", solvent + "     total energy              =     -88.24990000 Ry\n     estimated scf accuracy    <       0.00010000 Ry\n\n     iteration #  2     ecut=    50.00 Ry     beta= 0.70\n" + solvent + "     Davidson diagonalization", StringComparison.Ordinal)
            .Replace("     Writing output", solvent + "     Writing output", StringComparison.Ordinal);
        (List<Frame> frames, CalculationReport report) = Read(text);
        Frame frame = Assert.Single(frames);
        Assert.Equal(SyntheticPwOutput.Energy * PwTextSearch.Rydberg, frame.FreeEnergy!.Value, 1e-9);
        Assert.True(frame.Convergence.IsTrusted);
        Assert.Equal(1, frame.Convergence.ElectronicSteps);
        Assert.Contains(report.Findings, f => f.Code == "ContinuumEnvironment");
    }

    [Fact]
    public void ForcesOfExternalFieldsAreNoLabels()
    {
        (List<Frame> frames, CalculationReport report) = Read(SyntheticPwOutput.Scf(inSummary: "   External force field information\n   --------------------------------").Replace(Converged, Converged + Forces, StringComparison.Ordinal));
        Assert.Empty(frames);
        Assert.Equal("ForcesOfFields", Assert.Single(report.LeftOut).Code);
        // The same forces without the fields.
        Assert.Equal(0.01 * PwTextSearch.Rydberg / PwTextSearch.Bohr, Assert.Single(Read(SyntheticPwOutput.Scf().Replace(Converged, Converged + Forces, StringComparison.Ordinal)).Frames).Forces!.Value[0].X, 1e-9);
    }

    [Theory]
    [InlineData("   employing two chemical potentials, one for electrons and one for holes.", "ExcitedElectrons")]
    [InlineData("OSCDFT: iteration type 0: micro-iteration of OS-CDFT multipliers inside iteration of rho", "ConstrainedOccupations")]
    public void ElectronsThatAreHeldSomewhereAreAWarning(string line, string code)
    {
        (List<Frame> frames, CalculationReport report) = Read(SyntheticPwOutput.Scf(afterSites: line));
        Assert.Single(frames);
        Assert.Equal(FindingSeverity.Warning, Assert.Single(report.Findings, f => f.Code == code).Severity);
    }

    /// <summary>Where pw.x announces a stress and then has none for the functional or field, energy and forces are whole.</summary>
    [Fact]
    public void AStressThatIsNotImplementedIsNotMissing()
    {
        string announced = Converged + Forces + "     Computing stress (Cartesian axis) and pressure\n\n";
        (List<Frame> frames, _) = Read(SyntheticPwOutput.Scf().Replace(Converged, announced + "     Message from routine stres:\n     stress with USPP and electric fields (Berry) not implemented\n\n", StringComparison.Ordinal));
        Assert.Null(Assert.Single(frames).Stress);
        Assert.Equal("StressMissing", Assert.Single(Read(SyntheticPwOutput.Scf().Replace(Converged, announced, StringComparison.Ordinal)).Report.LeftOut).Code);
    }

    private static (List<Frame> Frames, CalculationReport Report) Read(string text)
    {
        using PwOutputReader reader = PwOutputReader.FromStream(new MemoryStream(Encoding.ASCII.GetBytes(text)), "pw.out");
        return ([.. reader.ReadFrames(TestContext.Current.CancellationToken)], reader.Report);
    }
}
