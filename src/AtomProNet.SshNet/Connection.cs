using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>A connection that stands: one login a host on the way, each through the one before it.</summary>
internal sealed class Connection
{
    // sshd allows ten sessions a connection unless it is told otherwise; one is left for asking whether the host is still there.
    private const int MaxCommands = 8;
    private readonly List<SshClient> clients = [];
    private readonly ConcurrentDictionary<ReceivedStream, bool> receiving = new();
    private readonly ConcurrentDictionary<SentStream, bool> sending = new();
    private readonly CancellationTokenSource closed = new();
    private readonly TimeSpan aliveInterval;
    private long lastHeard = Stopwatch.GetTimestamp(), probeSince;
    private Task probe = Task.CompletedTask;
    private volatile bool isBroken, isFull, isLeft;
    private int running;

    private Connection(TimeSpan aliveInterval) => this.aliveInterval = aliveInterval;

    /// <summary>The login at its end.</summary>
    public SshClient Client => clients[^1];

    /// <summary>Lets in as many commands as the host takes at a time.</summary>
    public SemaphoreSlim Places { get; } = new(MaxCommands, MaxCommands);

    /// <summary>Whether it is good for another command, as far as is known.</summary>
    public bool IsStanding => !isBroken && clients.TrueForAll(c => c.IsConnected);

    /// <summary>
    /// Whether the host goes on refusing one more command: sshd counts those that were given up until they end over there by themselves, which may be
    /// never. Another connection is needed then.
    /// </summary>
    public bool IsFull { get => isFull; set => isFull = value; }

    /// <summary>Whether commands run of which somebody waits for the end.</summary>
    public bool IsInUse => Volatile.Read(ref running) > 0;

    /// <summary>How many commands are under way, or about to be.</summary>
    public int CommandCount => MaxCommands - Places.CurrentCount;

    /// <summary>Connects.</summary>
    /// <exception cref="ConnectionException">A host on the way was not reached.</exception>
    public static async Task<Connection> OpenAsync(SshNetOptions options, CancellationToken cancellation)
    {
        IReadOnlyList<SshHostSettings> route;
        try
        {
            route = SshRoute.Resolve(options);
        }
        catch (AtomProNetException e)
        {
            throw ConnectionException.Of(new() { Alias = options.Destination, HostName = options.Destination, Port = 22, User = "" }, null, e, []);
        }

        var connection = new Connection(options.AliveInterval);
        try
        {
            for (int i = 0; i < route.Count; i++)
            {
                await connection.AddAsync(route[i], i == 0 ? null : route[i - 1], options, i == route.Count - 1, cancellation).ConfigureAwait(false);
            }
        }
        catch
        {
            connection.Close();
            throw;
        }

        _ = connection.WatchAsync();
        return connection;
    }

    /// <summary>A stream for what a command prints; the connection looks after it until it is given back.</summary>
    public ReceivedStream Receive()
    {
        var stream = new ReceivedStream(Hear);
        receiving[stream] = true;
        return stream;
    }

    /// <summary>A stream for what a command is told; the connection looks after it until it is given back.</summary>
    public SentStream Send(Stream inner, ChannelGate gate)
    {
        var stream = new SentStream(inner, gate, Hear);
        sending[stream] = true;
        return stream;
    }

    /// <summary>The stream is of no interest any more.</summary>
    public void Drop(SentStream stream) => sending.TryRemove(stream, out _);

    /// <summary>A command has begun.</summary>
    public void Began() => Interlocked.Increment(ref running);

    /// <summary>A command has ended, or did not come about, and its place is free.</summary>
    /// <param name="hasBegun">Whether it had begun.</param>
    public void Ended(bool hasBegun)
    {
        if (hasBegun)
        {
            Interlocked.Decrement(ref running);
        }

        Places.Release();
        CloseIfLeft();
    }

    /// <summary>Another one has taken its place: it ends with the commands that run over it.</summary>
    public void Leave()
    {
        isLeft = true;
        CloseIfLeft();
    }

    /// <summary>Whether the host was heard of within a time, or is kept waiting by a reader here.</summary>
    public bool IsHeard(TimeSpan within)
    {
        Listen();
        return IsStalled || Stopwatch.GetElapsedTime(Volatile.Read(ref lastHeard)) < within;
    }

    /// <summary>The stream is of no interest any more.</summary>
    public void Drop(ReceivedStream stream)
    {
        receiving.TryRemove(stream, out _);
        stream.Ignore();
    }

