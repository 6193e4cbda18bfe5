namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>What speaks SSH.</summary>
public enum SshTransport
{
    /// <summary>The system's OpenSSH client: the user's own configuration, agent, hardware keys and Kerberos; it never asks for anything.</summary>
    OpenSsh,
    /// <summary>The library SSH.NET, in this process: one connection held open, also on Windows; it can ask for passwords, passphrases and second factors.</summary>
    SshNet,
}
