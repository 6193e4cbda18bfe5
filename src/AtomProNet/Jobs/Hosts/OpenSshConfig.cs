using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Files;

namespace AtomProNet.Jobs.Hosts;

/// <summary>
/// The configuration that <c>ssh</c> is started with: a few lines of our own, which come first and so prevail, and then the user's and
/// the system's. As a file it also holds for the jump hosts, to which OpenSSH passes no options of its command line.
/// </summary>
internal static partial class OpenSshConfig
{
    /// <summary>The longest socket path that every system takes (macOS: 104 bytes), less the 17 that ssh appends while it makes the socket.</summary>
    private const int LongestSocketPath = 104 - 1 - 17;

    private const int SocketPrefix = 6;

    /// <summary>The text of the configuration.</summary>
    /// <param name="options">How the host is reached.</param>
    /// <param name="socketFolder">Where the sockets of shared connections lie; null for none.</param>
    /// <param name="knows87">Whether the program knows the words that OpenSSH 8.7 brought.</param>
    internal static string Text(OpenSshOptions options, string? socketFolder, bool knows87)
    {
        var text = new StringBuilder();
        void Line(string keyword, string value) => text.Append(keyword).Append(' ').Append(value).Append('\n');

        // Nothing may ask, since nobody answers; and no key is ever taken unseen, whatever the user's configuration says.
        Line("BatchMode", "yes");
        Line("StrictHostKeyChecking", "yes");
        Line("UpdateHostKeys", "no");
        Line("LogLevel", "ERROR");
        Line("ConnectTimeout", Seconds(options.ConnectTimeout));
        Line("ConnectionAttempts", "1");
        Line("ServerAliveInterval", Seconds(options.AliveInterval));
        Line("ServerAliveCountMax", "4");
        Line("TCPKeepAlive", "yes");

        // What a configuration for work at a terminal may hold and a command does not want.
        Line("RequestTTY", "no");
        Line("RemoteCommand", "none");
        Line("PermitLocalCommand", "no");
        Line("ForwardX11", "no");
        Line("ForwardAgent", "no");
        Line("ClearAllForwardings", "yes");
        if (knows87)
        {
            Line("ForkAfterAuthentication", "no");
            Line("StdinNull", "no");
        }

        if (socketFolder is not null)
        {
            Line("ControlMaster", "auto");
            // %C tells hosts, ports and users apart, so that a jump host has a socket of its own; what goes before it, aliases that differ in keys or in known hosts.
            Line("ControlPath", Quote(System.IO.Path.Combine(socketFolder, Hash(options.ConfigFile + "\n" + options.Destination)[..SocketPrefix] + "%C")));
            Line("ControlPersist", Seconds(options.Persist));
        }

        string user = options.ConfigFile ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "config");
        Line("Include", IncludePath(user, OperatingSystem.IsWindows()));
        if (options.ConfigFile is null)
        {
            Line("Include", OperatingSystem.IsWindows() ? IncludePath(System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh", "ssh_config"), isWindows: true) : "/etc/ssh/ssh_config");
        }

        return text.ToString();
    }

    /// <summary>
    /// Whether a program knows ForkAfterAuthentication and StdinNull, which are an error for those before OpenSSH 8.7: Windows 10 has 8.1 or 8.6,
    /// RHEL 8 has 8.0. One that does not tell its version counts as new.
    /// </summary>
    /// <param name="printed">What <c>ssh -V</c> says.</param>
    internal static bool Knows87(string printed) => !Version.TryParse(VersionText().Match(printed).Groups["v"].Value, out Version? version) || version >= new Version(8, 7);

    /// <summary>A path for Include. A backslash takes the next sign's meaning from it there, so that Windows' paths are written with slashes.</summary>
    internal static string IncludePath(string path, bool isWindows) => Quote(isWindows ? path.Replace('\\', '/') : path);

    /// <summary>Puts the configuration where <c>ssh</c> finds it; returns its path. The same text lies there once.</summary>
    internal static string Write(string text)
    {
        string path = System.IO.Path.Combine(PrivateFolder(), $"config-{Hash(text)[..16]}");
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            AtomicFile.WriteAllText(path, text, overwrite: true);
        }

        return path;
    }

    /// <summary>The folder for sockets: short enough, and the user's alone; null where there is none (Windows knows no shared connections).</summary>
    internal static string? SocketFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        string folder = PrivateFolder();
        // %C is a hash of 40 digits.
        return Encoding.UTF8.GetByteCount(folder) + 1 + SocketPrefix + 40 <= LongestSocketPath ? folder : null;
    }

    /// <summary>A folder of the user's alone: in the session's runtime directory, else under /tmp, whose path is short. A folder of this name that others could write to is not used.</summary>
    private static string PrivateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            string folder = System.IO.Path.Combine(UserDirectory.Path, "ssh");
            Directory.CreateDirectory(folder);
            return folder;
        }

        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        string parent = runtime is not null && System.IO.Path.IsPathFullyQualified(runtime) && Directory.Exists(runtime) && Encoding.UTF8.GetByteCount(runtime) < 24 ? runtime : "/tmp";
        for (int attempt = 0; attempt < 100; attempt++)
        {
            string path = System.IO.Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"atompronet-{Environment.UserName}{(attempt == 0 ? "" : "-" + attempt)}"));
            try
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                var info = new DirectoryInfo(path);
                // Only its owner may change the mode, so that this also tells whose it is.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                if (info.LinkTarget is null)
                {
                    return path;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's; the next name.
            }
        }

        throw new AtomProNetException(ErrorKind.PermissionDenied, "SshFolderUnavailable", "No private folder for SSH connections can be made.", file: parent, remedy: "Set XDG_RUNTIME_DIR to a folder of your own with a short path.");
    }

    [GeneratedRegex(@"OpenSSH_(for_Windows_)?(?<v>\d+\.\d+)")]
    private static partial Regex VersionText();

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

    private static string Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>A path in quotes; ssh takes % in it for a token, except in Include.</summary>
    private static string Quote(string path) => path.AsSpan().IndexOfAny(" \t'#") >= 0 ? $"\"{path}\"" : path;
}
