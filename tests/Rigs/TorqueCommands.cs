using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Tests.Rigs;

/// <summary>
/// Slurm's substitutes for PBS's commands (Debian: slurm-wlm-torque), which exclude Grid Engine's package. They are looked for where
/// they were installed, and below ATOMPRONET_TORQUE, where the packages can be unpacked.
/// </summary>
internal sealed class TorqueCommands : IDisposable
{
    private static readonly string[] Programs = ["qsub", "qstat", "qdel"];
    private readonly TemporaryFolder folder = new();
    private readonly string root;

    public TorqueCommands()
    {
        root = Roots().FirstOrDefault(r => Programs.All(p => System.IO.File.Exists(Path.Combine(r, "usr/bin", p))) && System.IO.File.ReadAllText(Path.Combine(r, "usr/bin/qsub")).Contains("sbatch", StringComparison.Ordinal)) ?? "";
        Assert.SkipWhen(root.Length == 0, "Slurm's qsub, qstat and qdel are missing (Debian: slurm-wlm-torque, installed or unpacked below ATOMPRONET_TORQUE).");
        foreach (string program in Programs)
        {
            System.IO.File.Copy(Path.Combine(root, "usr/bin", program), folder.Path(program));
        }

        // They look for Slurm's own commands beside themselves.
        foreach (string program in new[] { "sbatch", "scancel", "squeue", "scontrol" })
        {
            System.IO.File.CreateSymbolicLink(folder.Path(program), Path.Combine("/usr/bin", program));
        }
    }

    /// <summary>A host that finds them.</summary>
    public IHost On(IHost host)
    {
        if (root == "/")
        {
            return new PreparedHost(host, $"PATH={folder.Root}:$PATH\n");
        }

        string libraries = Path.Combine(root, "usr/lib");
        string perl = string.Join(':', Directory.EnumerateFiles(libraries, "Slurm.pm", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Append(Path.Combine(root, "usr/share/perl5")));
        string shared = string.Join(':', Directory.EnumerateFiles(libraries, "libslurm.so.*", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct());
        return new PreparedHost(host, $"PATH={folder.Root}:$PATH; PERL5LIB={PosixShell.Quote(perl)}; LD_LIBRARY_PATH={PosixShell.Quote(shared)}; export PERL5LIB LD_LIBRARY_PATH\n");
    }

    public void Dispose() => folder.Dispose();

    private static IEnumerable<string> Roots()
    {
        string? given = Environment.GetEnvironmentVariable("ATOMPRONET_TORQUE");
        return given is null ? ["/"] : [given, "/"];
    }
}
