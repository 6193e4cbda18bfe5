using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Schedulers;

/// <summary>
/// What batch systems write into a job's own files about its end, for those that tell it nowhere else: Slurm without cgroups calls a job that
/// it ended for its memory FAILED, OpenPBS's history may be switched off.
/// </summary>
internal static class SchedulerMessages
{
    private const int TailBytes = 4000;

    // slurmstepd (src/slurmd/slurmstepd, src/interfaces/jobacct_gather.c, task/cgroup), pbs_mom (mom_main.c), LSF's report. The same expressions serve grep -E and .NET.
    private static readonly (string Expression, SchedulerState State)[] Known =
    [
        ("[Ee]xceeded (job )?memory limit|oom[-_]kill|job killed: p?v?mem |TERM_MEMLIMIT", SchedulerState.OutOfMemory),
        ("DUE TO TIME LIMIT|job killed: (walltime|cput) |TERM_RUNLIMIT", SchedulerState.TimedOut),
        ("DUE TO NODE FAILURE", SchedulerState.NodeFailed),
        ("DUE TO PREEMPTION", SchedulerState.Preempted),
    ];

    /// <summary>One command that looks for the messages in the ends of files, however many.</summary>
    /// <param name="files">By a key of plain characters: the folder, and the files in it.</param>
    internal static string Command(IEnumerable<(string Key, string Folder, IReadOnlyList<string> Files)> files)
    {
        string expression = string.Join('|', Known.Select(k => k.Expression));
        var text = new StringBuilder($"m() {{ k=$1; cd \"$2\" 2>/dev/null || return 0; shift 2; w=$(for f; do [ ! -r \"$f\" ] || tail -c {TailBytes} \"$f\"; done | LC_ALL=C grep -aEo {PosixShell.Quote(expression)} | tail -n 1); [ -z \"$w\" ] || printf '%s %s\\n' \"$k\" \"$w\"; }}\n");
        foreach ((string key, string folder, IReadOnlyList<string> names) in files.Where(f => f.Files.Count > 0))
        {
            text.Append("m ").Append(PosixShell.Join([key, folder, .. names])).Append('\n');
        }

        return text.Append("true\n").ToString();
    }

    /// <summary>The states that the messages tell, by key; empty where the files could not be asked.</summary>
    internal static Dictionary<string, SchedulerState> Parse(HostAnswer answer)
    {
        var states = new Dictionary<string, SchedulerState>(StringComparer.Ordinal);
        if (answer.IsSuccess)
        {
            foreach (string line in SchedulerText.Lines(answer.Output))
            {
                int blank = line.IndexOf(' ', StringComparison.Ordinal);
                if (blank > 0 && StateOf(line[blank..]) is { } state)
                {
                    states[line[..blank]] = state;
                }
            }
        }

        return states;
    }

    /// <summary>The state that a text tells; null for none.</summary>
    internal static SchedulerState? StateOf(string text)
    {
        foreach ((string expression, SchedulerState state) in Known)
        {
            if (Regex.IsMatch(text, expression, RegexOptions.CultureInvariant))
            {
                return state;
            }
        }

        return null;
    }
}
