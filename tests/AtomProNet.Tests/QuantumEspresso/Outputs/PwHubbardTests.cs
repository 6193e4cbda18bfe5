using System.Collections.Immutable;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Outputs;

/// <summary>+U in the forms that pw.x prints it in: whatever of it differs makes another method.</summary>
public sealed class PwHubbardTests
{
    [Fact]
    public void AnotherManifoldDoesNotTakeThePlaceOfTheFirst()
    {
        ImmutableSortedDictionary<string, double> u = Method("""
                 Hubbard projectors: atomic
                 Hubbard parameters of DFT+U (Dudarev formulation) in eV:
                 U(Fe1-3d) =  5.0000
                 J0(Fe1-3d) =  1.0000
                 U(Fe1-3p-3s) =  2.0000
                 U(Fe2-3d) =  5.0000
                 J0(Fe2-3d) =  1.2000
                 U(Fe2-3p-3s) =  2.0000
            """).HubbardU;
        Assert.Equal([("Fe", 5.0), ("Fe-3p-3s", 2.0), ("Fe1 J0", 1.0), ("Fe2 J0", 1.2)], u.Select(p => (p.Key, p.Value)));
    }

    [Fact]
    public void BetweenSitesItIsReadFromItsTable()
    {
        // Atom 6 is the oxygen of a neighbouring cell, atom 4 the first iron of one.
        ImmutableSortedDictionary<string, double> u = Method("", table: """
                 i    j  dist (Bohr)       stan-stan stan-bac bac-bac bac-stan
                 1    1   0.00000000  V =    5.0000   1.0000   2.0000   1.0000
                 1    3   4.00000000  V =    0.8000   0.5000   0.3000   0.4000
                 1    6   4.00000000  V =    0.8000   0.5000   0.3000   0.4000
                 2    2   0.00000000  V =    5.0000   1.0000   2.0000   1.0000
                 3    3   0.00000000  V =    0.0000   0.0000   0.0000   0.0000
                 3    4   4.00000000  V =    0.7000   0.4000   0.3000   0.5000

            """).HubbardU;
        Assert.Equal(
            [("Fe", 5.0), ("Fe background", 2.0), ("Fe background-standard", 1.0), ("Fe standard-background", 1.0), ("Fe-O V", 0.8), ("Fe-O V 2", 0.7), ("Fe-O V background", 0.3), ("Fe-O V background-standard", 0.4), ("Fe-O V standard-background", 0.5)],
            u.Select(p => (p.Key, p.Value)));
    }

    /// <summary>6.5 prints its table without the last column.</summary>
    [Fact]
    public void TheTableOfOlderReleasesIsReadToo() =>
        Assert.Equal([("Fe", 7.75), ("Fe-O V", 0.75)], Method("", table: """
                 i    j  dist (Bohr)       stan-stan stan-bac bac-bac
                 1    1   0.00000000  V =    7.7500   0.0000   0.0000
                 1    3   4.00000000  V =    0.7500   0.0000   0.0000
                 2    2   0.00000000  V =    7.7500   0.0000   0.0000

            """).HubbardU.Select(p => (p.Key, p.Value)));

    [Fact]
    public void OrbitalsAndTheFormOfLiechtensteinAreRead()
    {
        Assert.Equal([("Fe1[1,3]", 5.0), ("Fe1[2,1]", 4.5)], Method("""
                 Orbital-resolved Hubbard parameters in eV:
                 U(Fe1-3d)
                 spin-channel  1:   0.0000  0.0000  5.0000  0.0000  0.0000
                 spin-channel  2:   4.5000  0.0000  0.0000  0.0000  0.0000

                 Internal variables: lda_plus_u = T, lda_plus_u_kind = 3

            """).HubbardU.Select(p => (p.Key, p.Value)));
        Assert.Equal([("Fe", 4.3), ("Fe J", 0.8)], Method("", sites: """
                 Full LDA+U calculation (l_max = 2) with parameters (eV):
                 U(  1) =   4.3000   J(  1) =   0.8000   B(  1) =   0.0000
                 U(  2) =   4.3000   J(  2) =   0.8000   B(  2) =   0.0000

            """).HubbardU.Select(p => (p.Key, p.Value)));
    }

    /// <summary>Two irons with different U, or with V beside it, are no run without U.</summary>
    [Theory]
    [InlineData("     U(Fe1-3d) =  5.0000\n     U(Fe2-3d) =  4.0000")]
    [InlineData("     U(Fe1-3d) =  5.0000\n     U(Fe2-3d) =  5.0000\n     J0(Fe1-3d) =  1.0000\n     J0(Fe2-3d) =  1.0000")]
    public void WhatDiffersIsAMix(string lines)
    {
        Frame with = Read(SyntheticPwOutput.Scf(inSummary: lines)), without = Read(SyntheticPwOutput.Scf()), plain = Read(SyntheticPwOutput.Scf(inSummary: "     U(Fe1-3d) =  5.0000\n     U(Fe2-3d) =  5.0000"));
        Assert.True(Differ(with, without));
        Assert.True(Differ(with, plain));
        Assert.False(Differ(with, Read(SyntheticPwOutput.Scf(inSummary: lines))));

        static bool Differ(Frame a, Frame b) => MethodSettings.MustAgree(a, a.Method!, isExempt: false).Join(MethodSettings.MustAgree(b, b.Method!, isExempt: false), s => s.Name, s => s.Name, (x, y) => !x.IsSame(y)).Any(d => d);
    }

    private static DftMethod Method(string lines, string table = "", string sites = "") => Read(SyntheticPwOutput.Scf(table, lines, sites)).Method!;

    private static Frame Read(string text)
    {
        using PwOutputReader reader = PwOutputReader.FromStream(new MemoryStream(Encoding.ASCII.GetBytes(text)), "pw.out");
        Frame frame = Assert.Single(reader.ReadFrames(TestContext.Current.CancellationToken));
        Assert.Equal(SyntheticPwOutput.Energy * PwTextSearch.Rydberg, frame.FreeEnergy!.Value, 1e-9);
        return frame;
    }
}
