using System.Collections.Concurrent;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.SshNet;

/// <summary>
/// SSH by SSH.NET. Connections belong to the process, not to a call: a user who had to type a one-time code types it once. Found and made
/// by its name (see <see cref="SshNetTransport"/>).
/// </summary>
public sealed class Transport : ISshNetTransport
{
    private readonly ConcurrentDictionary<string, SharedConnection> connections = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Description => "SSH.NET " + typeof(Renci.SshNet.SshClient).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public IHost Open(SshNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SshNetHost(options, connections.GetOrAdd(Key(options), _ => new SharedConnection()));
    }

    /// <inheritdoc/>
    public async Task<int> CloseAsync(SshNetOptions? options = null)
    {
        int count = 0;
        foreach ((string key, SharedConnection connection) in connections)
        {
            if ((options is null || key == Key(options)) && await connection.CloseAsync().ConfigureAwait(false))
            {
                count++;
            }
        }

        return count;
    }

    private static string Key(SshNetOptions options) => string.Join('\n', options.Destination, options.ConfigFile, options.User, options.IsLoginShell);
}
