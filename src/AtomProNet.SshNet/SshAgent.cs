using System.Buffers.Binary;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet;
using Renci.SshNet.Security;

namespace AtomProNet.SshNet;

/// <summary>The user's SSH agent (draft-ietf-sshm-ssh-agent): it signs, and the keys stay with it. A socket, or on Windows a pipe.</summary>
internal static class SshAgent
{
    private const byte RequestIdentities = 11, Identities = 12, SignRequest = 13, SignResponse = 14;
    private const int LongestAnswer = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The keys that it has; none where it does not answer, which is noted.</summary>
    public static IReadOnlyList<AgentKey> Keys(string place, List<string> notes)
    {
        try
        {
            byte[] answer = Ask(place, [RequestIdentities], Identities);
            var keys = new List<AgentKey>();
            int at = 1;
            uint count = BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(at));
            at += 4;
            for (uint i = 0; i < count; i++)
            {
                byte[] blob = Take(answer, ref at);
                string comment = Encoding.UTF8.GetString(Take(answer, ref at));
                keys.Add(new(place, blob, comment));
            }

            return keys;
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            notes.Add("the SSH agent does not answer");
            return [];
        }
    }

    /// <summary>A signature, as the protocol wants it.</summary>
    public static byte[] Sign(string place, byte[] blob, byte[] data, uint flags)
    {
        byte[] request = [SignRequest, .. Packed(blob), .. Packed(data), .. Number(flags)];
        int at = 1;
        return Take(Ask(place, request, SignResponse), ref at);
    }

    private static byte[] Ask(string place, byte[] request, byte wanted)
    {
        using Stream stream = Open(place);
        stream.Write([.. Number((uint)request.Length), .. request]);
        stream.Flush();
        byte[] head = new byte[4];
        stream.ReadExactly(head);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length is 0 or > LongestAnswer)
        {
            throw new IOException("The agent's answer has no sensible length.");
        }

        byte[] answer = new byte[length];
        stream.ReadExactly(answer);
        return answer[0] == wanted ? answer : throw new IOException("The agent refuses.");
    }

    private static Stream Open(string place)
    {
        const string PipePrefix = @"\\.\pipe\";
        // Some write it with slashes.
        if (place.Replace('/', '\\').StartsWith(PipePrefix, StringComparison.Ordinal))
        {
            var pipe = new NamedPipeClientStream(".", place[PipePrefix.Length..], PipeDirection.InOut);
            try
            {
                pipe.Connect(2000);
                return pipe;
            }
            catch
            {
                pipe.Dispose();
                throw;
            }
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)Patience.TotalMilliseconds, SendTimeout = (int)Patience.TotalMilliseconds };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(place));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static byte[] Take(byte[] bytes, ref int at)
    {
        int length = checked((int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at, 4)));
        byte[] taken = bytes.AsSpan(at + 4, length).ToArray();
        at += 4 + length;
        return taken;
    }

    private static byte[] Packed(byte[] bytes) => [.. Number((uint)bytes.Length), .. bytes];

    private static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}

/// <summary>A key of the agent.</summary>
internal sealed class AgentKey(string place, byte[] blob, string comment) : IPrivateKeySource
{
    /// <summary>The public key.</summary>
    public byte[] Blob => blob;

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => KnownHosts.KeyTypeOf(blob) is "ssh-rsa" ? [new Held(this, "rsa-sha2-512", 4), new Held(this, "rsa-sha2-256", 2)] : [new Held(this, KnownHosts.KeyTypeOf(blob), 0)];

    public override string ToString() => $"the agent's key {comment}";

    private byte[] Sign(byte[] data, uint flags)
    {
        try
        {
            return SshAgent.Sign(place, blob, data, flags);
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            throw new KeyUnusableException("the agent did not sign", e);
        }
    }

    private sealed class Held(AgentKey key, string name, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => key.Blob;

        public override byte[] Sign(byte[] data) => key.Sign(data, flags);

        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException();
    }
}
