namespace AtomProNet.Jobs.Hosts;

/// <summary>How a host is reached by the system's OpenSSH client. Everything that is not said here is the user's own configuration: keys, agent, ProxyJump, ports.</summary>
public sealed record OpenSshOptions
{
    private readonly string destination = "";
    private readonly string? configFile;

    /// <summary>What <c>ssh</c> is given: a host's name, an alias of the user's configuration, or <c>user@host</c>.</summary>
    /// <exception cref="AtomProNetException">It is empty, begins with '-', or holds a blank or control character.</exception>
    public required string Destination
    {
        get => destination;
        init => destination = CheckedDestination(value);
    }

    /// <summary>The configuration to read instead of <c>~/.ssh/config</c>, as a full path.</summary>
    /// <exception cref="AtomProNetException">It cannot be named in a configuration.</exception>
    public string? ConfigFile
    {
        get => configFile;
        init => configFile = value is null || !value.Any(c => char.IsControl(c) || c is '"' or '*' or '?' or '[' or '%' or '$') ? value
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "SshConfigInvalid", "The path of an SSH configuration holds a character that OpenSSH does not take there.", value: value);
    }

    /// <summary>The client; null for the <c>ssh</c> on the PATH.</summary>
    public string? Program { get; init; }

    /// <summary>Whether the shell over there reads the profile first (<c>sh -l</c>), so that the batch system's programs are on the PATH.</summary>
    public bool IsLoginShell { get; init; } = true;

    /// <summary>How long each connection on the way may take to stand.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a silent host is asked whether it is still there; after four times without an answer it counts as lost.</summary>
    public TimeSpan AliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an unused connection stands for the next command; zero for one connection a command.</summary>
    public TimeSpan Persist { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What is to be reached, once it is certain that it cannot be taken for an option.</summary>
    internal static string CheckedDestination(string value) => value.Length > 0 && value[0] != '-' && !value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? value
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "SshDestinationInvalid", "The name of a host holds no blanks and does not begin with '-'.", value: value, remedy: "Give a host's name, user@host, or an alias of ~/.ssh/config.");
}
