using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Calculations;
using AtomProNet.Datasets;
using AtomProNet.Formats;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Jobs.Submission;
using AtomProNet.Lammps.Benchmarks;
using AtomProNet.Lammps.Outputs;
using AtomProNet.QuantumEspresso.Inputs;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Serialization;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Text;

/// <summary>What went through Windows, an editor or a mail has CR LF: each reader finds in it what it finds with LF.</summary>
public sealed partial class LineEndTests : IDisposable
{
    private const string Dump = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\nITEM: ATOMS id type x\n2 1 0.5\n1 1 0.25\n";

    private const string Log = """
        LAMMPS (29 Sep 2021 - Update 2)
        units metal
        pair_style tersoff
        timestep 0.0001
        run 100
        Loop time of 2.16 on 4 procs for 100 steps with 64 atoms

        Performance: 0.400 ns/day, 60.000 hours/ns, 46.296 timesteps/s
        99.2% CPU use with 4 MPI tasks x 2 OpenMP threads
        Total wall time: 0:00:03

        """;

    private const string Upf = """
        <UPF version="2.0.1"><PP_INFO>Suggested minimum cutoff for wavefunctions:  38. Ry
        Suggested minimum cutoff for charge density: 151. Ry</PP_INFO>
        <PP_HEADER generated='Generated using "atomic" code'
          element=" AL" pseudo_type="PAW" relativistic="scalar" functional="PBESOL"
          z_valence="   3.000000000000000E+000" wfc_cutoff="0.0" rho_cutoff="0.0"/>

        """;

    private const string Script = "#!/bin/bash\n#SBATCH --ntasks=4\n#SBATCH --time=01:00:00\n#SBATCH --signal=B:USR1@300\n#SBATCH --partition=long\nsrun vasp_std\n";

    private const string SshConfig = "Host a\n  HostName a.example.org\n  User somebody\n  Port 2222\nHost *\n  User other\n";

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Calculations => Found(".", f => Path.GetFileName(f) is "OUTCAR" or "pw.out");

    public static TheoryData<string> Structures => Found(".", f => Path.GetFileName(f) is "CONTCAR" || Path.GetFileName(Path.GetDirectoryName(f)) == "structures");

    public static TheoryData<string> Benchmarks => Found("lammps", f => f.EndsWith(".txt", StringComparison.Ordinal));

