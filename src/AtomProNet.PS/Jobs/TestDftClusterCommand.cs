using System.Management.Automation;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>Test-DftCluster: whether jobs can be sent to a cluster, and what is wrong and how to mend it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DftCluster", HelpUri = HelpPages.Root + "Test-DftCluster.md")]
[OutputType(typeof(ClusterCheckResult))]
public sealed class TestDftClusterCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation cancellation = new();

    /// <summary>The cluster's name. Default local: this machine.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [ClusterProfile.LocalName];

    /// <summary>Name and password for a host that is reached by SSH.NET, the name being the one that the profile or the ssh configuration logs in as; without it whoever sits at the terminal is asked.</summary>
    [Parameter]
    public PSCredential? Credential { get; set; }

    public void Dispose() => cancellation.Dispose();

    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            try
            {
                using var work = new JobWork(this, cancellation.Token);
                ClusterProfile profile = ClusterProfiles.Get(name);
                ISshAnswers answers = new ClusterSecrets(Credential?.UserName, Credential?.Password, null).AnswersFor(profile, work);
                work.Report(new($"Checking {profile}"));
                foreach (ClusterCheckResult result in work.Run((_, token) => ClusterCheck.RunAsync(profile, answers, token)))
                {
                    WriteObject(result);
                }

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
