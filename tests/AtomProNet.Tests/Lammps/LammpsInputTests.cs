using System.Diagnostics;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Lammps.Inputs;
using AtomProNet.Lammps.Outputs;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Structures;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Lammps;

public sealed class LammpsInputTests
{
    /// <summary>What each kind's own page says has to stand in its input.</summary>
    [Theory]
    [InlineData("eam/alloy:f", "units metal|atom_style atomic|pair_style eam/alloy|pair_coeff * * f Al O")]
    [InlineData("eam:a,b?elements=Al,O", "pair_style eam|pair_coeff 1 1 a|pair_coeff 2 2 b")]
    [InlineData("tersoff:f", "pair_style tersoff|pair_coeff * * f Al O")]
    [InlineData("sw:f?elements=O,Al", "pair_style sw|pair_coeff * * f O Al")]
    [InlineData("meam:lib,par", "pair_style meam|pair_coeff * * lib Al O par Al O")]
    [InlineData("comb3:f?interval=1000", "atom_style charge|displace_atoms all random 1.0e-8 1.0e-8 1.0e-8 4711|pair_style comb3 polar_off|pair_coeff * * f Al O|fix charges all qeq/comb 1000 1.0e-4")]
    [InlineData("reaxff:f?interval=10&tolerance=1.0e-4", "units real|atom_style charge|pair_style reaxff NULL|pair_coeff * * f Al O|fix charges all qeq/reaxff 10 0.0 10.0 1.0e-4 reaxff")]
    [InlineData("streitz:a,b", "atom_style charge|pair_style hybrid/overlay coul/streitz 12.0 ewald eam/alloy|kspace_style ewald 1.0e-6|pair_coeff * * coul/streitz a Al O|pair_coeff * * eam/alloy b Al O|fix charges all qeq/slater 1 12.0 1.0e-6 1000 coul/streitz alpha 0.3")]
    [InlineData("snap:c,p", "pair_style snap|pair_coeff * * c p Al O")]
    [InlineData("pace:f", "pair_style pace recursive|pair_coeff * * f Al O")]
    [InlineData("kim:Some_Model__MO_000000000000_000", "kim init Some_Model__MO_000000000000_000 metal|atom_style atomic|kim interactions Al O")]
    [InlineData("mace:f", "atom_modify map yes|newton on|pair_style mace no_domain_decomposition|pair_coeff * * f Al O")]
    [InlineData("nequip:f", "newton off|pair_style nequip|pair_coeff * * f Al O")]
    [InlineData("allegro:f?style=allegro3232", "newton on|pair_style allegro3232|pair_coeff * * f Al O")]
    [InlineData("deepmd:f", "pair_style deepmd f|pair_coeff * * Al O")]
    public void Each_kind_is_written_as_its_page_says(string potential, string lines)
    {
        using var work = new TemporaryFolder();
        LammpsPotential p = LammpsPotential.Parse(potential).Located(f => work.Write(Path.GetFileName(f), ""));
        string[] input = LammpsInputPlan.Create("x", Corundum, new() { Potential = p }).Input.Split('\n');
        int at = -1;
        foreach (string line in lines.Split('|'))
        {
            // In this order.
            int found = Array.IndexOf(input, line);
            Assert.True(found > at, $"'{line}' is missing or misplaced in:\n{string.Join('\n', input)}");
            at = found;
        }

        Assert.True(Array.IndexOf(input, "read_data structure.data") > 0);
        Assert.Equal(p.Kind.Name == "kim", !input.Any(l => l.StartsWith("units", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_kind_says_where_its_facts_are_from()
    {
        Assert.All(PotentialKind.All, k =>
        {
            Assert.StartsWith("https://", k.Source, StringComparison.Ordinal);
            Assert.True(k.TimeStep > 0 && k.Title.Length > 3 && k.Package.Length > 1, k.Name);
        });
        Assert.Equal(PotentialKind.All.Length, PotentialKind.All.Select(k => k.Name).Distinct().Count());
    }

    [Fact]
    public void A_folder_is_whole_and_runs_as_it_is()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var work = new TemporaryFolder();
        foreach ((string thermostat, string name) in new[] { ("NoseHoover", "a"), ("Langevin", "b") })
        {
            PipelineResult made = PipelineHost.Run($"Get-MPStructure Si -Source Bundled | New-Supercell 2,2,2 | New-LammpsInput sw:Si.sw {name} -Task Minimize,Nvt,Npt -Steps 100 -Thermostat {thermostat} -DumpInterval 50 -FolderName run", work.Root);
            Assert.Empty(made.Errors);
            var input = (DftInput)Assert.Single(made.Output)!;
            Assert.Equal(["Si.sw", "in.lammps", "job.sh", "provenance.json", "structure.data"], input.Files.Order(StringComparer.Ordinal));
            Assert.Contains("lmp -in in.lammps -log log.lammps", File.ReadAllText(Path.Combine(input.FolderPath, "job.sh")).Replace("'", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal("Si64", CalculationRecord.FromFolder(input.FolderPath)!.Formula);
            Lmp(input.FolderPath);
            LammpsLog log = LammpsLog.Read(Path.Combine(input.FolderPath, "log.lammps"));
            Assert.True(log.IsFinished);
            Assert.Equal([true, false, false], log.Loops.Select(l => l.IsMinimisation));
            Assert.Equal(3, LammpsDump.Read(Path.Combine(input.FolderPath, "npt.dump")).Count());
            // Results are never overwritten.
            Assert.Equal("FolderHoldsResults", Id($"Get-MPStructure Si -Source Bundled | New-LammpsInput sw:Si.sw {name} -FolderName run -Force"));
        }

        Assert.Empty(PipelineHost.Run("Get-MPStructure Si -Source Bundled | New-LammpsInput sw:Si.sw c -WhatIf", work.Root).Output);
        Assert.False(Directory.Exists(work.Path("c")));
        Assert.Equal("ElementWithoutType", Id("Get-MPStructure Si -Source Bundled | New-LammpsInput sw:Si.sw d -TypeOrder Al,O"));

        string Id(string pipeline) => Assert.Single(PipelineHost.Run(pipeline, work.Root).Errors).FullyQualifiedErrorId.Split(',')[0];
    }

    /// <summary>The second dynamics go on with the velocities of the first, and print their temperature although a static run came before.</summary>
    [Fact]
    public void Each_task_goes_on_from_where_the_one_before_ended()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var work = new TemporaryFolder();
        var input = (DftInput)Assert.Single(PipelineHost.Run("Get-MPStructure Si -Source Bundled | New-Supercell 2,2,2 | New-LammpsInput sw:Si.sw runs -FolderName x -Task Static,Nvt,Npt -Steps 100", work.Root).Output)!;
        Lmp(input.FolderPath);
        string[] log = File.ReadAllLines(Path.Combine(input.FolderPath, "log.lammps"));
        string[][][] tables = [.. log.Select((Line, At) => (Line, At)).Where(l => l.Line.StartsWith("Step Time Temp", StringComparison.Ordinal)).Select(l => log.Skip(l.At + 1).TakeWhile(r => !r.StartsWith("Loop", StringComparison.Ordinal)).Select(r => r.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray())];
        Assert.Equal(2, tables.Length);
        Assert.Equal("300", tables[0][0][2]);
        Assert.NotEqual("300", tables[0][^1][2]);
        Assert.Equal(tables[0][^1][2], tables[1][0][2]);
        Assert.Equal("LammpsTaskTwice", Assert.Single(PipelineHost.Run("Get-MPStructure Si -Source Bundled | New-LammpsInput sw:Si.sw twice -Task Nvt,Nvt", work.Root).Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    /// <summary>A static input gives what Invoke-LammpsPrediction gives, which turns forces back.</summary>
    [Fact]
    public void Static_inputs_give_the_energy_of_the_prediction()
    {
        SystemLammps.SkipUnlessThere("Si.sw");
        using var work = new TemporaryFolder();
        Structure distorted = LammpsPredictionTests.Distorted(Silicon, 5);
        var input = (DftInput)Assert.Single(PipelineHost.Run("New-LammpsInput sw:Si.sw runs -FolderName x", work.Root, new() { Input = [distorted] }).Output)!;
        Lmp(input.FolderPath);
        var frame = (Frame)Assert.Single(PipelineHost.Run("Invoke-LammpsPrediction sw:Si.sw", work.Root, new() { Input = [distorted] }).Output)!;
        string[] log = File.ReadAllLines(Path.Combine(input.FolderPath, "log.lammps"));
        string[] row = log[Array.FindIndex(log, l => l.StartsWith("Step PotEng", StringComparison.Ordinal)) + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(frame.Energy!.Value, double.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture), 1e-9);
        LammpsDump dump = LammpsDump.Read(Path.Combine(input.FolderPath, "static.dump")).Single();
        Assert.All(Enumerable.Range(0, 8), a => Assert.Equal(frame.Forces!.Value[a].Length, new Vector3D(dump[a, "fx"], dump[a, "fy"], dump[a, "fz"]).Length, 1e-9));
    }

    [Fact]
    public void Cut_and_damaged_dumps_are_refused()
    {
        using var work = new TemporaryFolder();
        const string Text = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\nITEM: ATOMS id type x\n2 1 0.5\n1 1 0.25\n";
        LammpsDump dump = LammpsDump.Read(work.Write("a", Text)).Single();
        Assert.Equal((0.25, 0.5), (dump[0, "x"], dump[1, "x"]));
        for (int cut = 1; cut < Text.Length - 1; cut++)
        {
            string part = Text[..cut];
            string file = work.Write("b", part);
            Assert.Throws<AtomProNetException>(() => LammpsDump.Read(file).ToList());
        }

        Assert.Throws<AtomProNetException>(() => LammpsDump.Read(work.Write("c", Text.Replace("1 1 0.25", "2 1 0.25", StringComparison.Ordinal))).ToList());
        Assert.Throws<AtomProNetException>(() => LammpsDump.Read(work.Write("c", Text.Replace("0.25", "much", StringComparison.Ordinal))).ToList());
        Assert.True(double.IsNaN(LammpsDump.Read(work.Write("c", Text.Replace("0.25", "-nan", StringComparison.Ordinal))).Single()[0, "x"]));
    }

    private static void Lmp(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("lmp", ["-in", "in.lammps", "-log", "log.lammps", "-screen", "none"]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }
}
