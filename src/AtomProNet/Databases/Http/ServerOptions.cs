using System.Net;

namespace AtomProNet.Databases.Http;

/// <summary>How a database's server is reached.</summary>
public sealed record ServerOptions
{
    /// <summary>The server; paths are added to it.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; init; } = "X-API-KEY";

    /// <summary>The key; null where the server wants none. It goes into the header and nowhere else.</summary>
    public string? Key { get; init; }

    /// <summary>The proxy; null for the system's.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>How long the server may stay silent before the request is given up and tried again.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is tried again.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>How long to wait before the first retry; it doubles each time, with jitter. The server's Retry-After goes first.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two tries; a server that asks for more gets no retry, and the user is told.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock, for tests.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told, from another thread, of every request and retry.</summary>
    public Action<Finding>? Notice { get; init; }

    /// <summary>The server without the key: a record would print every member.</summary>
    public override string ToString() => BaseAddress.ToString();
}
