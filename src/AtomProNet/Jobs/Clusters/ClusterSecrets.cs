using System.Security;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.Jobs.Clusters;

/// <summary>Secrets that the user gives for a cluster beforehand.</summary>
/// <param name="User">Whose password it is; null for none.</param>
/// <param name="Password">The password; null for none.</param>
/// <param name="Passphrase">The passphrase of the key file; null for none.</param>
public sealed record ClusterSecrets(string? User, SecureString? Password, SecureString? Passphrase)
{
    /// <summary>Whether there is one.</summary>
    public bool AreGiven => Password is not null || Passphrase is not null;

    /// <summary>
    /// Who answers what the cluster's host asks. A password of another user than the one that the profile and the ssh configuration log in as is refused: later
    /// calls would log in as that one all the same, and find neither the connection nor the jobs.
    /// </summary>
    /// <param name="profile">The cluster.</param>
    /// <param name="others">Who is asked what is not given; null for nobody.</param>
    /// <exception cref="AtomProNetException">The cluster takes no secret from here, or is reached as another user.</exception>
    public ISshAnswers AnswersFor(ClusterProfile profile, ISshAnswers? others)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (AreGiven)
        {
            ThrowUnlessTaken(profile);
        }

        return new GivenSshAnswers(Password, Passphrase, others);
    }

    private void ThrowUnlessTaken(ClusterProfile profile)
    {
        switch (profile.EffectiveTransport)
        {
            case null:
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ClusterNotRemote", "This cluster is this machine: there is nobody to log in as.", value: profile.Name);
            case SshTransport.OpenSsh:
                throw new AtomProNetException(ErrorKind.InvalidArgument, "OpenSshTakesNoSecret", $"{profile.Name} is reached by the system's ssh, which takes no secret from here.", remedy: "Load the key into the agent (ssh-add), or register the cluster with -Transport SshNet -Force.");
        }

        // Windows writes a name without a domain as \name.
        if (Password is not null && User?.TrimStart('\\') is { } user && Login(profile) is { } login && user != login)
        {
            string host = profile.SshHost![(profile.SshHost!.LastIndexOf('@') + 1)..];
            throw new AtomProNetException(ErrorKind.InvalidArgument, "CredentialUserDiffers", $"The credential is that of {user}, but {profile.Name} is reached as {login}.", value: user, remedy: $"Register-DftCluster {profile.Name} -SshHost {user}@{host} -Force, or give the credential of {login}.");
        }
    }

    /// <summary>Whom the cluster is reached as; null where the configuration cannot be followed, which the connection then says.</summary>
    private static string? Login(ClusterProfile profile)
    {
        try
        {
            return SshRoute.Resolve(ClusterAccess.SshNetOptions(profile))[^1].User;
        }
        catch (AtomProNetException)
        {
            return null;
        }
    }
}