    public static TheoryData<string> TrainingSets => Found("mlip", f => f.EndsWith("xyz", StringComparison.Ordinal));

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Calculations))]
    public void Outputs_of_calculations(string file)
    {
        IDftCode[] codes = [new VaspCode(), new PwCode()];
        string from = Path.GetDirectoryName(SharedData.Path("data", file))!;
        Assert.Equal(OfFolder(windows: false), OfFolder(windows: true));

        string OfFolder(bool windows)
        {
            string to = folder.Path("run");
            Directory.CreateDirectory(to);
            foreach (string one in Directory.GetFiles(from))
            {
                File.WriteAllBytes(Path.Combine(to, Path.GetFileName(one)), WithLineEnds(File.ReadAllBytes(one), windows));
            }

            return Told(() =>
            {
                DftResult result = codes.Select(c => c.FindResult(Path.Combine(to, Path.GetFileName(file)))).First(r => r is not null)!;
                using IFrameReader reader = result.Open();
                string frames = string.Join('\n', reader.ReadFrames(TestContext.Current.CancellationToken).Select(ObjectJson.Write));
                string verdicts = string.Join('\n', codes.Where(c => c.Code == result.Code).Select(c => ObjectJson.Write(c.Judge(to, TestContext.Current.CancellationToken))));
                return frames + reader.Report.LeftOut.Count + string.Join('\n', reader.Report.Findings) + verdicts;
            });
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void Files_of_structures(string file) =>
        AssertSame(File.ReadAllBytes(SharedData.Path("data", file)), Path.GetFileName(file), path => string.Join('\n', StructureFile.Read(path).Select(ObjectJson.Write)));

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Files_of_speeds(string file) =>
        AssertSame(File.ReadAllBytes(SharedData.Path("data", file)), Path.GetFileName(file), path => ObjectJson.Write(MDBenchmarkReader.Read(path, new(TimeSpan.FromHours(1)))));

    [Theory]
    [MemberData(nameof(TrainingSets))]
    public void Training_sets(string file) =>
        AssertSame(File.ReadAllBytes(SharedData.Path("data", file)), Path.GetFileName(file), path => string.Join('\n', TrainingSetFormats.Read(path).Select(ObjectJson.Write)));

    [Fact]
    public void Files_of_LAMMPS()
    {
        AssertSame(Bytes(Dump), "a.dump", path => string.Join('\n', LammpsDump.Read(path).Select(d => $"{d.AtomCount} {d[0, "x"]} {d[1, "x"]}")));
        AssertSame(Bytes(Log), "log.lammps", path => ObjectJson.Write(MDBenchmarkReader.Read(path, new(TimeSpan.FromHours(1)))));
        AssertSame(Bytes(Log), "log.lammps", path => LammpsLog.Read(path) is var l ? $"{l.Version}|{l.Units}|{l.PairStyle}|{l.TimeStep}|{l.IsFinished}|{string.Join(' ', l.Loops)}" : "");
        AssertSame(Bytes("ERROR: Unknown pair style tersof (src/force.cpp:266)\nLast command: pair_style tersof\n"), "log.lammps", path => LammpsError.Find(File.ReadAllText(path), "x")!.Exception.Message);
    }

    [Fact]
    public void Potentials_and_scripts()
    {
        AssertSame(Bytes(Upf), "Al.UPF", path => UpfHeader.Read(path).ToString()!);
        Assert.Equal(UpfHeader.Read(folder.Write("Al.UPF", Upf)), UpfHeader.Read(folder.Write("Al.UPF", Windows(Upf))));
        AssertSame(Bytes(Script), "job.sh", path => ScriptHeader.Read(File.ReadAllText(path)).ToString()!);
        Assert.Equal(ScriptHeader.Read(Script).WarnBefore, ScriptHeader.Read(Windows(Script)).WarnBefore);
    }

    [Fact]
    public void Configurations_of_ssh()
    {
        AssertSame(Bytes(SshConfig), "config", path => SshConfiguration.Resolve("a", path, home: folder.Root) is var s ? $"{s.HostName}|{s.User}|{s.Port}" : "");
        string hosts = "a.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
        AssertSame(Bytes(hosts), "known_hosts", path => string.Join(',', KnownHosts.Read("a.example", 22, null, [path]).KeyTypes));
    }

    [Fact]
    public void Systems_of_DeePMD()
    {
        string system = folder.Path("system");
        Directory.CreateDirectory(Path.Combine(system, "set.000"));
        WriteSystem(system);
        string plain = Read();
        foreach (string file in Directory.GetFiles(system, "*.raw"))
        {
            File.WriteAllBytes(file, WithLineEnds(File.ReadAllBytes(file), windows: true));
        }

        Assert.Equal(plain, Read());

        string Read() => string.Join('\n', TrainingSetFormats.Read(system, TrainingSetFormat.DeepMD).Select(ObjectJson.Write));
    }

    private static void WriteSystem(string system)
    {
        File.WriteAllText(Path.Combine(system, "type.raw"), "0\n1\n");
        File.WriteAllText(Path.Combine(system, "type_map.raw"), "Al\nO\n");
        Npy(Path.Combine(system, "set.000", "coord.npy"), 1, 6, [0, 0, 0, 1, 1, 1]);
        Npy(Path.Combine(system, "set.000", "box.npy"), 1, 9, [4, 0, 0, 0, 4, 0, 0, 0, 4]);
    }

    private static void Npy(string path, int rows, int columns, double[] values)
    {
        string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        header = header.PadRight(((10 + header.Length) / 64 * 64) + 64 - 10 - 1) + "\n";
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]);
        writer.Write((ushort)header.Length);
        writer.Write(Encoding.ASCII.GetBytes(header));
        Array.ForEach(values, writer.Write);
    }

    private void AssertSame(byte[] content, string name, Func<string, string> read)
    {
        string path = folder.Path(name);
        File.WriteAllBytes(path, WithLineEnds(content, windows: false));
        string plain = Told(() => read(path));
        File.WriteAllBytes(path, WithLineEnds(content, windows: true));
        Assert.Equal(plain, Told(() => read(path)));
    }

    private static string Told(Func<string> read)
    {
        try
        {
            // The hash of the file itself is another one.
            return Hash().Replace(read(), "");
        }
        catch (AtomProNetException e)
        {
            return e.ErrorId + e.Line;
        }
    }

    [GeneratedRegex("\"sha256\":\"[0-9a-f]{64}\"")]
    private static partial Regex Hash();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));

    private static string Windows(string text) => text.ReplaceLineEndings("\r\n");

    private static byte[] WithLineEnds(byte[] bytes, bool windows)
    {
        string text = Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(windows ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text);
    }

    private static TheoryData<string> Found(string below, Func<string, bool> isWanted)
    {
        string data = Path.Combine(SharedData.Folder ?? "/nowhere", "data"), root = Path.GetFullPath(Path.Combine(data, below));
        // A name that is not there: its test is skipped with the reason.
        return Directory.Exists(root) ? [.. Directory.GetFiles(root, "*", SearchOption.AllDirectories).Where(isWanted).Select(f => Path.GetRelativePath(data, f)).Order(StringComparer.Ordinal)] : [below];
    }
}
