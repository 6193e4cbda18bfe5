using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Calculations;

public sealed class MethodTallyTests
{
    private static readonly DftMethod Pbe = new()
    {
        Code = "VASP", Version = "6.3.0", Functional = "PBE", CutoffEnergy = 400, Precision = "Normal", Smearing = "Gaussian", SmearingWidth = 0.05, AsphericalCorrections = true, KPointMesh = "4x4x4",
        Potentials = ImmutableSortedDictionary<string, string>.Empty.Add("Al", "PAW_PBE Al 04Jan2001").Add("O", "PAW_PBE O 08Apr2002"),
    };

    [Fact]
    public void FramesOfOneMethodAgree()
    {
        MethodTally tally = Tally(F("Al", Pbe), F("Al O", Pbe with { Version = "5.4.4", ElectronicTolerance = 1e-7 }), F("O", Pbe with { CutoffEnergy = 400.04 }));
        Assert.False(tally.IsMixed);
        Assert.Empty(tally.Findings);
        Assert.Equal(3, tally.FrameCount);
    }

    [Fact]
    public void EachSettingThatMustAgreeIsTold()
    {
        (string Setting, DftMethod Other)[] others =
        [
            ("Code", Pbe with { Code = "pw.x" }), ("Functional", Pbe with { Functional = "PBEsol" }), ("Dispersion", Pbe with { Dispersion = "D3" }), ("CutoffEnergy", Pbe with { CutoffEnergy = 520 }),
            ("Precision", Pbe with { Precision = "Accurate" }), ("Smearing", Pbe with { Smearing = "Fermi" }), ("SmearingWidth", Pbe with { SmearingWidth = 0.1 }), ("AsphericalCorrections", Pbe with { AsphericalCorrections = false }),
            ("Potential of Al", Pbe with { Potentials = Pbe.Potentials.SetItem("Al", "PAW_PBE Al_pv 01Jan2000") }), ("HubbardU of Al (with O or F)", Pbe with { HubbardU = Pbe.HubbardU.Add("Al", 3.0) }),
        ];
        foreach ((string setting, DftMethod other) in others)
        {
            MethodTally tally = Tally(F("Al O", Pbe), F("Al O", other), F("Al O", other));
            MethodDifference difference = Assert.Single(tally.Differences);
            Assert.Equal(setting, difference.Setting);
            Assert.Equal([1, 2], difference.Values.Select(v => v.FrameCount));
            Assert.Contains(setting, tally.ToTable(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatAFileDoesNotTellAgreesWithAny() =>
        Assert.False(Tally(F("Al O", Pbe), F("Al O", Pbe with { Functional = null, Precision = null, CutoffEnergy = null, AsphericalCorrections = null })).IsMixed);

    /// <summary>MP puts U on a metal in oxides and fluorides alone: the metal itself has none.</summary>
    [Fact]
    public void HubbardUFollowsTheRuleOfItsElement()
    {
        DftMethod withU = Pbe with { HubbardU = Pbe.HubbardU.Add("Al", 3.9) };
        Assert.False(Tally(F("Al O", withU), F("Al Al", Pbe)).IsMixed);
        Assert.True(Tally(F("Al O", withU), F("Al Al O", Pbe)).IsMixed);
    }

    [Fact]
    public void IsolatedAtomsAreExemptFromSmearingAndMesh()
    {
        DftMethod alone = Pbe with { Smearing = "Gaussian", SmearingWidth = 0.001, KPointMesh = "1x1x1", SpinPolarised = true };
        MethodTally tally = Tally(F("Al O", Pbe), F("Al", alone, edge: 12));
        Assert.False(tally.IsMixed);
        Assert.Empty(tally.Findings);
        Assert.True(Tally(F("Al O", Pbe), F("Al", alone with { CutoffEnergy = 520 }, edge: 12)).IsMixed);
        // A primitive cell of one atom is a crystal like any other.
        Assert.Contains(Tally(F("Al O", Pbe), F("Al", alone)).Differences, d => d.Setting == "SmearingWidth");
        Assert.False(Tally(F("Al O", Pbe), F("Al", alone) with { ConfigType = "IsolatedAtom" }).IsMixed);
    }

    [Fact]
    public void AMomentThatFollowsTheVolumeDoesNotJump()
    {
        // As files are named: strain_+0.00, strain_+0.05, strain_-0.05. Neighbours are those of neighbouring volumes.
        (double Edge, double Moment)[] series = [(4.0, 2.0), (4.1, 2.3), (4.2, 2.6), (3.9, 1.7), (3.8, 1.4)];
        Assert.Empty(Tally([.. series.Select(s => InGroup("a", F("Al O", Pbe, s.Edge), s.Moment))]).Findings);
        Assert.Equal("MomentJumpsInSeries", Assert.Single(Tally([.. series.Select(s => InGroup("a", F("Al O", Pbe, s.Edge), s.Edge < 4 ? 0 : s.Moment))]).Findings).Code);
        // The sign is a matter of the start.
        Assert.Empty(Tally([.. series.Select(s => InGroup("a", F("Al O", Pbe, s.Edge), s.Edge < 4 ? -s.Moment : s.Moment))]).Findings);
    }

    [Fact]
    public void TheNumberOfIrreduciblePointsIsNoMesh()
    {
        // pw.x without its XML; the number changes with the symmetry along one series of one mesh.
        MethodTally tally = Tally(InGroup("a", F("Al O", Pbe with { KPointMesh = "8 points" }), 0), InGroup("a", F("Al O", Pbe with { KPointMesh = "20 points" }), 0), InGroup("a", F("Al O", Pbe), 0));
        Assert.Empty(tally.Findings);
    }

    [Fact]
    public void SpacingsWithinRoundingAreTheSameRule()
    {
        Assert.Empty(Tally(F("Al O", Pbe, 4), F("Al O", Pbe with { KPointMesh = "3x3x3" }, 5)).Findings);
        Assert.Equal("KPointSpacingsDiffer", Assert.Single(Tally(F("Al O", Pbe, 4), F("Al O", Pbe with { KPointMesh = "2x2x2" }, 4)).Findings).Code);
    }

    [Fact]
    public void AMeshOrAMomentThatJumpsWithinASeriesIsTold()
    {
        MethodTally tally = Tally(
            InGroup("a", F("Al O", Pbe, 4), 2.0), InGroup("a", F("Al O", Pbe with { KPointMesh = "5x5x5" }, 4), 2.1), InGroup("a", F("Al O", Pbe, 4), 0.1),
            InGroup("b", F("Al O", Pbe with { KPointMesh = "3x3x3" }, 5), 0.0));
        Assert.Equal(["MeshChangesInSeries", "MomentJumpsInSeries"], tally.Findings.Select(f => f.Code));
    }

    private static MethodTally Tally(params Frame[] frames)
    {
        var tally = new MethodTally();
        foreach (Frame frame in frames)
        {
            tally.Add(frame);
        }

        return tally;
    }

    private static Frame F(string species, DftMethod method, double edge = 4)
    {
        Element[] elements = [.. species.Split(' ').Select(Element.FromSymbol)];
        return new(new(Lattice.Cubic(edge), [.. elements], [.. elements.Select((_, i) => new Vector3D(0.3 * i, 0, 0))], CoordinateKind.Fractional)) { Method = method, FreeEnergy = -1 };
    }

    private static Frame InGroup(string group, Frame frame, double moment) =>
        frame.WithStructure(frame.Structure.With(provenance: Provenance.Root("File", group))) with { TotalMagneticMoment = moment };
}
