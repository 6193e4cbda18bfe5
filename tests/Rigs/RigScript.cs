using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AtomProNet.Tests.Rigs;

/// <summary>A script of this folder that starts and stops something real, and the folder with a short path that its state lies in.</summary>
internal sealed class RigScript : IDisposable
{
    private static readonly ConcurrentDictionary<int, bool> given = new();
    private readonly string script;
    private readonly Dictionary<string, string> environment;

    /// <summary>Makes the folder.</summary>
    /// <param name="script">The script's name.</param>
    /// <param name="environment">What the script is told.</param>
    private RigScript(string script, Dictionary<string, string> environment)
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

    /// <summary>
    /// Makes the folder and brings the rig up. What does not come up is taken down and tried anew with another folder and other ports, three times in all: a port that
    /// was free can be somebody else's a moment later, and a daemon says so only in its log.
    /// </summary>
    /// <param name="script">The script's name.</param>
    /// <param name="environment">What the script is told, with ports of its own at each call.</param>
    /// <param name="logs">The folder of the daemons' logs in the rig's, for the message of the last try.</param>
    public static async Task<RigScript> StartAsync(string script, Func<Dictionary<string, string>> environment, string logs = "log")
    {
        for (int attempt = 1; ; attempt++)
        {
            var rig = new RigScript(script, environment());
            try
            {
                await rig.RunAsync("up");
                return rig;
            }
            catch (Xunit.Sdk.XunitException failure)
            {
                string ends = rig.EndsOf(logs);
                await rig.TryDownAsync();
                rig.Dispose();
                if (attempt == 3)
                {
                    throw new InvalidOperationException($"{failure.Message}\n{ends}", failure);
                }
            }
        }
    }

    /// <summary>
    /// Ports that nobody listens on, none twice in this process. They lie below those that the system gives to outgoing connections: one of those could be taken before a
    /// daemon that takes its time (a database comes up first) listens.
    /// </summary>
    public static int[] FreePorts(int count) => [.. Enumerable.Range(0, count).Select(_ => FreePort())];

    private static int FreePort()
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            int port = Random.Shared.Next(10_000, 32_000);
            using var listener = new TcpListener(IPAddress.Any, port) { ExclusiveAddressUse = true };
            try
            {
                listener.Start();
            }
            catch (SocketException)
            {
                continue;
            }

            if (given.TryAdd(port, true))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No port between 10000 and 32000 is free.");
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

    /// <summary>The last lines of each log.</summary>
    private string EndsOf(string logs)
    {
        var text = new StringBuilder();
        foreach (string log in Directory.Exists(File(logs)) ? Directory.GetFiles(File(logs)) : [])
        {
            text.AppendLine(Path.GetFileName(log) + ":").AppendLine(string.Join('\n', System.IO.File.ReadLines(log).TakeLast(8)));
        }

        return text.ToString();
    }

    private async Task TryDownAsync()
    {
        try
        {
            await RunAsync("down");
        }
        catch (Xunit.Sdk.XunitException)
        {
            // What did not come up need not go down in good order; the reason of the start is the one to be told.
        }
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
