using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Inputs;

/// <summary>pw.x runs what New-QEInput writes, and Import-QEOutput gives back the structure that went in. Cut-offs are far too low for labels.</summary>
public sealed class PwXRunTests
{
    private static readonly Structure Silicon = FaceCentred("Si", 5.43, [("Si", 0, 0, 0), ("Si", 0.25, 0.25, 0.2501)]);
    private static readonly Structure Iron = Cubic("Fe", 2.87, [("Fe", 0, 0, 0), ("Fe", 0.5, 0.5, 0.5)]);

    [Fact]
    public void AMetalInItsPrimitiveCell()
    {
        Structure metal = FaceCentred("Al", 4.05, [("Al", 0, 0, 0)]);
        Frame frame = Assert.Single(RunAndRead(metal, "-EcutWfc 12 -KPointMesh 4,4,4 -Smearing MarzariVanderbilt -Degauss 0.03").Frames);
        Assert.Equal("MarzariVanderbilt", frame.Method!.Smearing);
        Assert.Equal("4x4x4", frame.Method.KPointMesh);
        Assert.Equal(12 * 13.605693122994, frame.Method.CutoffEnergy!.Value, 1e-9);
        Assert.NotNull(frame.EnergyWithoutEntropy);
    }

    [Fact]
    public void AnInsulatorWithFixedOccupations()
    {
        Frame[] frames = RunAndRead(Silicon, "-EcutWfc 12 -KPointMesh 2,2,2 -MonkhorstPack -Smearing Fixed -Pseudopotential @{Si='Si.pz-vbc.UPF'}").Frames;
        Frame frame = Assert.Single(frames);
        Assert.Equal("Fixed", frame.Method!.Smearing);
        Assert.Equal("2x2x2 shift 0.5,0.5,0.5", frame.Method.KPointMesh);
        Assert.Equal(frame.FreeEnergy, frame.EnergyWithoutEntropy);
    }

