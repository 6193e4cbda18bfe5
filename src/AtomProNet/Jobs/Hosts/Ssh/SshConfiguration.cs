using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>
/// Reads what OpenSSH's configuration says of a host, for a client that is not OpenSSH. The first value counts, as there. What is not
/// known is passed over where it can only make things stricter or is of no concern to commands, and is an error where leaving it out would lead
/// elsewhere or trust more than the user meant: ProxyCommand, Match with conditions that only <c>ssh</c> can decide, canonical names.
/// A <c>Match final</c>, as every Red Hat system has it, makes it read all a second time with the name that was found (ssh.c: want_final_pass).
/// </summary>
internal sealed class SshConfiguration
{
    private const int MaxDepth = 16;

    // What a block whose conditions cannot be decided must not hold.
    private static readonly HashSet<string> Concerned = new(StringComparer.Ordinal)
    {
        "hostname", "port", "user", "proxyjump", "proxycommand", "identityfile", "identitiesonly", "identityagent", "userknownhostsfile", "globalknownhostsfile",
        "hostkeyalias", "revokedhostkeys", "passwordauthentication", "kbdinteractiveauthentication", "challengeresponseauthentication", "pubkeyauthentication",
        "preferredauthentications", "ciphers", "macs", "kexalgorithms", "hostkeyalgorithms", "requiredrsasize", "canonicalizehostname", "include",
    };

    private static readonly string[] DefaultKeys = ["id_ed25519", "id_ecdsa", "id_rsa"];

    private readonly Dictionary<string, SshConfigLine> first = new(StringComparer.Ordinal);
    private readonly List<SshConfigLine> identities = [];
    private readonly string alias, home, localUser;
    private readonly string? givenUser;
    private bool hasFinal;

    // The name that the first reading found; null during that.
    private string? foundHost;

    private SshConfiguration(string alias, string? givenUser, string home)
    {
        this.alias = alias;
        this.givenUser = givenUser;
        this.home = home;
        localUser = Environment.UserName;
    }

    /// <summary>What holds for a host.</summary>
    /// <param name="destination">A host's name, an alias, or <c>user@host</c>.</param>
    /// <param name="configFile">The configuration to read instead of the user's and the system's; null for these.</param>
    /// <param name="user">The user where the destination names none; null for what the configuration says.</param>
    /// <param name="port">The port where it is given; null for what the configuration says.</param>
    /// <param name="home">The user's home; null for the real one.</param>
    /// <exception cref="AtomProNetException">The configuration cannot be read, or says something that only OpenSSH can do.</exception>
    internal static SshHostSettings Resolve(string destination, string? configFile, string? user = null, int? port = null, string? home = null)
    {
        int at = destination.LastIndexOf('@');
        string alias = at < 0 ? destination : destination[(at + 1)..];
        string own = home ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var configuration = new SshConfiguration(alias, at > 0 ? destination[..at] : user, own);
        string userFolder = Path.Combine(own, ".ssh");
        if (configFile is not null)
        {
            if (!File.Exists(configFile))
            {
                throw new AtomProNetException(ErrorKind.NotFound, "SshConfigNotFound", "The SSH configuration is not there.", configFile, remedy: "Register the cluster again with another -SshConfig, or none.");
            }

        }

        TakeAll();
        if (configuration.hasFinal)
        {
            string host = configuration.Host();
            configuration.foundHost = System.Net.IPAddress.TryParse(host, out _) ? host : host.ToLowerInvariant();
            TakeAll();
        }

        return configuration.Settle(port);

        void TakeAll()
        {
            if (configFile is not null)
            {
                configuration.Take(configFile, userFolder, isUsers: false);
                return;
            }

            configuration.Take(Path.Combine(userFolder, "config"), userFolder, isUsers: true);
            string system = OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh") : "/etc/ssh";
            configuration.Take(Path.Combine(system, "ssh_config"), system, isUsers: false);
        }
    }

    private void Take(string file, string folder, bool isUsers) => Take(file, folder, isUsers, Applies.Yes, 0);

