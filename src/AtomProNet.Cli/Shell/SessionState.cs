using System.Collections.ObjectModel;
using AtomProNet.Cli.Shell;

namespace System.Management.Automation;

/// <summary>The session that a cmdlet runs in; here, only where it stands.</summary>
public sealed class SessionState
{
    internal SessionState(string currentLocation) => Path = new PathIntrinsics(currentLocation);

    public PathIntrinsics Path { get; }
}

/// <summary>Paths, seen from the session's location: never from the process's current directory.</summary>
public sealed class PathIntrinsics
{
    private static readonly ProviderInfo FileSystem = new();

    internal PathIntrinsics(string currentLocation) =>
        CurrentFileSystemLocation = new PathInfo(IO.Path.GetFullPath(currentLocation));

    public PathInfo CurrentFileSystemLocation { get; }

    public PathInfo CurrentLocation => CurrentFileSystemLocation;

    /// <summary>An absolute path, whether something is there or not; wildcards are taken literally.</summary>
    public string GetUnresolvedProviderPathFromPSPath(string path) =>
        ProviderPaths.Absolute(path, CurrentFileSystemLocation.ProviderPath);

    /// <summary>The same, with what the path belongs to.</summary>
    public string GetUnresolvedProviderPathFromPSPath(string path, out ProviderInfo provider, out PSDriveInfo? drive)
    {
        provider = FileSystem;
        drive = null;
        return GetUnresolvedProviderPathFromPSPath(path);
    }

    /// <summary>The absolute paths that a path with wildcards stands for; none where nothing matches.</summary>
    /// <exception cref="ItemNotFoundException">A path without wildcards leads nowhere.</exception>
    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider)
    {
        provider = FileSystem;
        return new Collection<string>(ProviderPaths.Expand(path, CurrentFileSystemLocation.ProviderPath));
    }
}

/// <summary>A location.</summary>
public sealed class PathInfo
{
    internal PathInfo(string path) => ProviderPath = path;

    public string Path => ProviderPath;

    public string ProviderPath { get; }

    public ProviderInfo Provider { get; } = new();

    public override string ToString() => Path;
}

/// <summary>What a path belongs to; here there are only files.</summary>
public sealed class ProviderInfo
{
    internal ProviderInfo()
    {
    }

    public string Name => "FileSystem";

    public override string ToString() => @"Microsoft.PowerShell.Core\FileSystem";
}

/// <summary>A drive of the session; here there are none.</summary>
public sealed class PSDriveInfo
{
    private PSDriveInfo()
    {
    }
}
