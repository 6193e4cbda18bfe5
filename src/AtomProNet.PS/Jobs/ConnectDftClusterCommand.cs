using System.Management.Automation;
using System.Security;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Connect-DftCluster: opens the connection to a cluster that the other cmdlets of the session then use.</summary>
[Cmdlet(VerbsCommunications.Connect, "DftCluster", HelpUri = HelpPages.Root + "Connect-DftCluster.md")]
[OutputType(typeof(ClusterConnection))]
public sealed class ConnectDftClusterCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation cancellation = new();

    /// <summary>The cluster's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Name and password for the host, the name being the one that the profile or the ssh configuration logs in as; without it whoever sits at the terminal is asked.</summary>
    [Parameter]
    public PSCredential? Credential { get; set; }

    /// <summary>The passphrase of the key file.</summary>
    [Parameter]
    [Secret]
    public SecureString? Passphrase { get; set; }

    /// <summary>The fingerprint of the host's key, SHA256:…, as the cluster's pages show it: a host that is not known yet and shows this key is known from now on.</summary>
    [Parameter]
    [ValidatePattern(@"^SHA256:[A-Za-z0-9+/]{43}\z")]
    public string? HostKeyFingerprint { get; set; }

    public void Dispose() => cancellation.Dispose();

    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            try
            {
                using var work = new JobWork(this, cancellation.Token);
                ClusterProfile profile = ClusterProfiles.Get(name);
                ISshAnswers answers = new ClusterSecrets(Credential?.UserName, Credential?.Password, Passphrase).AnswersFor(profile, work);
                if (profile.EffectiveTransport == SshTransport.OpenSsh && HostKeyFingerprint is not null)
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "OpenSshTakesNoFingerprint", $"{profile.Name} is reached by the system's ssh, which takes no fingerprint from here.", remedy: $"ssh {profile.SshHost} once by hand, and compare the fingerprint that it shows; or register the cluster with -Transport SshNet -Force.");
                }

                work.Report(new($"Connecting to {profile.Location}"));
                WriteObject(work.Run((_, token) => ClusterConnection.OpenAsync(profile, answers, HostKeyFingerprint, token)));
                work.Complete();
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, name));
            }
        }
    }

    protected override void StopProcessing() => cancellation.Stop();
}
