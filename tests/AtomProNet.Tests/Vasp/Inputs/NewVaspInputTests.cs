using System.Text.Json;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;
using AtomProNet.Tests.Generation;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.Tests.Vasp.Inputs;

/// <summary>New-VaspInput, run as users run it.</summary>
public sealed class NewVaspInputTests : IDisposable
{
    private static readonly Structure Corundum = SampleCrystals.Corundum.With(name: "corundum", provenance: Provenance.Root("Bundled", "bundled:Al2O3-corundum"));

    private readonly string work = Directory.CreateTempSubdirectory("vaspinput").FullName;

    public NewVaspInputTests() => FakePotcars.Library(Path.Combine(work, "pot"), ("POTCAR_Al", "PAW_PBE Al 04Jan2001", 240.3), ("O/POTCAR", "PAW_PBE O 08Apr2002", 400), ("POTCAR.Fe_pv.gz", "PAW_PBE Fe_pv 06Sep2000", 293.2));

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public void A_strain_series_becomes_folders()
    {
        PipelineResult result = Run("New-StrainSeries -Range 0.1 | New-VaspInput -Destination runs -PotcarPath pot", Corundum);

        Assert.Empty(result.Errors);
        DftInput[] inputs = [.. result.Output.Cast<DftInput>()];
        Assert.Equal(21, inputs.Length);
        Assert.Equal(21, Directory.GetDirectories(Path.Combine(work, "runs")).Length);
        DftInput first = inputs[0];
        Assert.Equal("strain_-0.1000", first.Name);
        Assert.Equal(Path.Combine(work, "runs", "strain_-0.1000"), first.FolderPath);
        Assert.Equal(["INCAR", "KPOINTS", "POSCAR", "POTCAR", "job.sh", "provenance.json"], first.Files);
        Assert.Equal(first.Files, Directory.GetFiles(first.FolderPath).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal("VASP", first.Code);
        Assert.Equal([4, 4, 4], first.KPointMesh!.Value);
        Assert.Equal("400", first.Settings["ENCUT"]);
        Assert.Equal("job.sh", first.JobScript);

        // Pulay stress is told once, and how often it holds.
        Assert.Contains(result.Warnings, w => w.Contains("Pulay", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.StartsWith("PulayStress", StringComparison.Ordinal) && w.Contains("20 further", StringComparison.Ordinal));
        Assert.Equal(2, result.Warnings.Count);

        CalculationRecord record = CalculationRecord.FromFolder(first.FolderPath)!;
        Assert.Equal("bundled:Al2O3-corundum", record.Provenance!.RootId);
        Assert.Equal("Strain", record.Provenance.Operation);
        Assert.Equal(["PAW_PBE Al 04Jan2001", "PAW_PBE O 08Apr2002"], record.Method.Potentials.Select(p => p.Title));
        Assert.Equal(FakePotcars.Text("PAW_PBE Al 04Jan2001", 240.3) + FakePotcars.Text("PAW_PBE O 08Apr2002", 400), File.ReadAllText(Path.Combine(first.FolderPath, "POTCAR")));
        Assert.DoesNotContain("98.2653604144731", File.ReadAllText(Path.Combine(first.FolderPath, "provenance.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_programs_read_our_numbers()
    {
        SystemPython.SkipUnlessThere("ase", "pymatgen");
        Structure s = SampleCrystals.Make(Lattice.FromParameters(5.1, 6.3, 7.7, 81, 97, 104), "Fe .1 .2 .3", "O .4 .5 .6", "Fe .7 .8 .9123456789012345", "Co .25 .5 .01", "O .9 .1 .55").With(name: "mixed");
        DftInput input = (DftInput)Assert.Single(Run("New-VaspInput -Preset MPStatic", s).Output)!;

        JsonElement theirs = SystemPython.Run("""
            from pymatgen.io.vasp.inputs import Poscar, Incar, Kpoints
            import ase.io
            a = ase.io.read(data + '/POSCAR', format='vasp')
            p = Poscar.from_file(data + '/POSCAR', check_for_POTCAR=False).structure
            i = Incar.from_file(data + '/INCAR')
            k = Kpoints.from_file(data + '/KPOINTS')
            result = dict(cell=a.cell.array.tolist(), positions=a.positions.tolist(), symbols=a.get_chemical_symbols(),
                          frac=p.frac_coords.tolist(), psymbols=[x.specie.symbol for x in p],
                          incar={n: v if isinstance(v, (bool, int, float, str, list)) else str(v) for n, v in i.items()},
                          kpts=[int(x) for x in k.kpts[0]], style=k.style.name)
            """, input.FolderPath);

        string[] symbols = ["Fe", "Fe", "O", "O", "Co"];
        Assert.Equal(symbols, Strings("symbols"));
        Assert.Equal(symbols, Strings("psymbols"));
        int[] order = [0, 2, 1, 4, 3];
        Assert.Equal(order, input.SiteOrder!.Sites);
        for (int i = 0; i < 5; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                Assert.Equal(s.FractionalPositions[order[i]][k], theirs.GetProperty("frac")[i][k].GetDouble());
                Assert.Equal(s.CartesianPositions[order[i]][k], theirs.GetProperty("positions")[i][k].GetDouble(), 1e-13);
            }
        }

        Assert.Equal(s.Lattice!.Rows.ToRowMajor(), theirs.GetProperty("cell").EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(x => x.GetDouble()));
        JsonElement incar = theirs.GetProperty("incar");
        Assert.Equal(520, incar.GetProperty("ENCUT").GetInt32());
        Assert.Equal(-5, incar.GetProperty("ISMEAR").GetInt32());
        Assert.Equal(5 * 5e-5, incar.GetProperty("EDIFF").GetDouble(), 1e-18);
        Assert.False(incar.GetProperty("LCHARG").GetBoolean());
        Assert.True(incar.GetProperty("LDAU").GetBoolean());
        Assert.Equal([5, 5, 0.6, 0.6, 0.6], incar.GetProperty("MAGMOM").EnumerateArray().Select(x => x.GetDouble()));
        Assert.Equal([5.3, 0, 3.32], incar.GetProperty("LDAUU").EnumerateArray().Select(x => x.GetDouble()));
        Assert.Equal([2, 0, 2], incar.GetProperty("LDAUL").EnumerateArray().Select(x => x.GetInt32()));
        Assert.Equal(input.KPointMesh!.Value, theirs.GetProperty("kpts").EnumerateArray().Select(x => x.GetInt32()));
        Assert.Equal(input.Method.KPoints.GammaCentred ? "Gamma" : "Monkhorst", theirs.GetProperty("style").GetString());

        IEnumerable<string?> Strings(string name) => theirs.GetProperty(name).EnumerateArray().Select(x => x.GetString());
    }

    [Fact]
    public void The_default_place_is_the_current_location()
    {
        DftInput input = (DftInput)Assert.Single(Run("New-VaspInput -NoJobScript", Corundum).Output)!;

        Assert.Equal(Path.Combine(work, "corundum"), input.FolderPath);
        Assert.Null(input.JobScript);
        Assert.Equal(["INCAR", "KPOINTS", "POSCAR", "POTCAR.spec", "provenance.json"], input.Files);
        Assert.Equal("Al\nO\n", File.ReadAllText(Path.Combine(input.FolderPath, "POTCAR.spec")));
    }

    [Fact]
    public void WhatIf_touches_nothing_and_emits_nothing()
    {
        string[] before = Directory.GetFileSystemEntries(work);

        PipelineResult result = Run("New-StrainSeries | New-VaspInput -Destination a/b -PotcarPath pot -WhatIf", Corundum);

        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
        Assert.Equal(21, result.WhatIf.Count);
        Assert.Equal(before, Directory.GetFileSystemEntries(work));
    }

    [Fact]
    public void A_missing_potential_stops_before_anything_is_written()
    {
        PipelineResult result = Run("New-VaspInput -Destination runs -PotcarPath pot", SampleCrystals.RockSalt.With(name: "nacl"), Corundum);

        Assert.Equal("PotcarMissing", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("Na", result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(["corundum"], Names("runs")); // the rest goes on
    }

    [Fact]
    public void An_existing_folder_is_an_error_unless_forced()
    {
        Run("New-VaspInput runs", Corundum);
        string incar = Path.Combine(work, "runs", "corundum", "INCAR");
        File.WriteAllText(Path.Combine(work, "runs", "corundum", "notes.txt"), "mine");

        Assert.Equal("FolderExists", Id(Run("New-VaspInput runs -Incar @{ENCUT=600}", Corundum)));
        Assert.Contains("ENCUT = 400\n", File.ReadAllText(incar), StringComparison.Ordinal);

        PipelineResult forced = Run("New-VaspInput runs -Incar @{ENCUT=600} -PotcarPath pot -Force", Corundum);
        Assert.Empty(forced.Errors);
        Assert.Contains("ENCUT = 600\n", File.ReadAllText(incar), StringComparison.Ordinal);
        Assert.Equal(["INCAR", "KPOINTS", "POSCAR", "POTCAR", "job.sh", "notes.txt", "provenance.json"], Names("runs/corundum")); // POTCAR.spec is gone
        Assert.Equal(["corundum"], Names("runs"));
    }

    [Theory]
    [InlineData("OUTCAR")]
    [InlineData("OUTCAR.gz")]
    [InlineData("vasprun.xml")]
    [InlineData("CONTCAR")]
    [InlineData("WAVECAR")]
    [InlineData("slurm-123.out")]
    public void Results_of_a_run_are_never_replaced(string file)
    {
        Run("New-VaspInput runs", Corundum);
        File.WriteAllText(Path.Combine(work, "runs", "corundum", file), "days of work");

        Assert.Equal("FolderHoldsResults", Id(Run("New-VaspInput runs -Force -Incar @{ENCUT=600}", Corundum)));
        Assert.Equal("days of work", File.ReadAllText(Path.Combine(work, "runs", "corundum", file)));
        Assert.Contains("ENCUT = 400\n", File.ReadAllText(Path.Combine(work, "runs", "corundum", "INCAR")), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_stay_inside_the_destination()
    {
        string[] names = ["../../evil", "CON", "a/b", "-rf", "$(touch owned)", "x.", "..", "nul.txt", "c\nd"];
        PipelineResult result = Run("New-VaspInput runs", [.. names.Select(n => Corundum.With(name: n))]);

        Assert.Equal("NameNotUsable", Id(result)); // ".."
        Assert.All(result.Output.Cast<DftInput>(), d => Assert.Equal(Path.Combine(work, "runs"), Path.GetDirectoryName(d.FolderPath)));
        Assert.Equal(["pot", "runs"], Names("."));
        Assert.Equal(["_._.._evil", "_CON", "__touch_owned_", "_nul.txt", "_rf", "a_b", "c_d", "x"], Names("runs"));
    }

    [Fact]
    public void Two_structures_of_one_name_are_noticed_and_a_template_keeps_them_apart()
    {
        Structure a = Corundum.With(name: "strain_+0.0100"), b = SampleCrystals.RockSalt.With(name: "STRAIN_+0.0100", provenance: Provenance.Root("Bundled", "bundled:NaCl"));

        PipelineResult clash = Run("New-VaspInput runs", a, b);
        Assert.Equal("FolderNameTwice", Id(clash));
        Assert.Contains("{root}/{name}", clash.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Single(clash.Output);

        PipelineResult apart = Run("New-VaspInput apart -FolderName '{root}/{name}'", a, b);
        Assert.Empty(apart.Errors);
        Assert.Equal(["bundled_Al2O3-corundum", "bundled_NaCl"], Names("apart"));
        Assert.Equal(["strain_+0.0100"], Names("apart/bundled_Al2O3-corundum"));
        Assert.Equal("FolderPlaceholderUnknown", Id(Run("New-VaspInput x -FolderName '{nme}'", a)));
    }

    [Fact]
    public void Structures_without_a_name_are_counted()
    {
        Assert.Equal(3, Run("New-VaspInput runs", SampleCrystals.Aluminium, SampleCrystals.Aluminium, SampleCrystals.Aluminium).Output.Count);
        Assert.Equal(["Al", "Al_0002", "Al_0003"], Names("runs"));
    }

    [Theory]
    [InlineData("-KPointMesh 4,4,4 -KPointDensity 64", "KPointsTwice")]
    [InlineData("-MonkhorstPack", "MonkhorstPackWithoutMesh")]
    [InlineData("-KPointDensity 0", "KPointDensityInvalid")]
    [InlineData("-KPointSpacing -1", "KPointSpacingInvalid")]
    [InlineData("-KPointSpacing 0.00001", "KPointMeshTooLarge")]
    [InlineData("-Potential @{Xx='Al'}", "TableKeyNotElement")]
    [InlineData("-MagneticMoment @{Al='much'}", "TableValueInvalid")]
    [InlineData("-PotcarPath nowhere", "PotcarLibraryNotFound")]
    [InlineData("-IncarFrom nowhere", "IncarNotFound")]
    [InlineData("-JobScript nowhere", "PathNotFound")]
    [InlineData("-WallTime soon", "WallTimeInvalid")]
    [InlineData("-Temperature 300", "DynamicsWithoutEnsemble")]
    [InlineData("-Ensemble NvtLangevin", "TemperatureMissing")]
    [InlineData("-SiteMagneticMoment 1,2", "SiteMomentCount")]
    [InlineData("-Incar @{'EN CUT'=4}", "IncarKeyInvalid")]
    [InlineData("-Incar @{ENCUT='high'}", "IncarValueKind")]
    [InlineData("-Incar @{NSW=3.5}", "IncarValueKind")]
    [InlineData("-Incar @{EDIFF=$true}", "IncarValueKind")]
    public void What_makes_no_sense_is_refused(string arguments, string errorId)
    {
        PipelineResult result = Run("New-VaspInput runs " + arguments, Corundum);

        Assert.Equal(errorId, Id(result));
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(Path.Combine(work, "runs")));
    }

    [Fact]
    public void An_INCAR_of_ones_own_takes_the_place_of_the_presets_keys()
    {
        File.WriteAllText(Path.Combine(work, "my.incar"), "ENCUT = 450 ; ISMEAR = 0\nLWAVE = T\nENCUT = 300\n");

        PipelineResult result = Run("New-VaspInput runs -IncarFrom my.incar -Incar @{SIGMA=0.1}", Corundum);

        Assert.Contains(result.Warnings, w => w.Contains("ENCUT", StringComparison.Ordinal) && w.Contains("twice", StringComparison.Ordinal));
        Assert.Equal("SYSTEM = Al12O18 corundum\nENCUT = 450\nISMEAR = 0\nLWAVE = .TRUE.\nLCHARG = .FALSE.\nSIGMA = 0.1\n", File.ReadAllText(Path.Combine(work, "runs", "corundum", "INCAR")));
    }

    [Fact]
    public void Slips_and_low_cutoffs_are_warned_of()
    {
        PipelineResult result = Run("New-VaspInput runs -PotcarPath pot -Incar @{ENCUTT=500; ENCUT=300}", Corundum);

        Assert.Contains(result.Warnings, w => w.Contains("Did you mean ENCUT?", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.Contains("lower than the potentials' ENMAX of 400", StringComparison.Ordinal));
        Assert.Single(result.Output);
    }

    [Fact]
    public void A_full_disk_leaves_no_half_written_folder()
    {
        VaspInputPlan plan = VaspInputPlan.Create("x", Corundum, new() { Set = VaspInputSets.Get(VaspPreset.MPStatic), JobScript = new() });
        for (int failing = 0; failing < 6; failing++)
        {
            int opened = 0;
            string[] before = Directory.GetFileSystemEntries(work);
            try
            {
                VaspInputWriter.Write(plan, Path.Combine(work, "deep", "x"), force: false, path => opened++ == failing ? throw new IOException("No space left on device") : File.Create(path));
                Assert.Equal(6, opened);
            }
            catch (IOException)
            {
                Assert.Equal(before, Directory.GetFileSystemEntries(work));
            }
        }
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_an_error_of_that_item()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Permissions bind neither root nor Windows' administrators.");
        string locked = Directory.CreateDirectory(Path.Combine(work, "locked")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal("AccessDenied", Id(Run("New-VaspInput locked", Corundum)));
    }

    [Fact]
    public void Thousands_of_structures_stream()
    {
        int count = TestEffort.Of(300, 2001, 20_001), made = 0;
        IEnumerable<object?> Make()
        {
            for (int i = 0; i < count; i++)
            {
                // When one is asked for, the one before has been written.
                Assert.True(i == 0 || Directory.Exists(Path.Combine(work, "runs", $"s{i - 1}")));
                made++;
                yield return SampleCrystals.SiliconPrimitive.With(name: $"s{i}");
            }
        }

        PipelineResult result = PipelineHost.Run("New-VaspInput runs", work, new PipelineOptions { Input = Make() });

        Assert.Empty(result.Errors);
        Assert.Equal(count, result.Output.Count);
        Assert.Equal(count, made);
    }

    [Fact]
    public void Fixed_atoms_stay_fixed_and_velocities_go_with_dynamics_alone()
    {
        var columns = System.Collections.Immutable.ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal)
            .Add("selective_dynamics", SiteProperty.Logical(3, [true, true, true, false, false, true]))
            .Add("velocities", SiteProperty.Real(3, [0.001, 0, 0, 0, 0.002, 0]));
        Structure s = SampleCrystals.SiliconPrimitive.With(name: "si", siteProperties: columns);
        Run("New-VaspInput still", s);
        Run("New-VaspInput moving -Ensemble NvtNoseHoover -Temperature 300", s);

        Structure still = PoscarReader.Read(File.ReadAllBytes(Path.Combine(work, "still", "si", "POSCAR")), "POSCAR"), moving = PoscarReader.Read(File.ReadAllBytes(Path.Combine(work, "moving", "si", "POSCAR")), "POSCAR");
        Assert.Equal(columns["selective_dynamics"], still.SiteProperties["selective_dynamics"]);
        Assert.False(still.SiteProperties.ContainsKey("velocities"));
        Assert.Equal(columns["selective_dynamics"], moving.SiteProperties["selective_dynamics"]);
        Assert.Equal(columns["velocities"], moving.SiteProperties["velocities"]);
    }

    [Fact]
    public void A_loose_electronic_tolerance_is_told()
    {
        Assert.Contains(Run("New-VaspInput a -Preset MPStatic", Corundum).Warnings, w => w.Contains("EDIFF = 0.0015", StringComparison.Ordinal));
        Assert.DoesNotContain(Run("New-VaspInput b -Preset MPStatic -Incar @{EDIFF=1e-6}", Corundum).Warnings, w => w.Contains("EDIFF", StringComparison.Ordinal));
    }

    [Fact]
    public void A_POSCAR_reads_back_bit_for_bit()
    {
        Run("New-StrainSeries -Mode Shear -Range 0.03 | New-VaspInput runs", Corundum);
        foreach (string folder in Directory.GetDirectories(Path.Combine(work, "runs")))
        {
            Structure back = PoscarReader.Read(File.ReadAllBytes(Path.Combine(folder, "POSCAR")), "POSCAR");
            CalculationRecord record = CalculationRecord.FromFolder(folder)!;
            Assert.Equal(record.ContentHash, back.ContentHash); // corundum is grouped already
        }
    }

    private static string Id(PipelineResult result) => Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0];

    private string[] Names(string folder) => [.. Directory.GetFileSystemEntries(Path.Combine(work, folder)).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    private PipelineResult Run(string pipeline, params Structure[] input) => PipelineHost.Run(pipeline, work, new PipelineOptions { Input = input });
}