    [Fact]
    public void AMagneticCellWithOppositeMoments()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes half a minute; runs with ATOMPRONET_TEST=full.");
        Structure antiferromagnet = Iron.With(siteProperties: Iron.SiteProperties.Add("magmom", SiteProperty.Real(1, [3, -3])));
        string text = "";
        (Frame[] frames, _) = RunAndRead(antiferromagnet, "-EcutWfc 20 -EcutRho 160 -KPointMesh 2,2,2 -Degauss 0.05 -Pseudopotential @{Fe='Fe.pbe-nd-rrkjus.UPF'} -Namelist @{conv_thr=0.000001}", look: folder => text = File.ReadAllText(Path.Combine(folder, "pw.in")));
        Assert.Contains("\nFe1 55.845 Fe.pbe-nd-rrkjus.UPF\nFe2 55.845 Fe.pbe-nd-rrkjus.UPF\n", text, StringComparison.Ordinal);
        Frame frame = Assert.Single(frames);
        Assert.True(frame.Method!.SpinPolarised);
        Assert.Equal(0, frame.TotalMagneticMoment!.Value, 0.05);
        Assert.True((double)frame.Information["absolute_magnetization"] > 0.5);
        Assert.Equal(["Fe1", "Fe2"], frame.Structure.SiteProperties["species_label"].Texts.ToArray());
    }

    [Fact]
    public void AMagneticCellOfTwoStartingMoments()
    {
        // Hydrogen so far apart that each atom keeps its electron's spin.
        Structure hydrogen = Cubic("H2", 4.5, [("H", 0, 0, 0), ("H", 0.5, 0.5, 0.5)]);
        string text = "";
        (Frame[] frames, _) = RunAndRead(hydrogen.With(siteProperties: hydrogen.SiteProperties.Add("magmom", SiteProperty.Real(1, [1, -1]))), "-EcutWfc 14 -KPointMesh 2,2,2 -Degauss 0.005 -Pseudopotential @{H='H.pz-vbc.UPF'}", look: folder => text = File.ReadAllText(Path.Combine(folder, "pw.in")));
        Assert.Contains("\nH1 1.008 H.pz-vbc.UPF\nH2 1.008 H.pz-vbc.UPF\n", text, StringComparison.Ordinal);
        Frame frame = Assert.Single(frames);
        Assert.True(frame.Method!.SpinPolarised);
        Assert.Equal(0, frame.TotalMagneticMoment!.Value, 0.02);
        Assert.True((double)frame.Information["absolute_magnetization"] > 1.0);

        Frame parallel = Assert.Single(RunAndRead(hydrogen, "-EcutWfc 14 -KPointMesh 2,2,2 -Degauss 0.005 -Pseudopotential @{H='H.pz-vbc.UPF'} -MagneticMoment @{H=1}").Frames);
        Assert.True(parallel.TotalMagneticMoment > 1.0, $"{parallel.TotalMagneticMoment}");
    }

    [Fact]
    public void AStrainSeriesKeepsItsFamilyAndItsMesh()
    {
        using var folder = new TemporaryFolder();
        PipelineResult written = PipelineHost.Run(
            $"New-StrainSeries -Range 0.02 -Step 0.02 | New-QEInput runs -PseudopotentialPath {PwX.Pseudopotentials} -Pseudopotential @{{Si='Si.pz-vbc.UPF'}} -EcutWfc 10 -KPointSpacing 1 -KPointsFrom Parent -Smearing Fixed",
            folder.Root,
            new() { Input = [Silicon.With(provenance: Provenance.Root("Test", "test:Si"))] });
        Assert.Empty(written.Errors);
        DftInput[] inputs = [.. written.Output.Cast<DftInput>()];
        Assert.Equal(3, inputs.Length);
        Assert.All(inputs, i => Assert.Equal(0, PwX.Run(i.FolderPath)));
        PipelineResult read = PipelineHost.Run("Import-QEOutput runs", folder.Root);
        Assert.Empty(read.Errors);
        Frame[] frames = [.. read.Output.Cast<Frame>()];
        Assert.Equal(3, frames.Length);
        Assert.All(frames, f => Assert.Equal("test:Si", f.GroupId));
        Assert.All(frames, f => Assert.False(f.Structure.Provenance!.GroupInferred));
        Assert.Single(frames.Select(f => f.Method!.KPointMesh).Distinct());
        foreach (Frame frame in frames)
        {
            Same(inputs.Single(i => i.FolderPath == Path.GetDirectoryName(frame.Source!.File)).Structure, frame.Structure);
        }

        // Under compression the pressure rises.
        Frame[] byVolume = [.. frames.OrderBy(f => f.Structure.Volume)];
        Assert.True(byVolume[0].Stress!.Value.Pressure > byVolume[1].Stress!.Value.Pressure && byVolume[1].Stress!.Value.Pressure > byVolume[2].Stress!.Value.Pressure);
    }

    [Fact]
    public void TheJobScriptRunsItAndCleansUpBehindIt()
    {
        PwX.Require();
        using var folder = new TemporaryFolder();
        PipelineResult written = PipelineHost.Run($"New-QEInput . -FolderName 'a b' -Launcher env -PseudopotentialPath {PwX.Pseudopotentials} -Pseudopotential @{{Si='Si.pz-vbc.UPF'}} -EcutWfc 10 -KPointMesh 1,1,1 -Smearing Fixed", folder.Root, new() { Input = [Silicon] });
        DftInput input = Assert.IsType<DftInput>(Assert.Single(written.Output));
        Assert.Equal(["Si.pz-vbc.UPF", "job.sh", "provenance.json", "pw.in"], input.Files);
        Assert.Equal(0, PwX.Start(input.FolderPath, "exec bash job.sh"));
        string[] left = [.. Directory.EnumerateFiles(Path.Combine(input.FolderPath, "tmp"), "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!)];
        Assert.Contains("data-file-schema.xml", left);
        Assert.DoesNotContain(left, f => f.StartsWith("wfc", StringComparison.Ordinal) || f.Contains(".wfc", StringComparison.Ordinal) || f == "charge-density.dat");
        Assert.Single(PipelineHost.Run("Import-QEOutput .", folder.Root).Output);
    }

    [Theory]
    [InlineData("Relax", "-Namelist @{nstep=2}", 2)]
    [InlineData("VcRelax", "-Pressure 1 -Namelist @{nstep=2}", 2)]
    [InlineData("Md", "-Temperature 300 -Steps 3 -Thermostat Initial", 3)]
    [InlineData("VcMd", "-Temperature 300 -Steps 3 -Pressure 2", 3)]
    public void WhatMovesIsRunAndReadBack(string calculation, string parameters, int steps)
    {
        (Frame[] frames, _) = RunAndRead(Silicon, $"-Calculation {calculation} {parameters} -EcutWfc 10 -KPointMesh 1,1,1 -Smearing Fixed -Pseudopotential @{{Si='Si.pz-vbc.UPF'}}", mayStop: true);
        Assert.True(frames.Length >= steps, $"{frames.Length} frames");
        Assert.All(frames, f => Assert.NotNull(f.Stress));
        if (calculation == "Md")
        {
            // The temperature is set at the beginning.
            Assert.Equal(300, frames[0].Temperature!.Value, 1.0);
        }
    }

    [Fact]
    public void HeldAtomsStayWhereTheyAre()
    {
        Structure held = Silicon.With(siteProperties: Silicon.SiteProperties.Add("selective_dynamics", SiteProperty.Logical(3, [false, false, false, true, true, true])));
        (Frame[] frames, _) = RunAndRead(held, "-Calculation Relax -Namelist @{nstep=2} -EcutWfc 10 -KPointMesh 1,1,1 -Smearing Fixed -Pseudopotential @{Si='Si.pz-vbc.UPF'}", mayStop: true);
        Assert.Equal(frames[0].Structure.CartesianPositions[0], frames[^1].Structure.CartesianPositions[0]);
        Assert.NotEqual(frames[0].Structure.CartesianPositions[1], frames[^1].Structure.CartesianPositions[1]);
        Assert.Equal([false, false, false, true, true, true], frames[0].Structure.SiteProperties["selective_dynamics"].Logicals.ToArray());
        // The force on the held atom is the true one: together they sum to zero.
        Assert.True((frames[0].Forces!.Value[0] + frames[0].Forces!.Value[1]).Length < 1e-6);
    }

    [Fact]
    public void ALeftHandedCellIsTheSameCrystal()
    {
        Lattice l = Silicon.Lattice!;
        var left = new Structure(new Lattice(l.B, l.A, l.C), Silicon.Species, [.. Silicon.FractionalPositions.Select(f => new Vector3D(f.Y, f.X, f.Z))], CoordinateKind.Fractional);
        const string Parameters = "-EcutWfc 10 -KPointMesh 2,2,1 -Smearing Fixed -Pseudopotential @{Si='Si.pz-vbc.UPF'}";
        Assert.False(left.Lattice!.IsRightHanded);
        Frame turned = Assert.Single(RunAndRead(left, Parameters).Frames), straight = Assert.Single(RunAndRead(Silicon, Parameters).Frames);
        Assert.Equal(straight.FreeEnergy!.Value, turned.FreeEnergy!.Value, 1e-6);
    }

    [Fact]
    public void AnIsolatedAtomHasItsMoment()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes a minute; runs with ATOMPRONET_TEST=full.");
        (Frame[] frames, _) = RunAndRead(IsolatedAtoms.Create(Element.FromSymbol("Al")), "-EcutWfc 8");
        Frame frame = Assert.Single(frames);
        Assert.Equal("IsolatedAtom", frame.ConfigType);
        Assert.Equal(1.0, frame.TotalMagneticMoment!.Value, 0.1);
    }

    /// <param name="structure">The structure.</param>
    /// <param name="parameters">Of New-QEInput.</param>
    /// <param name="mayStop">Whether the step limit is meant to be reached (exit code 3).</param>
    /// <param name="look">Looks at the folder before it is gone.</param>
    private static (Frame[] Frames, DftInput[] Inputs) RunAndRead(Structure structure, string parameters, bool mayStop = false, Action<string>? look = null)
    {
        using var folder = new TemporaryFolder();
        PipelineResult written = PipelineHost.Run($"New-QEInput runs -PseudopotentialPath {PwX.Pseudopotentials} {parameters}", folder.Root, new() { Input = [structure] });
        Assert.Empty(written.Errors);
        DftInput[] inputs = [.. written.Output.Cast<DftInput>()];
        foreach (DftInput input in inputs)
        {
            int code = PwX.Run(input.FolderPath);
            Assert.True(code == 0 || (mayStop && code == 3), $"pw.x ended with {code}: {File.ReadAllText(Path.Combine(input.FolderPath, "pw.out"))[^Math.Min(1500, (int)new FileInfo(Path.Combine(input.FolderPath, "pw.out")).Length)..]}");
        }

        PipelineResult read = PipelineHost.Run("Import-QEOutput runs", folder.Root);
        Assert.Empty(read.Errors);
        Frame[] frames = [.. read.Output.Cast<Frame>()];
        Same(inputs[0].Structure, frames[0].Structure);
        look?.Invoke(inputs[0].FolderPath);
        return (frames, inputs);
    }

    private static void Same(Structure expected, Structure found)
    {
        Assert.Equal(expected.Species, found.Species);
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(expected.Lattice!.Rows[i / 3, i % 3], found.Lattice!.Rows[i / 3, i % 3], 1e-8);
        }

        foreach ((Vector3D a, Vector3D b) in expected.CartesianPositions.Zip(found.CartesianPositions))
        {
            Assert.True((a - b).Length < 1e-8, $"{a} and {b}");
        }
    }

    private static Structure Cubic(string name, double a, (string Symbol, double X, double Y, double Z)[] sites) => Make(name, Lattice.Cubic(a), sites);

    private static Structure FaceCentred(string name, double a, (string Symbol, double X, double Y, double Z)[] sites) =>
        Make(name, new Lattice(new(0, a / 2, a / 2), new(a / 2, 0, a / 2), new(a / 2, a / 2, 0)), sites);

    private static Structure Make(string name, Lattice lattice, (string Symbol, double X, double Y, double Z)[] sites) =>
        new(lattice, [.. sites.Select(s => Element.FromSymbol(s.Symbol))], [.. sites.Select(s => new Vector3D(s.X, s.Y, s.Z))], CoordinateKind.Fractional, name: name);
}
