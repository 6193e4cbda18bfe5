using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AtomProNet.Tests.Rigs;

/// <summary>A script of this folder that starts and stops something real, and the folder with a short path that its state lies in.</summary>
internal sealed class RigScript : IDisposable
{
    private readonly string script;
    private readonly Dictionary<string, string> environment;

    /// <summary>Makes the folder.</summary>
    /// <param name="script">The script's name.</param>
    /// <param name="environment">What the script is told.</param>
    public RigScript(string script, Dictionary<string, string> environment)
    {
        this.script = Repository.File("tests", "Rigs", script);
        this.environment = environment;
        // Sockets lie in it, and their paths have a limit of 108 bytes.
        Folder = Path.Combine("/tmp", "rig-" + Guid.NewGuid().ToString("N")[..8]);
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Where its state lies.</summary>
    public string Folder { get; }

    /// <summary>A path in it.</summary>
    public string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>The programs that are missing, of those that a rig needs; null where all are there.</summary>
    public static string? WhyMissing(string packages, params string[] programs)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The rig runs on Linux alone.";
        }

        string[] folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];
        string[] missing = [.. programs.Where(p => !folders.Any(f => System.IO.File.Exists(Path.Combine(f, p))))];
        return missing.Length == 0 ? null : $"{string.Join(", ", missing)} missing (Debian: {packages}).";
    }

    /// <summary>Ports that nobody listens on.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Stop();
        }

        return ports;
    }

    /// <summary>Runs the script with a verb; it must succeed.</summary>
    public async Task RunAsync(string verb)
    {
        // Daemons keep the streams that they were born with, so these lead into a file, not into a pipe.
        string log = File("rig.log");
        var start = new ProcessStartInfo("/bin/bash", ["-c", "exec >>\"$0\" 2>&1 </dev/null; exec /bin/bash \"$@\"", log, script, verb]);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["RIG"] = Folder;
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(script)} {verb}: {(System.IO.File.Exists(log) ? System.IO.File.ReadAllText(log) : "")}");
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A daemon's last line of log; the folder lies under /tmp.
        }
    }
}
