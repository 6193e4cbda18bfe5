using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Http;

namespace AtomProNet.Databases.MaterialsProject;

/// <summary>How the Materials Project is asked.</summary>
public sealed record MaterialsProjectOptions
{
    /// <summary>The public server.</summary>
    public static Uri DefaultServer { get; } = new("https://api.materialsproject.org/");

    /// <summary>The server, the key, time-outs and retries.</summary>
    public ServerOptions Server { get; init; } = new() { BaseAddress = DefaultServer };

    /// <summary>What to do with answers on the disk.</summary>
    public CacheMode CacheMode { get; init; }

    /// <summary>Where they are; null for none.</summary>
    public QueryCache? Cache { get; init; }

    /// <summary>How many materials a page has; the server gives at most 1000. Small pages come sooner and fail less.</summary>
    public int PageSize { get; init; } = 250;

    /// <summary>How many ids go into one request; a server that finds them too many gets half as many.</summary>
    public int IdsPerRequest { get; init; } = 300;
}