    private void Take(string file, string folder, bool isUsers, Applies outer, int depth)
    {
        Applies active = outer;
        foreach (SshConfigLine line in SshConfigLines.Read(file, isUsers))
        {
            switch (line.Keyword)
            {
                case "host":
                    active = outer == Applies.No || !SshPattern.MatchesAny(foundHost ?? alias, line.Arguments) ? Applies.No : outer;
                    break;
                case "match":
                    active = Least(outer, Decide(line));
                    break;
                case "include" when active == Applies.No:
                    // Of concern only for a 'Match final' in it.
                    foreach (string included in line.Arguments.Select(a => IncludePath(a, folder)).OfType<string>().SelectMany(Glob))
                    {
                        Take(included, folder, isUsers, Applies.No, depth < MaxDepth ? depth + 1 : throw Refused(line, "Files include each other without end"));
                    }

                    break;
                case var keyword when active == Applies.No || !Concerned.Contains(keyword):
                    break;
                case var keyword when active == Applies.Undecided && !first.ContainsKey(keyword is "proxyjump" or "proxycommand" ? "proxy" : keyword):
                    throw Refused(line, $"{line.File} sets {keyword} under a condition (Match) that only ssh itself can decide");
                case var keyword when line.Arguments.All(a => a.Length == 0):
                    throw Refused(line, $"{keyword} has no value");
                case "include":
                    foreach (string included in line.Arguments.SelectMany(a => Glob(IncludePath(a, folder) ?? throw Refused(line, $"Include names a place in a way that is not known here ({a})"))))
                    {
                        Take(included, folder, isUsers, active, depth < MaxDepth ? depth + 1 : throw Refused(line, "Files include each other without end"));
                    }

                    break;
                case "identityfile":
                    identities.Add(line);
                    break;
                case "proxycommand" or "proxyjump":
                    // Whichever comes first counts.
                    first.TryAdd("proxy", line);
                    break;
                case "challengeresponseauthentication":
                    first.TryAdd("kbdinteractiveauthentication", line);
                    break;
                default:
                    first.TryAdd(line.Keyword, line);
                    break;
            }
        }
    }

    /// <summary>Whether a Match applies: all criteria of a line must.</summary>
    private Applies Decide(SshConfigLine line)
    {
        Applies result = Applies.Yes;
        for (int i = 0; i < line.Arguments.Length; i++)
        {
            string word = line.Arguments[i].ToLowerInvariant();
            bool negated = word.StartsWith('!');
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string criterion = equals < 0 ? word.TrimStart('!') : word[..equals].TrimStart('!');
            if (criterion is "all")
            {
                result = Least(result, negated ? Applies.No : Applies.Yes);
                continue;
            }

            // Names are made canonical nowhere here (see below), but the second reading counts as both.
            if (criterion is "canonical" or "final")
            {
                hasFinal |= criterion is "final";
                result = Least(result, foundHost is not null != negated ? Applies.Yes : Applies.No);
                continue;
            }

            string? subject = criterion switch
            {
                "host" => HostSoFar(),
                "originalhost" => alias,
                "user" => givenUser ?? (first.TryGetValue("user", out SshConfigLine? user) ? user.Text : localUser),
                "localuser" => localUser,
                _ => null,
            };
            if (subject is null)
            {
                // exec, localnetwork, tagged and what comes later; some have an argument, some none. A criterion before it may have said no.
                hasFinal |= line.Arguments.Skip(i + 1).Any(a => a.TrimStart('!').Equals("final", StringComparison.OrdinalIgnoreCase));
                return Least(result, Applies.Undecided);
            }

            string patterns = equals >= 0 ? line.Arguments[i][(equals + 1)..] : ++i < line.Arguments.Length ? line.Arguments[i] : throw Refused(line, "Match lacks a pattern");
            result = Least(result, SshPattern.MatchesAny(subject, patterns.Split(',')) != negated ? Applies.Yes : Applies.No);
        }

        return result;
    }

    private static Applies Least(Applies a, Applies b) => a < b ? a : b;

    /// <summary>The name to connect to, as far as it is known by now; null where it holds a token that is not known here.</summary>
    private string? HostSoFar() => foundHost ?? (first.TryGetValue("hostname", out SshConfigLine? name) ? Expand(name.Text, alias, null) : alias);

    private string Host() => HostSoFar() ?? throw Refused(first["hostname"], "HostName holds a token that is not known here");

