using System.Collections.Concurrent;

namespace AtomProNet.Jobs.Store;

/// <summary>
/// Whoever is sending a batch: a process, and in it one of the sessions that may run side by side. Written into the store before
/// anything is sent, so that nobody else does the same at the same time, and so that somebody else can go on when it is dead.
/// </summary>
internal sealed class StoreOwner : IDisposable
{
    // The only thing that sessions of one process share: which of them are alive.
    private static readonly ConcurrentDictionary<string, byte> Living = new(StringComparer.Ordinal);
    private readonly string session = Guid.NewGuid().ToString("N");

    /// <summary>A new session of this process.</summary>
    public StoreOwner() => Living[session] = 0;

    /// <summary>As the store has it.</summary>
    public override string ToString() => $"{ProcessIdentity.Current} {session}";

    /// <summary>Whether whoever wrote this may still be at work.</summary>
    /// <param name="text">What the store has; null for nobody.</param>
    /// <param name="storeIsLocal">Whether the store is this machine's alone.</param>
    public static bool IsAlive(string? text, bool storeIsLocal)
    {
        int blank = text?.LastIndexOf(' ') ?? -1;
        if (blank < 0 || ProcessIdentity.Parse(text![..blank]) is not { } process)
        {
            return false;
        }

        if (process.Host != ProcessIdentity.Current.Host)
        {
            if (!storeIsLocal)
            {
                // It would hold the lease that this process holds.
                return false;
            }

            // The machine has been given another name: laptops are.
            process = process with { Host = ProcessIdentity.Current.Host };
        }

        return process == ProcessIdentity.Current ? Living.ContainsKey(text[(blank + 1)..]) : process.IsAlive() == true;
    }

    /// <summary>Ends the session: what it owned is anybody's.</summary>
    public void Dispose() => Living.TryRemove(session, out _);
}
