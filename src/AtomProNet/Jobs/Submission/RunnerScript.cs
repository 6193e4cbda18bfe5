using System.Globalization;
using System.Text;
using AtomProNet.Files;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Store;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Submission;

/// <summary>
/// The script that runs on the cluster: for each of its jobs it takes the guard first, runs the job's own script in the job's folder, and leaves
/// a marker file with the exit code. It is the same for every batch system and needs nothing but a POSIX shell.
/// </summary>
/// <remarks>
/// In the folder <c>state</c> of the batch, P being a job's place in it: the directory <c>P.run</c> is the guard, which one mkdir alone can make, and the
/// file in it tells who did (<c>id@host</c>); the empty file <c>P.exit.CODE.START.END</c> says how the job ended, with the times of the node's clock (seconds
/// since 1970); <c>P.term.TIME</c> that it was told to end; <c>P.twice.id@host</c> that a second copy came, and ended at once. All is said by names, so that one
/// listing of one folder tells of a thousand jobs, and so that a full disk can hardly keep a marker from being made.
/// </remarks>
internal static class RunnerScript
{
    /// <summary>The script's name in the batch's folder.</summary>
    public const string FileName = "run.sh";

    /// <summary>The folder of guards and markers.</summary>
    public const string StateFolder = "state";

    /// <summary>The exit code of a copy that found all its jobs begun by another.</summary>
    public const int BegunBefore = 90;

    /// <summary>The exit code where the guard could not be made: the job has not run.</summary>
    public const int NoGuard = 91;

    /// <summary>The exit code where the job's folder is gone.</summary>
    public const int NoFolder = 92;

    private static readonly Lazy<string> Template = new(() => EmbeddedText.Read("AtomProNet.Jobs.Submission.Data.runner.sh"));

    /// <summary>The body of the script, to be put behind a batch system's header.</summary>
    public static string Body(StoredBatch batch, StoredRequest request, ClusterProfile profile)
    {
        var text = new StringBuilder();
        void Set(string name, string value) => text.Append(name).Append('=').Append(PosixShell.Quote(value)).Append('\n');
        void SetNumber(string name, long value) => Set(name, value.ToString(CultureInfo.InvariantCulture));
        Set("token", batch.Token);
        Set("script", request.Script);
        SetNumber("size", batch.Size);
        SetNumber("bundle", batch.Bundle);
        SetNumber("side_by_side", request.SideBySide ? 1 : 0);
        if (profile.LaunchLineFor(request.Resources.Tasks, request.Resources.ThreadsPerTask) is { } launch)
        {
            text.Append("export ATOMPRONET_LAUNCH=").Append(PosixShell.Quote(launch)).Append('\n');
        }

        SetNumber("OMP_NUM_THREADS", request.Resources.ThreadsPerTask);
        text.Append("export OMP_NUM_THREADS\n");
        if (profile.Modules.Length > 0)
        {
            // A batch shell is no login shell; where it does not know of modules, the system's profile does.
            text.Append("command -v module >/dev/null 2>&1 || . /etc/profile\n");
            foreach (string module in profile.Modules)
            {
                text.Append("module load ").Append(PosixShell.Quote(module)).Append('\n');
            }
        }

        foreach (string line in profile.Setup)
        {
            // From a script with the line ends of Windows, a line of several would bring them along.
            text.Append(line.Replace("\r\n", "\n", StringComparison.Ordinal)).Append('\n');
        }

        return text.Append(Template.Value).ToString();
    }
}
