using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.QuantumEspresso.Outputs;

namespace AtomProNet.Tests.QuantumEspresso.Inputs;

/// <summary>From the series over pw.x to the cheapest setting, against numbers that a text search finds in its outputs.</summary>
public sealed class NewQEConvergenceSeriesTests
{
    private static readonly Structure Silicon = new(
        new Lattice(new(0, 2.715, 2.715), new(2.715, 0, 2.715), new(2.715, 2.715, 0)),
        [Element.FromSymbol("Si"), Element.FromSymbol("Si")],
        [new(0, 0, 0), new(0.25, 0.25, 0.27)],
        CoordinateKind.Fractional,
        name: "Si");

    private static string Method => $"-PseudopotentialPath {PwX.Pseudopotentials} -Pseudopotential @{{Si='Si.pz-vbc.UPF'}} -NoJobScript";

    [Fact]
    public void PwXFindsTheCheapestCutoffAndMesh()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes a quarter of a minute; runs with ATOMPRONET_TEST=full.");
        PwX.Require();
        using var folder = new TemporaryFolder();
        PipelineResult written = PipelineHost.Run($"New-QEConvergenceSeries conv -EcutWfcValue 28,12,16,20,24 -MeshSpacing 1.2,0.8,0.6 -EcutWfc 8 -KPointMesh 2,2,2 -Degauss 0.02 {Method}", folder.Root, new() { Input = [Silicon] });
        Assert.Empty(written.Errors);
        DftInput[] inputs = [.. written.Output.Cast<DftInput>()];
        Assert.Equal(["Si_cutoff_28", "Si_cutoff_12", "Si_cutoff_16", "Si_cutoff_20", "Si_cutoff_24", "Si_spacing_1.2", "Si_spacing_0.8", "Si_spacing_0.6"], inputs.Select(i => i.Name));
        Assert.All(inputs, i => Assert.Equal(0, PwX.Run(i.FolderPath)));

        PipelineResult measured = PipelineHost.Run("Import-QEOutput conv | Measure-DftConvergence -EnergyPrecision 0.02 -ForcePrecision 0.05 -StressPrecision 2", folder.Root);
        Assert.Empty(measured.Errors);
        // The settings of a series differ on purpose.
        Assert.DoesNotContain(measured.Warnings, w => w.Contains("do not belong in one set", StringComparison.Ordinal) || w.Contains("mesh", StringComparison.Ordinal));
        DftConvergence[] verdicts = [.. measured.Output.Cast<DftConvergence>()];
        DftConvergence cutoff = verdicts.Single(v => v.Quantity == ConvergenceQuantity.CutoffEnergy), mesh = verdicts.Single(v => v.Quantity == ConvergenceQuantity.KPointSpacing);
        Assert.Equal(("Ry", "1/Å"), (cutoff.Unit, mesh.Unit));
        Assert.Equal([12, 16, 20, 24, 28], cutoff.Points.Select(p => p.Value));
        Assert.Equal([1.2, 0.8, 0.6], mesh.Points.Select(p => p.Value));
        Expect(cutoff, "cutoff", folder.Root);
        Expect(mesh, "spacing", folder.Root);
        Assert.Equal(24, cutoff.Recommended);
        Assert.Null(mesh.Recommended);
    }

    [Fact]
    public void OutputsWithoutDescentAreMeasuredInPwXsOwnUnit()
    {
        Frame[] frames = [.. new[] { 20.0, 30, 40 }.Select(ry => new Frame(Silicon) { FreeEnergy = -200 - (1 / ry), Method = new() { Code = "pw.x", CutoffEnergy = ry * PwTextSearch.Rydberg } })];
        PipelineResult measured = PipelineHost.Run("Measure-DftConvergence -IgnoreForces -IgnoreStress -EnergyPrecision 0.01", Path.GetTempPath(), new() { Input = frames });
        DftConvergence verdict = Assert.IsType<DftConvergence>(Assert.Single(measured.Output));
        Assert.Equal(("Ry", 40.0, 30.0), (verdict.Unit, verdict.Reference, verdict.Recommended));
    }

    [Theory]
    [InlineData("-EcutWfcValue 20,30,20", "ConvergenceSettingTwice")]
    [InlineData("", "ConvergenceSettingMissing")]
    [InlineData("-DegaussValue 0.01,0.02 -Smearing Fixed", "SmearingWidthIdle")]
    [InlineData("-EcutWfcValue 20,90 -EcutRho 200", "DensityCutoffTooLow")]
    public void WhatMakesNoSeriesIsToldAndNothingIsWritten(string parameters, string id)
    {
        using var folder = new TemporaryFolder();
        PipelineResult result = PipelineHost.Run($"New-QEConvergenceSeries conv {parameters} {Method}", folder.Root, new() { Input = [Silicon] });
        Assert.StartsWith(id + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(id == "DensityCutoffTooLow" ? 1 : 0, result.Output.Count);
    }

    /// <summary>The verdict worked out anew from the text of the outputs.</summary>
    private static void Expect(DftConvergence verdict, string word, string root)
    {
        var text = verdict.Points.Select(p => PwTextSearch.Of(File.ReadAllText(Path.Combine(root, "conv", FormattableString.Invariant($"Si_{word}_{p.Value}"), "pw.out")))).ToList();
        double finest = text[^1].Energies.Single().Rydberg;
        double? cheapest = null;
        for (int i = text.Count - 1; i >= 0; i--)
        {
            double energy = (text[i].Energies.Single().Rydberg - finest) * PwTextSearch.Rydberg / 2;
            double force = Enumerable.Range(0, 6).Max(k => Math.Abs(text[i].Forces[0].RydbergPerBohr[k / 3][k % 3] - text[^1].Forces[0].RydbergPerBohr[k / 3][k % 3])) * PwTextSearch.Rydberg / PwTextSearch.Bohr;
            double stress = Enumerable.Range(0, 9).Max(k => Math.Abs(text[i].Stresses[0].Kilobar[k / 3][k % 3] - text[^1].Stresses[0].Kilobar[k / 3][k % 3])) / 10;
            Assert.Equal(energy, verdict.Points[i].EnergyDifference, 1e-6);
            Assert.Equal(force, verdict.Points[i].ForceDifference!.Value, 1e-6);
            Assert.Equal(stress, verdict.Points[i].StressDifference!.Value, 2e-3);
            if (Math.Abs(energy) > 0.02 || force > 0.05 || stress > 2)
            {
                break;
            }

            cheapest = i < text.Count - 1 ? verdict.Points[i].Value : cheapest;
        }

        Assert.Equal(cheapest, verdict.Recommended);
    }
}
