using System.Reflection;
using Renci.SshNet;

namespace AtomProNet.SshNet;

/// <summary>
/// What SSH.NET keeps to itself of the channel of a command. It looks whether a channel is open and sends only then, one after the other: in
/// between the host may have closed the channel and given its number to another command, which then loses its input, or to nobody, at which the host ends the
/// connection. Under the lock under which SSH.NET itself closes a channel that cannot happen. The version is pinned; a test tells when these names go.
/// </summary>
internal sealed class ChannelGate
{
    private readonly object channel;
    private readonly PropertyInfo isOpen;
    private readonly PropertyInfo window;

    /// <summary>Of a command that has begun.</summary>
    public ChannelGate(SshCommand command)
    {
        channel = Find(typeof(SshCommand), "_channel").GetValue(command) ?? throw Gone("_channel");
        Closing = Find(channel.GetType(), "_messagingLock").GetValue(channel) ?? throw Gone("_messagingLock");
        isOpen = channel.GetType().GetProperty("IsOpen") ?? throw Gone("IsOpen");
        window = channel.GetType().GetProperty("RemoteWindowSize") ?? throw Gone("RemoteWindowSize");
    }

    /// <summary>To be held from the look at <see cref="IsOpen"/> to the end of the sending. What may wait for the host must not be done under it.</summary>
    public object Closing { get; }

    /// <summary>Whether the channel is open.</summary>
    public bool IsOpen => (bool)isOpen.GetValue(channel)!;

    /// <summary>So many bytes the host takes at present.</summary>
    public long Window => (uint)window.GetValue(channel)!;

    private static FieldInfo Find(Type type, string name)
    {
        for (Type? t = type; t is not null; t = t.BaseType)
        {
            if (t.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is { } field)
            {
                return field;
            }
        }

        throw Gone(name);
    }

    private static InvalidOperationException Gone(string name) => new($"SSH.NET {typeof(SshCommand).Assembly.GetName().Version} has no {name} any more.");
}