    private SshHostSettings Settle(int? givenPort)
    {
        if (first.TryGetValue("canonicalizehostname", out SshConfigLine? canonical) && canonical.Text.ToLowerInvariant() is not "no")
        {
            throw Refused(canonical, "CanonicalizeHostname changes names in ways that only ssh itself can follow");
        }

        string host = Host();
        int port = givenPort ?? (first.TryGetValue("port", out SshConfigLine? portLine)
            ? int.TryParse(portLine.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65536 ? number : throw Refused(portLine, "Port is no number") : 22);
        string user = givenUser ?? (first.TryGetValue("user", out SshConfigLine? userLine) ? userLine.Text : localUser);
        var settings = new SshHostSettings { Alias = alias, HostName = host.TrimStart('[').TrimEnd(']'), Port = port, User = user };
        // First, since paths may hold it (%k).
        settings = settings with { HostKeyAlias = first.TryGetValue("hostkeyalias", out SshConfigLine? keyAlias) ? Expand(keyAlias.Text, host, settings) ?? throw Refused(keyAlias, "HostKeyAlias holds a token that is not known here") : null };
        string? Path_(string text) => ExpandPath(text, settings);
        ImmutableArray<string> userFiles = Files("userknownhostsfile", settings) ?? [Path.Combine(home, ".ssh", "known_hosts"), Path.Combine(home, ".ssh", "known_hosts2")];
        string system = OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh") : "/etc/ssh";
        ImmutableArray<string> globalFiles = Files("globalknownhostsfile", settings) ?? [Path.Combine(system, "ssh_known_hosts"), Path.Combine(system, "ssh_known_hosts2")];
        bool none = identities.Any(l => l.Text.Equals("none", StringComparison.OrdinalIgnoreCase));
        return settings with
        {
            Jumps = Jumps(),
            IdentityFiles = none ? [] : identities.Count > 0 ? [.. identities.Select(l => Path_(l.Text)).OfType<string>().Distinct(StringComparer.Ordinal)] : [.. DefaultKeys.Select(k => Path.Combine(home, ".ssh", k))],
            IdentitiesOnly = Is("identitiesonly", otherwise: false),
            Agent = AgentPlace(settings),
            KnownHostsFiles = [.. userFiles, .. globalFiles],
            NewKeysFile = userFiles.IsEmpty ? null : userFiles[0],
            RevokedHostKeys = first.TryGetValue("revokedhostkeys", out SshConfigLine? revoked) && !revoked.Text.Equals("none", StringComparison.OrdinalIgnoreCase) ? Path_(revoked.Text) ?? throw Refused(revoked, "RevokedHostKeys holds a token that is not known here") : null,
            Authentications = Authentications(),
            Algorithms = new[] { "ciphers", "macs", "kexalgorithms", "hostkeyalgorithms" }.Where(first.ContainsKey).ToImmutableDictionary(k => k, k => first[k].Text),
            RequiredRsaSize = first.TryGetValue("requiredrsasize", out SshConfigLine? size) && int.TryParse(size.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) ? Math.Max(bits, 1024) : 1024,
        };
    }

    private ImmutableArray<string> Jumps()
    {
        if (!first.TryGetValue("proxy", out SshConfigLine? proxy) || proxy.Text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        return proxy.Keyword == "proxyjump" ? [.. proxy.Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
            : throw Refused(proxy, $"{alias} is reached through a program (ProxyCommand)", "Where it only leads through another host, write it as ProxyJump; else use OpenSSH (Register-DftCluster -Transport OpenSsh -Force).");
    }

    private ImmutableArray<string> Authentications()
    {
        string[] known = ["publickey", "keyboard-interactive", "password"];
        IEnumerable<string> order = first.TryGetValue("preferredauthentications", out SshConfigLine? preferred) ? preferred.Text.Split(',', StringSplitOptions.TrimEntries) : known;
        return [.. order.Intersect(known).Where(a => Is(a switch { "publickey" => "pubkeyauthentication", "password" => "passwordauthentication", _ => "kbdinteractiveauthentication" }, otherwise: true))];
    }

    private string? AgentPlace(SshHostSettings settings)
    {
        string text = first.TryGetValue("identityagent", out SshConfigLine? line) ? line.Text : "SSH_AUTH_SOCK";
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (text is "SSH_AUTH_SOCK" || text.StartsWith('$') && !text.StartsWith("${", StringComparison.Ordinal))
        {
            string? socket = Environment.GetEnvironmentVariable(text.TrimStart('$'));
            return !string.IsNullOrEmpty(socket) ? socket : OperatingSystem.IsWindows() ? @"\\.\pipe\openssh-ssh-agent" : null;
        }

        return ExpandPath(text, settings);
    }

    private bool Is(string keyword, bool otherwise) => first.TryGetValue(keyword, out SshConfigLine? line) ? line.Text.ToLowerInvariant() is not ("no" or "false") : otherwise;

    private ImmutableArray<string>? Files(string keyword, SshHostSettings settings) => !first.TryGetValue(keyword, out SshConfigLine? line) ? null
        : line.Text.Equals("none", StringComparison.OrdinalIgnoreCase) ? [] : [.. line.Arguments.Select(a => ExpandPath(a, settings)).OfType<string>()];

    /// <summary>A path with ~, ${NAME} and tokens; null where it holds what is not known here, so that the file counts as missing.</summary>
    private string? ExpandPath(string text, SshHostSettings settings)
    {
        return WithVariables(text) is { } path && Expand(path, settings.HostName, settings) is { } expanded ? Path.GetFullPath(expanded, home) : null;
    }

    /// <summary>A path with ~ and ${NAME}; null where it holds another's home or a variable that is not there.</summary>
    private string? WithVariables(string text)
    {
        string path = text is "~" || text.StartsWith("~/", StringComparison.Ordinal) || (OperatingSystem.IsWindows() && text.StartsWith(@"~\", StringComparison.Ordinal)) ? home + text[1..] : text;
        if (path.StartsWith('~'))
        {
            return null;
        }

        int open;
        while ((open = path.IndexOf("${", StringComparison.Ordinal)) >= 0)
        {
            int close = path.IndexOf('}', open);
            if (close < 0 || Environment.GetEnvironmentVariable(path[(open + 2)..close]) is not { } value || value.Contains("${", StringComparison.Ordinal))
            {
                return null;
            }

            path = path[..open] + value + path[(close + 1)..];
        }

        return path;
    }

    /// <summary>Replaces tokens (ssh_config(5), TOKENS); null where there is one that is not known here.</summary>
    private string? Expand(string text, string host, SshHostSettings? settings)
    {
        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }

            string? value = (++i < text.Length ? text[i] : ' ') switch
            {
                '%' => "%",
                'h' => host,
                'n' => alias,
                'd' => home,
                'u' => localUser,
                'l' => Environment.MachineName,
                'p' when settings is not null => settings.Port.ToString(CultureInfo.InvariantCulture),
                'r' when settings is not null => settings.User,
                'k' when settings is not null => settings.HostKeyAlias ?? settings.Alias,
                _ => null,
            };
            if (value is null)
            {
                return null;
            }

            result.Append(value);
        }

        return result.ToString();
    }

    /// <summary>Where an Include leads: relative paths lie in the folder of the configuration; null where it holds what is not known here.</summary>
    private string? IncludePath(string argument, string folder) =>
        WithVariables(argument) is { } path && HostSoFar() is { } host && Expand(path, host, null) is { } expanded && !expanded.Contains('[', StringComparison.Ordinal) ? Path.GetFullPath(expanded, folder) : null;

    /// <summary>The files that a path means, each part of which may have wildcards (glob(3)).</summary>
    private static IEnumerable<string> Glob(string path)
    {
        string root = Path.GetPathRoot(path) ?? "";
        IEnumerable<string> found = [root];
        foreach (string part in path[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries))
        {
            found = part.AsSpan().IndexOfAny("*?") < 0 ? found.Select(f => Path.Combine(f, part)) : found.SelectMany(f => Entries(f, part));
        }

        return found.Order(StringComparer.Ordinal);
    }

    private static string[] Entries(string folder, string pattern)
    {
        try
        {
            return [.. Directory.GetFileSystemEntries(folder).Where(f => SshPattern.Matches(Path.GetFileName(f), pattern, ignoreCase: false) && (Path.GetFileName(f)[0] != '.' || pattern[0] == '.'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is not there, is no folder, or is closed to the user: glob finds nothing in it.
            return [];
        }
    }

    private static AtomProNetException Refused(SshConfigLine line, string problem, string? remedy = null) => new(
        ErrorKind.NotSupported, "SshConfigNotSupported", problem + ".", line.File, line.Line, remedy: remedy ?? "Use OpenSSH for this host (Register-DftCluster -Transport OpenSsh -Force), or give the cluster a configuration of its own (-SshConfig).");

    private enum Applies
    {
        No,
        Undecided,
        Yes,
    }
}
