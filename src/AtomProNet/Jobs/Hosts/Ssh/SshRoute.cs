using System.Globalization;

namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>The hosts from here to a host: those it is reached through (ProxyJump), the first one first, and the host itself. Each one has its own settings.</summary>
internal static class SshRoute
{
    private const int MaxHops = 8;

    /// <summary>Finds the route.</summary>
    /// <param name="options">What is to be reached.</param>
    /// <param name="home">The user's home; null for the real one.</param>
    /// <exception cref="AtomProNetException">The configuration cannot be followed, or leads in a circle.</exception>
    internal static IReadOnlyList<SshHostSettings> Resolve(SshNetOptions options, string? home = null)
    {
        var route = new List<SshHostSettings>();
        var on = new List<string>();
        Add(SshConfiguration.Resolve(options.Destination, options.ConfigFile, options.User, home: home), withJumps: true);
        return route;

        void Add(SshHostSettings host, bool withJumps)
        {
            if (on.Contains(host.Alias) || on.Count >= MaxHops)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "SshJumpLoop", $"The way to {options.Destination} leads through {host.Alias} again and again.", options.ConfigFile, remedy: "Set 'ProxyJump none' for the jump host.");
            }

            on.Add(host.Alias);
            // The first one of a list is reached in its own way; each further one through those before it.
            for (int i = 0; withJumps && i < host.Jumps.Length; i++)
            {
                (string destination, int? port) = Parse(host.Jumps[i]);
                Add(SshConfiguration.Resolve(destination, options.ConfigFile, port: port, home: home), withJumps: i == 0);
            }

            route.Add(host);
        }
    }

    /// <summary>Reads <c>[user@]host[:port]</c> or <c>ssh://[user@]host[:port]</c>.</summary>
    private static (string Destination, int? Port) Parse(string text)
    {
        string rest = text.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase) ? text[6..].TrimEnd('/') : text;
        int at = rest.LastIndexOf('@') + 1;
        string host = rest[at..];
        int colon = host.StartsWith('[') ? host.IndexOf("]:", StringComparison.Ordinal) + 1 : host.IndexOf(':') == host.LastIndexOf(':') ? host.IndexOf(':') : 0;
        int? port = colon <= 0 ? null : int.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65536 ? number
            : throw new AtomProNetException(ErrorKind.InvalidData, "SshJumpInvalid", "ProxyJump names no port.", value: text, remedy: "Write it as host, user@host or user@host:port.");
        return (OpenSshOptions.CheckedDestination(rest[..at] + (colon > 0 ? host[..colon] : host).TrimStart('[').TrimEnd(']')), port);
    }
}
