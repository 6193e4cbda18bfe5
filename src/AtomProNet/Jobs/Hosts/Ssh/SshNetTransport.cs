using System.Reflection;
using System.Runtime.Loader;

namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>Opens hosts by SSH.NET. Implemented by the assembly <c>AtomProNet.SshNet</c>, which is there only where it could be built.</summary>
public interface ISshNetTransport
{
    /// <summary>The library's name and version.</summary>
    string Description { get; }

    /// <summary>A host; it is reached by its first command, over a connection that stands already where there is one.</summary>
    IHost Open(SshNetOptions options);

    /// <summary>Closes connections that are held open; returns how many there were.</summary>
    /// <param name="options">Those of one host; null for all.</param>
    Task<int> CloseAsync(SshNetOptions? options = null);
}

/// <summary>How a host is reached by SSH.NET. What is not said here stands in the user's SSH configuration.</summary>
public sealed record SshNetOptions
{
    private readonly string destination = "";

    /// <summary>A host's name, an alias of the configuration, or <c>user@host</c>.</summary>
    /// <exception cref="AtomProNetException">It is empty, begins with '-', or holds a blank or control character.</exception>
    public required string Destination
    {
        get => destination;
        init => destination = OpenSshOptions.CheckedDestination(value);
    }

    /// <summary>The configuration to read instead of the user's and the system's.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The user to log in as where the destination names none; null for what the configuration says.</summary>
    public string? User { get; init; }

    /// <summary>Answers what the host asks; null: nobody does.</summary>
    public ISshAnswers? Answers { get; init; }

    /// <summary>The fingerprint (<c>SHA256:…</c>) of a key that is not known yet and that shall be taken and written down; null: none is.</summary>
    public string? AcceptedFingerprint { get; init; }

    /// <summary>Whether the shell over there reads the profile first, so that the batch system's programs are on the PATH.</summary>
    public bool IsLoginShell { get; init; } = true;

    /// <summary>How long each step of each connection on the way may take; the time that a user needs to answer does not count.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the shell may take to say that it is there, once the connection stands: login scripts take their time.</summary>
    public TimeSpan ShellTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a silent host is asked whether it is still there; after four times without an answer it counts as lost.</summary>
    public TimeSpan AliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an unused connection stands for the next command; infinite until it is closed.</summary>
    public TimeSpan Persist { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Finds the assembly <c>AtomProNet.SshNet</c> and keeps it, with SSH.NET and what that needs, out of the default load context.</summary>
public static class SshNetTransport
{
    private const string AssemblyName = "AtomProNet.SshNet";
    private static readonly Lazy<ISshNetTransport?> Found = new(Load);

    /// <summary>The transport; null where this build has none.</summary>
    public static ISshNetTransport? Instance => Found.Value;

    /// <summary>Whether this build has it; nothing is loaded.</summary>
    public static bool IsPresent => File.Exists(AssemblyFile);

    /// <summary>Why a host cannot be reached where the transport is missing.</summary>
    internal static HostFailure Missing { get; } = new(HostFailureKind.ProgramMissing, "This build of the module has no SSH.NET.", "Use -Transport OpenSsh, or install a build that was made where the NuGet package SSH.NET could be restored.");

    private static string AssemblyFile => Path.Combine(Folder, AssemblyName + ".dll");

    // Inside a single file the library has no place of its own.
    private static string Folder => typeof(SshNetTransport).Assembly.Location is { Length: > 0 } location ? Path.GetDirectoryName(location)! : AppContext.BaseDirectory;

    private static ISshNetTransport? Load()
    {
        if (!IsPresent)
        {
            return null;
        }

        AssemblyLoadContext ours = AssemblyLoadContext.GetLoadContext(typeof(SshNetTransport).Assembly) ?? AssemblyLoadContext.Default;
        // In the module, the context that holds the library finds all that lies beside it; elsewhere SSH.NET gets one of its own.
        AssemblyLoadContext context = ours == AssemblyLoadContext.Default ? new FolderContext(Folder) : ours;
        Type type = context.LoadFromAssemblyPath(AssemblyFile).GetType(AssemblyName + ".Transport", throwOnError: true)!;
        return (ISshNetTransport)Activator.CreateInstance(type)!;
    }

    /// <summary>SSH.NET, and what it alone needs; the library and the framework are the default context's.</summary>
    private sealed class FolderContext(string folder) : AssemblyLoadContext(SshNetTransport.AssemblyName)
    {
        private static readonly string[] Own = ["Renci.SshNet", "BouncyCastle.Cryptography", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string file = Path.Combine(folder, assemblyName.Name + ".dll");
            return Own.Contains(assemblyName.Name, StringComparer.Ordinal) && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}

/// <summary>Stands for a host where the transport that its profile names is missing.</summary>
/// <param name="name">How it is called.</param>
/// <param name="failure">What is missing.</param>
internal sealed class MissingHost(string name, HostFailure failure) : IHost
{
    public string Name => name;

    public Task<HostAnswer> RunAsync(HostCommand command, CancellationToken cancellation = default) => Task.FromResult(new HostAnswer { Outcome = HostOutcome.NotReached, Failure = failure });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
