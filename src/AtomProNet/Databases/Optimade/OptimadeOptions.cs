using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Http;

namespace AtomProNet.Databases.Optimade;

/// <summary>How an OPTIMADE server is asked.</summary>
public sealed record OptimadeOptions
{
    /// <summary>The server (its base address, with or without the version), time-outs and retries.</summary>
    public required ServerOptions Server { get; init; }

    /// <summary>What the database is called in ids and provenance, such as <c>cod</c>; null for the server's host.</summary>
    public string? Name { get; init; }

    /// <summary>What to do with answers on the disk.</summary>
    public CacheMode CacheMode { get; init; }

    /// <summary>Where they are; null for none.</summary>
    public QueryCache? Cache { get; init; }

    /// <summary>How many entries a page should have; the server may give fewer.</summary>
    public int PageSize { get; init; } = 100;
}
