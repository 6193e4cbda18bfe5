using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.QuantumEspresso.Inputs;
using AtomProNet.Structures;

namespace AtomProNet.Tests.QuantumEspresso.Inputs;

public sealed class NewQEInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public NewQEInputTests()
    {
        Upf("Al.pbe-n-kjpaw_psl.1.0.0.UPF", "Al", "PAW", 3, 29, 143);
        Upf("o_pbe_v1.2.uspp.F.UPF", "O", "US", 6, 0, 0);
        Upf("Fe.pbe-spn.UPF", "Fe", "US", 16, 45, 400);
        Upf("Si.pz.UPF", "Si", "NC", 4, 0, 0, "SLA PZ NOGX NOGC");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheInputSaysWhatTheStructureIs()
    {
        var structure = new Structure(
            new Lattice(new(4.123456789012345, 0, 0), new(0, 4.1, 1e-17), new(0.1, 0, 5)),
            [Element.FromSymbol("O"), Element.FromSymbol("Al"), Element.FromSymbol("O")],
            [new(0, 0, 1e-7), new(0.5, 1.0 / 3, 0.25), new(-0.125, 0.75, 0.1)],
            CoordinateKind.Fractional,
            name: "test");
        DftInput input = Assert.IsType<DftInput>(Assert.Single(Run("-EcutWfc 50 -KPointMesh 3,2,1 -NoJobScript", structure).Output));
        string text = File.ReadAllText(Path.Combine(input.FolderPath, "pw.in"));

        // Sites keep their order; species are numbered by their first sites; masses are real; no exponents in cards.
        Assert.Contains("ATOMIC_SPECIES\nO 15.999 o_pbe_v1.2.uspp.F.UPF\nAl 26.981538", text, StringComparison.Ordinal);
        Assert.Contains("CELL_PARAMETERS angstrom\n4.123456789012345 0 0\n0 4.1 0.00000000000000001\n0.1 0 5\n", text, StringComparison.Ordinal);
        Assert.Contains("ATOMIC_POSITIONS crystal\nO 0 0 0.0000001\nAl 0.5 0.3333333333333333 0.25\nO -0.125 0.75 0.1\n", text, StringComparison.Ordinal);
        Assert.EndsWith("K_POINTS automatic\n3 2 1 0 0 0\n", text, StringComparison.Ordinal);
        foreach (string entry in new[] { "calculation = 'scf'", "tprnfor = .true.", "tstress = .true.", "ibrav = 0", "nat = 3", "ntyp = 2", "ecutwfc = 50", "ecutrho = 400", "smearing = 'gaussian'", "degauss = 0.02", "conv_thr = 3d-09" })
        {
            Assert.Contains("  " + entry + "\n", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("&IONS", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nspin", text, StringComparison.Ordinal);
        Assert.Equal(["Al.pbe-n-kjpaw_psl.1.0.0.UPF", "o_pbe_v1.2.uspp.F.UPF", "provenance.json", "pw.in"], input.Files.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("pw.x", input.Code);
        Assert.True(input.SiteOrder!.IsIdentity);
        CalculationRecord record = CalculationRecord.FromFolder(input.FolderPath)!;
        Assert.Equal("400", record.Method.Settings["ecutrho"]);
        Assert.Equal(29 * 13.605693122994, record.Method.Potentials.Single(p => p.Element == "Al").SuggestedCutoff!.Value, 1e-9);
        Assert.Equal(structure.ContentHash, record.ContentHash);
    }

    /// <summary>The flags of pw.x along x, y, z, which no flags along lattice vectors can say in this cell, go on into the next input.</summary>
    [Fact]
    public void ConstraintsThatCameFromPwXAreKept()
    {
        var structure = new Structure(
            new Lattice(new(4, 0, 0), new(-2, 3.5, 0), new(0, 0, 6)),
            [Element.FromSymbol("Al"), Element.FromSymbol("Al")],
            [new(0, 0, 0), new(0.25, 0.5, 0.5)],
            CoordinateKind.Fractional,
            Periodicity.Full,
            ImmutableSortedDictionary.Create<string, SiteProperty>(StringComparer.Ordinal).Add("free_along_xyz", SiteProperty.Logical(3, [true, true, false, true, true, true])),
            "test");
        Assert.Contains("ATOMIC_POSITIONS crystal\nAl 0 0 0 1 1 0\nAl 0.25 0.5 0.5\n", Text(Run("-Calculation Relax", structure)), StringComparison.Ordinal);
    }

    [Fact]
    public void CutoffsComeFromTheHeadersAndLowerOnesAreWarnedOf()
    {
        PipelineResult result = Run("-FolderName one", Crystal("Al"));
        Assert.Contains("ecutwfc = 29\n", Text(result), StringComparison.Ordinal);
        Assert.Contains("ecutrho = 232\n", Text(result), StringComparison.Ordinal); // 8 × 29 is more than the 143 that is suggested
        Assert.Empty(result.Warnings);

        result = Run("-FolderName two -EcutWfc 20 -EcutRho 100", Crystal("Al"));
        Assert.Equal(2, result.Warnings.Count);
        Assert.Contains("20 Ry is below the 29 Ry that Al.pbe-n-kjpaw_psl.1.0.0.UPF suggests", result.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("100 Ry is below the 143 Ry", result.Warnings[1], StringComparison.Ordinal);

        result = Run("-FolderName three", Crystal("O"));
        Assert.Contains("ecutwfc = 40\n", Text(result), StringComparison.Ordinal);
        Assert.Contains("No cut-off is suggested by o_pbe_v1.2.uspp.F.UPF", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Al", "-EcutWfc 50 -EcutRho 100", "DensityCutoffTooLow")]
    [InlineData("Mg", "", "PseudopotentialMissing")]
    [InlineData("Al", "-Pseudopotential @{Al='none.UPF'}", "PseudopotentialMissing")]
    [InlineData("Al", "-Pseudopotential @{Al='Si.pz.UPF'}", "PseudopotentialElementWrong")]
    [InlineData("AlSi", "-EcutWfc 50", "FunctionalsDiffer")]
    [InlineData("Al", "-Smearing Fixed", "OddElectronCount")]
    [InlineData("O", "-Smearing Fixed -SpinPolarised", "TotalMagnetisationMissing")]
    [InlineData("Al", "-Namelist @{nat=5}", "NamelistVariableDecided")]
    [InlineData("Al", "-Namelist @{ecutwfk=5}", "NamelistVariableUnknown")]
    [InlineData("Al", "-Namelist @{SYSTEM=@{conv_thr=5}}", "NamelistWrong")]
    [InlineData("Al", "-Namelist @{ELECTRON=@{conv_thr=5}}", "NamelistUnknown")]
    [InlineData("Al", "-Namelist @{'ecutwfc = 5 /'=5}", "NamelistVariableInvalid")]
    [InlineData("Al", "-Namelist @{ecutwfc='many'}", "NamelistValueInvalid")]
    [InlineData("Al", "-Namelist @{degauss='0,05'}", "NamelistValueInvalid")]
    public void WhatPwXWouldNotRunIsAnErrorAndNothingIsWritten(string elements, string parameters, string id)
    {
        PipelineResult result = Run("-FolderName x " + parameters, Crystal(elements));
        Assert.StartsWith(id + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(folder.Path("runs")));
    }

    [Theory]
    [InlineData("-Calculation Md", "TemperatureMissing")]
    [InlineData("-Temperature 300", "DynamicsWithoutCalculation")]
    [InlineData("-KPointMesh 2,2,2 -KPointSpacing 0.2", "KPointsTwice")]
    [InlineData("-JobScript nowhere", "PathNotFound")]
    public void WhatIsWrongForAllEndsIt(string parameters, string id) =>
        Assert.StartsWith(id + ",", Assert.Single(Run(parameters, Crystal("Al"), Crystal("Al")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void SeveralFilesOfOneElementAreNamed()
    {
        Upf("al.pbe-hgh.upf", "Al", "NC", 3, 20, 80);
        Upf("Al_x.UPF", "Si", "NC", 4, 20, 80); // named after aluminium, but of silicon
        PipelineResult result = Run("", Crystal("Al"));
        string message = Assert.Single(result.Errors).Exception.Message;
        Assert.Contains("Al.pbe-n-kjpaw_psl.1.0.0.UPF (PAW, PBE), al.pbe-hgh.upf (NC, PBE)", message, StringComparison.Ordinal);
        Assert.Contains("-Pseudopotential @{Al='Al.pbe-n-kjpaw_psl.1.0.0.UPF'}", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Al_x", message, StringComparison.Ordinal);

        result = Run("-Pseudopotential @{Al='al.pbe-hgh.upf'}", Crystal("Al"));
        Assert.Contains(" al.pbe-hgh.upf\n", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public void NamelistEntriesGoBeforeEverythingElse()
    {
        string text = Text(Run("-Namelist @{mixing_beta=0.3; conv_thr='1.0d-12'; SYSTEM=@{vdw_corr='grimme-d3'; nosym=$true; lda_plus_u=$true; 'Hubbard_U(1)'=4.5; degauss=$null}; CONTROL=@{brandnew=1}}", Crystal("Al")));
        Assert.Contains("&CONTROL\n  calculation = 'scf'\n", text, StringComparison.Ordinal);
        Assert.Contains("  brandnew = 1\n/\n&SYSTEM", text, StringComparison.Ordinal);
        Assert.Contains("  vdw_corr = 'grimme-d3'\n", text, StringComparison.Ordinal);
        Assert.Contains("  nosym = .true.\n", text, StringComparison.Ordinal);
        Assert.Contains("  hubbard_u(1) = 4.5\n", text, StringComparison.Ordinal);
        Assert.Contains("  conv_thr = 1.0d-12\n  mixing_beta = 0.3\n/\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("degauss", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TextsInNamelistsCannotEndThem()
    {
        Assert.Equal("'it''s / &END'", PwOverride.ToLiteral("it's / &END"));
        Assert.Equal(".false.", PwOverride.ToLiteral(".false."));
        Assert.Equal("1, 2.5, 'a'", PwOverride.ToLiteral(new object[] { 1, 2.5, "a" }));
        Assert.Throws<AtomProNetException>(() => PwOverride.ToLiteral("two\nlines"));
        Assert.Throws<AtomProNetException>(() => PwOverride.ToLiteral(double.NaN));
    }

    [Fact]
    public void MomentsMakeSpeciesOfTheirOwn()
    {
        Structure iron = Crystal("FeFeO");
        iron = iron.With(siteProperties: iron.SiteProperties.Add("magmom", SiteProperty.Real(1, [4, -4, 0])));
        string text = Text(Run("", iron));
        Assert.Contains("ntyp = 3\n", text, StringComparison.Ordinal);
        Assert.Contains("nspin = 2\n  starting_magnetization(1) = 0.25\n  starting_magnetization(2) = -0.25\n  starting_magnetization(3) = 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nFe1 ", text, StringComparison.Ordinal);
        Assert.Contains("\nFe2 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nO1 ", text, StringComparison.Ordinal);

        text = Text(Run("-FolderName two -MagneticMoment @{Fe=8}", Crystal("FeO")));
        Assert.Contains("starting_magnetization(1) = 0.5\n", text, StringComparison.Ordinal);
        text = Text(Run("-FolderName three -SpinPolarised:$false", iron));
        Assert.DoesNotContain("nspin", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DynamicsIsWrittenInPwXsUnits()
    {
        string text = Text(Run("-Calculation Md -Temperature 600 -TimeStep 0.9675537 -Steps 50 -KPointMesh 1,1,1", Crystal("Al")));
        // INPUT_PW: 1 a.u. = 4.8378e-17 s, so 0.96755 fs are 20 of them.
        Assert.Contains("  nstep = 50\n  dt = 20\n", text, StringComparison.Ordinal);
        Assert.Contains("  nosym = .true.\n", text, StringComparison.Ordinal);
        Assert.Contains("&IONS\n  ion_dynamics = 'verlet'\n  ion_temperature = 'svr'\n  tempw = 600\n", text, StringComparison.Ordinal);
        Assert.EndsWith("K_POINTS gamma\n", text, StringComparison.Ordinal);

        text = Text(Run("-FolderName cell -Calculation VcRelax -Pressure 5", Crystal("Al")));
        Assert.Contains("&CELL\n  cell_dynamics = 'bfgs'\n  press = 50\n  press_conv_thr = 0.5\n/\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AMagneticElementWithoutSpinIsWarnedOf()
    {
        Assert.Contains("Fe is magnetic", Assert.Single(Run("-FolderName a -EcutWfc 50 -EcutRho 400", Crystal("Fe")).Warnings), StringComparison.Ordinal);
        Assert.Empty(Run("-FolderName b -EcutWfc 50 -EcutRho 400 -MagneticMoment @{Fe=3}", Crystal("Fe")).Warnings);
        Assert.Empty(Run("-FolderName c -EcutWfc 50 -EcutRho 400 -SpinPolarised:$false", Crystal("Fe")).Warnings);
        Assert.Empty(Run("-FolderName d -EcutWfc 50 -EcutRho 400 -Namelist @{nspin=2; 'starting_magnetization(1)'=0.3}", Crystal("Fe")).Warnings);
    }

    /// <summary>pw.x 6.7 runs Hubbard_U without lda_plus_u to its end, with U = 0.</summary>
    [Fact]
    public void AHubbardUThatWouldBePassedOverIsRefused()
    {
        Assert.StartsWith("HubbardWithoutSwitch,", Assert.Single(Run("-Namelist @{'Hubbard_U(1)'=4} -MagneticMoment @{Fe=3}", Crystal("Fe")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        PipelineResult result = Run("-Namelist @{lda_plus_u=$true; 'Hubbard_U(1)'=4} -MagneticMoment @{Fe=3} -EcutWfc 50 -EcutRho 400", Crystal("Fe"));
        Assert.Contains("7.1 and later", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Contains("  hubbard_u(1) = 4\n", Text(result), StringComparison.Ordinal);
    }

    /// <summary>A left-handed cell is written with a and b exchanged, and the flags of its lattice vectors with them.</summary>
    [Fact]
    public void FlagsFollowExchangedLatticeVectors()
    {
        Structure left = Crystal("Al");
        left = new Structure(new Lattice(new(0, 4.3, 0), new(4.2, 0, 0), new(0, 0, 4.4)), left.Species, [new(0.1, 0.2, 0.3)], CoordinateKind.Fractional, siteProperties: left.SiteProperties.Add("selective_dynamics", SiteProperty.Logical(3, [true, false, false])), name: "Al");

        string text = Text(Run("-Calculation Relax", left));

        // Free along the vector (0, 4.3, 0): along y.
        Assert.Contains("\n4.2 0 0\n0 4.3 0\n0 0 4.4\nATOMIC_POSITIONS crystal\nAl 0.2 0.1 0.3 0 1 0\n", text, StringComparison.Ordinal);
    }

    /// <summary>Atoms of opposite moments are species of their own: Hubbard_U(1) alone would leave half of the iron without.</summary>
    [Fact]
    public void AHubbardUOfSomeAtomsOfAnElementIsRefused()
    {
        Structure iron = Crystal("FeFeO");
        iron = iron.With(siteProperties: iron.SiteProperties.Add("magmom", SiteProperty.Real(1, [4, -4, 0])));

        AssertError("HubbardOfSomeAtoms", "'Hubbard_U(1)'=4");
        AssertError("SpeciesIndexTooLarge", "'Hubbard_U(1)'=4; 'Hubbard_U(2)'=4; 'Hubbard_U(4)'=4");
        Assert.Contains("  hubbard_u(2) = 0\n", Text(Run("-Namelist @{lda_plus_u=$true; 'Hubbard_U(1)'=4; 'Hubbard_U(2)'=0} -EcutWfc 50 -EcutRho 400", iron)), StringComparison.Ordinal); // said so

        void AssertError(string id, string entries) =>
            Assert.StartsWith(id + ",", Assert.Single(Run($"-Namelist @{{lda_plus_u=$true; {entries}}} -EcutWfc 50 -EcutRho 400", iron).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    /// <summary>pw.x 6.7 with eleven: "ntyp too large, increase NSX".</summary>
    [Fact]
    public void MoreSpeciesThanPwXTakesAreRefused()
    {
        Structure many = Crystal("FeFeFeFeFeFeFeFeFeFeFe");
        Structure eleven = many.With(siteProperties: many.SiteProperties.Add("magmom", SiteProperty.Real(1, [.. Enumerable.Range(1, 11).Select(i => i / 10.0)])));
        Structure ten = many.With(siteProperties: many.SiteProperties.Add("magmom", SiteProperty.Real(1, [.. Enumerable.Range(1, 11).Select(i => Math.Min(i, 10) / 10.0)])));

        Assert.StartsWith("TooManySpecies,", Assert.Single(Run("-EcutWfc 50 -EcutRho 400", eleven).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("ntyp = 10\n", Text(Run("-EcutWfc 50 -EcutRho 400", ten)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIfTouchesNothing()
    {
        PipelineResult result = Run("-WhatIf", Crystal("Al"));
        Assert.Empty(result.Output);
        Assert.Single(result.WhatIf);
        Assert.False(Directory.Exists(folder.Path("runs")));
    }

    [Fact]
    public void AFolderWithResultsIsNeverReplaced()
    {
        Assert.Empty(Run("", Crystal("Al")).Errors);
        Assert.StartsWith("FolderExists,", Assert.Single(Run("", Crystal("Al")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        folder.Write("runs/Al/notes.txt", "mine");
        Assert.Empty(Run("-Force -EcutWfc 60", Crystal("Al")).Errors);
        Assert.Contains("ecutwfc = 60", File.ReadAllText(folder.Path("runs", "Al", "pw.in")), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.Path("runs", "Al", "notes.txt")));
        folder.Write("runs/Al/pw.out", "a result");
        Assert.StartsWith("FolderHoldsResults,", Assert.Single(Run("-Force", Crystal("Al")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void AFullDiskLeavesNothingBehind()
    {
        PwInputPlan plan = PwInputPlan.Create("Al", Crystal("Al"), new() { Library = new(folder.Path("upf")) });
        int files = 0;
        Assert.Throws<IOException>(() => PwInputWriter.Write(plan, folder.Path("runs", "Al"), force: false, open: path => ++files == 2 ? throw new IOException("No space left on device") : new FileStream(path, FileMode.CreateNew)));
        Assert.Equal(2, files);
        Assert.False(Directory.Exists(folder.Path("runs")));
    }

    [Fact]
    public void AFolderOfTheClusterIsNamedInsteadOfCopied()
    {
        PipelineResult result = Run("-PseudoDirectory '/home/me/it''s/pseudo'", Crystal("Al"));
        DftInput input = Assert.IsType<DftInput>(Assert.Single(result.Output));
        Assert.Equal(["job.sh", "provenance.json", "pw.in"], input.Files);
        Assert.Contains("pseudo_dir = '/home/me/it''s/pseudo'\n", Text(result), StringComparison.Ordinal);
    }

    private static string Text(PipelineResult result)
    {
        Assert.Empty(result.Errors);
        return File.ReadAllText(Path.Combine(Assert.IsType<DftInput>(Assert.Single(result.Output)).FolderPath, "pw.in"));
    }

    private PipelineResult Run(string parameters, params Structure[] structures) =>
        PipelineHost.Run($"New-QEInput runs -PseudopotentialPath upf {parameters}", folder.Root, new() { Input = structures });

    private void Upf(string name, string element, string type, double valence, double wavefunctions, double density, string functional = "SLA PW PBX PBC") =>
        folder.Write("upf/" + name, FormattableString.Invariant($"<UPF version=\"2.0.1\">\n<PP_HEADER element=\"{element}\" pseudo_type=\"{type}\" relativistic=\"scalar\" functional=\"{functional}\" z_valence=\"{valence}\" wfc_cutoff=\"{wavefunctions}\" rho_cutoff=\"{density}\"/>\n</UPF>\n"));

    /// <summary>Atoms of these elements along the diagonal of a cube.</summary>
    private static Structure Crystal(string elements)
    {
        Element[] all = [.. System.Text.RegularExpressions.Regex.Matches(elements, "[A-Z][a-z]?").Select(m => Element.FromSymbol(m.Value))];
        return new(Lattice.Cubic(3.0 * all.Length), [.. all], [.. all.Select((_, i) => new Vector3D((double)i / all.Length, (double)i / all.Length, (double)i / all.Length))], CoordinateKind.Fractional, name: elements);
    }
}
