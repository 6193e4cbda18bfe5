using System.Diagnostics;

namespace AtomProNet.Tests.QuantumEspresso.Inputs;

/// <summary>pw.x itself and its pseudopotentials, as Debian installs them.</summary>
internal static class PwX
{
    private const string Program = "/usr/bin/pw.x";

    /// <summary>The folder of pseudopotentials; skips the test where it is missing.</summary>
    public static string Pseudopotentials
    {
        get
        {
            const string Folder = "/usr/share/espresso/pseudo";
            Assert.SkipUnless(Directory.Exists(Folder), "The pseudopotentials are missing (Debian: quantum-espresso-data).");
            return Folder;
        }
    }

    /// <summary>Skips the test where pw.x is missing.</summary>
    public static void Require() => Assert.SkipUnless(File.Exists(Program), "pw.x is missing (Debian: quantum-espresso).");

    /// <summary>Runs the input of a folder, as its job script does.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string folder) => Start(folder, $"exec {Program} -in pw.in > pw.out 2> pw.err");

    /// <summary>Runs a command of the shell in a folder.</summary>
    public static int Start(string folder, string command)
    {
        Require();
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("pw.x did not come to an end.");
        }

        return process.ExitCode;
    }
}
