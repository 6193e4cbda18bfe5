using System.Collections.Immutable;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.QuantumEspresso.Inputs;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Tests.QuantumEspresso.Outputs;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Jobs.Restarting;

/// <summary>What the codes make of a restart's changes in their inputs.</summary>
public sealed class RestartInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static RestartChange Change(string target, string key, string? value) => new(target, key, value, false, "because");

    private static string Text(RestartInput input, string name) => Encoding.UTF8.GetString(input.Files[name].Span);

    [Fact]
    public void VASPs_INCAR_and_KPOINTS_change_and_the_rest_stays()
    {
        folder.Write("INCAR", "ENCUT = 400 ; NELM = 60\nNPAR = 4\nEDIFF = 1E-5\n");
        folder.Write("KPOINTS", "mesh\n0\nMonkhorst-Pack\n4 4 4\n0 0 0\n");
        RestartInput input = new VaspCode().PlanRestart(folder.Root,
        [
            Change("INCAR", "NELM", "120"), Change("INCAR", "NPAR", null), Change("INCAR", "EDIFF", "×0.1"), Change("INCAR", "ALGO", "All"), Change("INCAR", "POTIM", "×0.5"), Change("KPOINTS", "Style", "Gamma"), Change("Job", "Walltime", "×2"),
        ]);
        Assert.Equal("ENCUT = 400\nNELM = 120\nEDIFF = 1E-06\nALGO = All\n", Text(input, "INCAR"));
        Assert.Equal("mesh\n0\nGamma\n4 4 4\n0 0 0\n", Text(input, "KPOINTS"));
        Assert.Equal(["POTIM"], input.NotApplied.Select(n => n.Change.Key));
        Assert.Equal(["NELM", "NPAR", "EDIFF", "ALGO", "Style"], input.Applied.Select(c => c.Key));
        Assert.Equal("120", input.Settings!["NELM"]);
        Assert.Null(input.Structure);
    }

    [Fact]
    public void Inputs_with_the_line_ends_of_Windows_change_as_others_do()
    {
        RestartChange[] changes = [Change("INCAR", "NELM", "120"), Change("INCAR", "NPAR", null), Change("KPOINTS", "Style", "Gamma")];
        string[] Of(string lineEnd)
        {
            folder.Write("INCAR", "ENCUT = 400 ; NELM = 60\nNPAR = 4\nEDIFF = 1E-5\n".ReplaceLineEndings(lineEnd));
            folder.Write("KPOINTS", "mesh\n0\nMonkhorst-Pack\n4 4 4\n0 0 0\n".ReplaceLineEndings(lineEnd));
            RestartInput input = new VaspCode().PlanRestart(folder.Root, [.. changes]);
            return [Text(input, "INCAR"), Text(input, "KPOINTS")];
        }

        Assert.Equal(Of("\n"), Of("\r\n"));
    }

    [Fact]
    public void VASP_goes_on_from_the_CONTCAR_byte_by_byte()
    {
        const string Poscar = "Al\n1.0\n4.0 0 0\n0 4.0 0\n0 0 4.0\nAl\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n";
        const string Contcar = "Al\n1.0\n4.1 0 0\n0 4.1 0\n0 0 4.1\nAl\n2\nDirect\n0.0 0.0 0.0\n0.5 0.5 0.49\n\n0.1 0 0\n0 0 0\n";
        folder.Write("INCAR", "NSW = 10\n");
        folder.Write("POSCAR", Poscar);
        folder.Write("CONTCAR", Contcar);
        RestartInput input = new VaspCode().PlanRestart(folder.Root, [Change("POSCAR", "Geometry", "CONTCAR")]);
        Assert.Equal(Contcar, Text(input, "POSCAR"));
        Assert.Equal(4.1, input.Structure!.Lattice!.A.X);
        folder.Write("CONTCAR", Contcar.Replace("Al\n2", "Cu\n2", StringComparison.Ordinal));
        Assert.Equal("ContcarDoesNotFit", Assert.Throws<AtomProNetException>(() => new VaspCode().PlanRestart(folder.Root, [Change("POSCAR", "Geometry", "CONTCAR")])).ErrorId);
    }

    private const string Pw = """
        &CONTROL
          calculation = 'scf', prefix='a/b' ! a slash / in a comment, mixing_beta = 9
          pseudo_dir = './'
        /
        &system
          ibrav = 0, nat = 1, ntyp = 1, ecutwfc = 20
        /
        &ELECTRONS
          conv_thr = 1.0d-8, mixing_beta = 0.7 ! mixing_beta = 0.1 is too small
        /
        ATOMIC_SPECIES
        Si 28.085 Si.UPF

        """;

    [Theory]
    [InlineData("ELECTRONS", "mixing_beta", "0.35", "conv_thr = 1.0d-8, mixing_beta = 0.35 ! mixing_beta = 0.1 is too small")]
    [InlineData("ELECTRONS", "conv_thr", "1.0d-9", "conv_thr = 1.0d-9, mixing_beta = 0.7 !")]
    [InlineData("electrons", "electron_maxstep", "200", "\n  electron_maxstep = 200\n/")]
    [InlineData("CONTROL", "prefix", "'x'", "calculation = 'scf', prefix = 'x' ! a slash")]
    [InlineData("SYSTEM", "nbnd", "8", "ecutwfc = 20\n  nbnd = 8\n/")]
    public void Pw_xs_namelists_change_in_place(string namelist, string key, string value, string expected)
    {
        string? text = PwRestartInput.Set(Pw.ReplaceLineEndings("\n"), namelist, key, value);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        // Nothing else has changed.
        Assert.Equal(value, PwInputFile.Parse(text!, "pw.in")[key] is { } v && value.StartsWith('\'') ? $"'{v}'" : PwInputFile.Parse(text!, "pw.in")[key]);
        Assert.Equal(Pw.ReplaceLineEndings("\n").Split('\n').Length, text!.Split('\n').Length - (expected.Contains("\n/", StringComparison.Ordinal) ? 1 : 0));
    }

    /// <summary>Fortran ends a namelist at the slash, wherever in a line it stands.</summary>
    [Theory]
    [InlineData("&ELECTRONS\n conv_thr = 1d-8 /\n&IONS\n upscale = 10\n/\n")]
    [InlineData("&electrons conv_thr = 1d-8, mixing_beta = 0.7/\n&IONS\n upscale = 10\n/\n")]
    [InlineData("&ELECTRONS\n conv_thr = 1d-8\n  /\n&IONS\n upscale = 10\n/\n")]
    public void A_new_variable_stays_in_its_namelist(string text)
    {
        string changed = PwRestartInput.Set(text, "ELECTRONS", "electron_maxstep", "200")!;

        Assert.InRange(changed.IndexOf("electron_maxstep = 200", StringComparison.Ordinal), 0, changed.IndexOf('/', StringComparison.Ordinal));
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), changed.Replace("electron_maxstep = 200", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Assert.Equal(text, PwRestartInput.Set(text, "ELECTRONS", "upscale", null)); // that of another namelist
    }

    [Fact]
    public void A_variable_of_pw_x_can_go()
    {
        string? text = PwRestartInput.Set(Pw.ReplaceLineEndings("\n"), "ELECTRONS", "mixing_beta", null);
        Assert.Null(PwInputFile.Parse(text!, "pw.in")["mixing_beta"]);
        Assert.Equal("1.0d-8", PwInputFile.Parse(text!, "pw.in")["conv_thr"]);
        Assert.Null(PwRestartInput.Set(Pw, "IONS", "upscale", "10"));
    }

    /// <summary>A cube of 8 bohr. Beside celldm(1) or A pw.x stops at a cell in Å: "lattice parameter specified twice".</summary>
    [Theory]
    [InlineData("celldm(1) = 16.0", "CELL_PARAMETERS alat\n0.5000000000000000 0.0000000000000000 0.0000000000000000\n")]
    [InlineData("A = 4.2334176872240", "CELL_PARAMETERS alat\n1.0000000000000000 0.0000000000000000 0.0000000000000000\n")]
    [InlineData("ecutrho = 400", "CELL_PARAMETERS angstrom\n4.23341768722")]
    public void Pw_x_goes_on_in_the_unit_of_its_input(string entry, string expected)
    {
        folder.Write("pw.out", SyntheticPwOutput.Scf());
        folder.Write("pw.in", $"""
            &CONTROL
              calculation = 'relax'
            /
            &SYSTEM
              ibrav = 0, nat = 3, ntyp = 3, ecutwfc = 50, {entry}
            /
            &ELECTRONS
            /
            &IONS
            /
            ATOMIC_SPECIES
            Fe1 55.845 Fe.UPF
            Fe2 55.845 Fe.UPF
            O 15.999 O.UPF
            CELL_PARAMETERS alat
            0.4 0.0 0.0
            0.0 0.4 0.0
            0.0 0.0 0.4
            ATOMIC_POSITIONS alat
            Fe1 0.0 0.0 0.0 0 0 0
            Fe2 0.2 0.2 0.0
            O 0.2 0.0 0.0
            K_POINTS gamma

            """);
        RestartInput input = new PwCode().PlanRestart(folder.Root, [Change("pw.in", "Geometry", "pw.out")]);
        Assert.Empty(input.NotApplied);
        string text = Text(input, "pw.in");
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains("ATOMIC_POSITIONS crystal\nFe1 0.0000000000000000 0.0000000000000000 0.0000000000000000 0 0 0\nFe2 0.5000000000000000", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pw_x_goes_on_from_the_last_good_geometry()
    {
        // A relaxation that used up its steps, by the real program.
        string from = SharedData.Path("data", "qe", "made");
        string? relax = Directory.GetDirectories(from).FirstOrDefault(d => Directory.GetFiles(d).Any(f => File.ReadAllText(f).Contains("The maximum number of steps has been reached", StringComparison.Ordinal) && !File.ReadAllText(f).Contains("CELL_PARAMETERS (", StringComparison.Ordinal)));
        Assert.SkipWhen(relax is null, "The sample data have no relaxation at its step limit.");
        foreach (string file in Directory.GetFiles(relax!))
        {
            File.Copy(file, folder.Path(Path.GetFileName(file)));
        }

        string output = Directory.GetFiles(folder.Root).First(f => PwFileNames.IsOutputName(Path.GetFileName(f)) && PwFileNames.IsOutput(f));
        PwInputFile? present = PwInputFile.Find(folder.Root, null, null);
        Assert.SkipWhen(present is null || present.Number("ibrav") is not (null or 0), "The sample's cell is given by ibrav.");
        RestartInput input = new PwCode().PlanRestart(folder.Root, [Change("pw.in", "Geometry", Path.GetFileName(output))]);
        Assert.True(input.NotApplied.IsEmpty, string.Join("; ", input.NotApplied.Select(n => n.Reason)));
        Assert.NotNull(input.Structure);
        string text = Text(input, Path.GetFileName(present.FilePath));
        Assert.Contains("ATOMIC_POSITIONS crystal\n", text, StringComparison.Ordinal);
        Assert.Contains(input.Structure!.FractionalPositions[0].X.ToString("F16", System.Globalization.CultureInfo.InvariantCulture), text, StringComparison.Ordinal);

        // The same folder after a way through Windows; the text stays as it was, its line ends too.
        foreach (string file in Directory.GetFiles(folder.Root))
        {
            File.WriteAllText(file, File.ReadAllText(file, Encoding.Latin1).ReplaceLineEndings("\r\n"), Encoding.Latin1);
        }

        RestartInput windows = new PwCode().PlanRestart(folder.Root, [Change("pw.in", "Geometry", Path.GetFileName(output))]);
        Assert.Equal(text.ReplaceLineEndings("\r\n"), Text(windows, Path.GetFileName(present.FilePath)));
        Assert.Equal(input.Structure.ContentHash, windows.Structure!.ContentHash);
    }
}