    /// <summary>Ends it; whoever waits for something from it sees the end at once.</summary>
    public void Close()
    {
        if (isBroken)
        {
            return;
        }

        isBroken = true;
        closed.Cancel();
        foreach (ReceivedStream stream in receiving.Keys)
        {
            stream.Dispose();
        }

        // Saying goodbye can take its time where nobody listens any more.
        _ = Task.Run(() =>
        {
            foreach (SshClient client in Enumerable.Reverse(clients))
            {
                try
                {
                    client.Dispose();
                }
                catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException or InvalidOperationException or AggregateException)
                {
                    // It is gone, which is all that is wanted.
                }
            }
        });
    }

    private async Task AddAsync(SshHostSettings host, SshHostSettings? via, SshNetOptions options, bool isLast, CancellationToken cancellation)
    {
        IReadOnlyList<string> tried = [];
        ForwardedPortLocal? forwarded = null;
        try
        {
            if (via is null)
            {
                IPAddress[] addresses = IPAddress.TryParse(host.HostName, out IPAddress? address) ? [address] : await Dns.GetHostAddressesAsync(host.HostName, cancellation).WaitAsync(options.ConnectTimeout, cancellation).ConfigureAwait(false);
                for (int i = 0; ; i++)
                {
                    try
                    {
                        await LogInAsync(host, addresses[i].ToString(), host.Port, options, isLast, t => tried = t, cancellation).ConfigureAwait(false);
                        return;
                    }
                    catch (Exception e) when (i < addresses.Length - 1 && e is SocketException or SshOperationTimeoutException)
                    {
                        // A name can have addresses of networks that do not lead there.
                    }
                }
            }

            forwarded = new ForwardedPortLocal(IPAddress.Loopback.ToString(), 0, host.HostName, (uint)host.Port);
            Client.AddForwardedPort(forwarded);
            forwarded.Start();
            await LogInAsync(host, IPAddress.Loopback.ToString(), (int)forwarded.BoundPort, options, isLast, t => tried = t, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw ConnectionException.Of(host, via, new SshOperationTimeoutException(e.Message), tried);
        }
        catch (Exception e) when (e is SshException or SocketException or ConnectionException or AtomProNetException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw ConnectionException.Of(host, via, e, tried);
        }
        finally
        {
            StopListening(forwarded);
        }
    }

    /// <summary>The way through a jump host begins at a port of this computer; it is ours alone once nobody else can connect to it.</summary>
    private static void StopListening(ForwardedPortLocal? port)
    {
        if (port is not null)
        {
            (typeof(ForwardedPortLocal).GetField("_listener", BindingFlags.NonPublic | BindingFlags.Instance)?.GetValue(port) as Socket)?.Dispose();
        }
    }

    private async Task LogInAsync(SshHostSettings host, string address, int port, SshNetOptions options, bool isLast, Action<IReadOnlyList<string>> tell, CancellationToken cancellation)
    {
        var check = new HostKeyCheck(host, options.AcceptedFingerprint);
        var authentications = new Authentications(host, isLast, options.Answers, cancellation);
        tell(authentications.Tried);
        var info = new ConnectionInfo(address, port, host.User, authentications.All()) { Timeout = options.ConnectTimeout, RetryAttempts = 1 };
        authentications.Connection = info;
        Algorithms.Restrict(info, host);
        check.Prefer(info.HostKeyAlgorithms);
        var client = new SshClient(info) { KeepAliveInterval = options.AliveInterval };
        client.HostKeyReceived += (_, shown) => check.Judge(shown);
        client.ErrorOccurred += (_, _) => Close();

        // SSH.NET blocks while it waits for the host, and does not look at the cancellation then.
        Task connecting = Task.Run(() => client.ConnectAsync(cancellation), CancellationToken.None);
        try
        {
            await connecting.WaitAsync(cancellation).ConfigureAwait(false);
            // From now on what is silent is found by asking (see WatchAsync); a command may leave its input unread for long.
            info.Timeout = TimeSpan.FromMinutes(10);
            clients.Add(client);
        }
        catch (Exception e)
        {
            _ = connecting.ContinueWith(t => { _ = t.Exception; client.Dispose(); }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw check.Failure is { } failure && e is not OperationCanceledException ? new ConnectionException(failure, e) : e is ObjectDisposedException ? new SshConnectionException(e.Message) : e;
        }
    }

    private bool IsStalled => receiving.Keys.Any(s => s.IsStalled);

    private void Hear() => Volatile.Write(ref lastHeard, Stopwatch.GetTimestamp());

    private void Listen()
    {
        foreach (SentStream stream in sending.Keys)
        {
            stream.Listen();
        }
    }

    private void CloseIfLeft()
    {
        if (isLeft && CommandCount == 0)
        {
            Close();
        }
    }

    /// <summary>
    /// Asks a host that has not been heard of for a while, and gives it up when it stays silent. SSH.NET's own keep-alive only sends; TCP
    /// alone would wait for a quarter of an hour.
    /// </summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(aliveInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(closed.Token).ConfigureAwait(false))
            {
                Listen();
                if (IsStalled)
                {
                    // It is the reader here that keeps the host waiting.
                    Hear();
                    probeSince = Stopwatch.GetTimestamp();
                }
                else if (!probe.IsCompleted)
                {
                    if (Stopwatch.GetElapsedTime(probeSince) >= aliveInterval * 3 && Stopwatch.GetElapsedTime(Volatile.Read(ref lastHeard)) >= aliveInterval * 3)
                    {
                        Close();
                    }
                }
                else if (CommandCount > 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref lastHeard)) >= aliveInterval)
                {
                    probeSince = Stopwatch.GetTimestamp();
                    probe = Task.Run(Probe);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Probe()
    {
        try
        {
            using SshCommand command = Client.CreateCommand("exit 0");
            _ = command.ExecuteAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is SshException or InvalidOperationException or SocketException)
        {
            // A refusal is an answer, too; that the connection is gone is seen by itself.
            if (e is SshConnectionException or SshOperationTimeoutException)
            {
                return;
            }
        }

        Hear();
    }
}
