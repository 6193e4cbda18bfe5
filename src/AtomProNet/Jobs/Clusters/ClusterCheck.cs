using System.Globalization;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Jobs.Schedulers;
using AtomProNet.Jobs.Submission;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Clusters;

/// <summary>Looks whether jobs could be sent to a cluster and come back: each thing by itself, with what is wrong and how to mend it. One command goes out.</summary>
public static class ClusterCheck
{
    private const long LittleSpace = 1L << 20; // KiB: 1 GiB
    private const int LargestClockDifference = 60;

    // What the module's own scripts call.
    private static readonly string[] Tools = ["tar", "mkdir", "mv", "rm", "ls", "find", "date", "cat", "sha256sum", "awk", "ps"];

    /// <summary>Checks a cluster.</summary>
    /// <param name="profile">The cluster.</param>
    /// <param name="answers">Answers what the host asks; null: nobody does.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task<IReadOnlyList<ClusterCheckResult>> RunAsync(ClusterProfile profile, ISshAnswers? answers = null, CancellationToken cancellation = default) => RunAsync(profile, new ClusterAccess(answers), cancellation);

    internal static async Task<IReadOnlyList<ClusterCheckResult>> RunAsync(ClusterProfile profile, IClusterAccess access, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(profile);
        string wanted = WorkDirectory.Of(profile);
        await using IHost host = access.OpenHost(profile);
        HostAnswer place = await host.RunAsync(WorkDirectory.Command(wanted), cancellation).ConfigureAwait(false);
        string? directory = null;
        string? placeProblem = null;
        try
        {
            directory = WorkDirectory.Read(place, wanted);
        }
        catch (AtomProNetException e)
        {
            placeProblem = e.Problem;
        }

        if (place.Failure is { } failure)
        {
            string[] rest = ["Programs", "Queue", "Accounting", "WorkDirectory", "FreeSpace", "Clock", "Environment"];
            return [new(profile.Name, "Connection", CheckOutcome.Failed, By(profile) + failure.Problem + (failure.Detail is null ? "" : $" ({failure.Detail})"), failure.Remedy), .. rest.Select(c => new ClusterCheckResult(profile.Name, c, CheckOutcome.Skipped, "The host was not reached."))];
        }

        IScheduler scheduler = access.OpenScheduler(profile, directory ?? "/tmp");
        var query = new JobQuery(BatchToken.Prefix, DateTimeOffset.UtcNow.AddHours(-1));
        var bundle = new CommandBundle();
        int programs = bundle.Add(Missing(scheduler.Programs)), tools = bundle.Add(Missing(Tools));
        int queue = bundle.Add(scheduler.BuildQuery(query)), limits = bundle.Add(scheduler.BuildLimits());
        int history = scheduler.Features.HasFlag(SchedulerFeatures.History) ? bundle.Add(scheduler.BuildHistory(query)) : -1;
        int write = bundle.Add(WriteTest(directory)), space = bundle.Add(directory is null ? "exit 1" : $"df -Pk {PosixShell.Quote(directory)} | tail -n 1; df -Pi {PosixShell.Quote(directory)} 2>/dev/null | tail -n 1");
        int clock = bundle.Add("date +%s"), environment = bundle.Add(EnvironmentTest(profile));
        DateTimeOffset before = DateTimeOffset.UtcNow;
        IReadOnlyList<HostAnswer> answers = bundle.Split(await host.RunAsync(bundle.ToText(), cancellation).ConfigureAwait(false));
        return
        [
            new(profile.Name, "Connection", CheckOutcome.Passed, $"{By(profile)}{host.Name} answers."),
            Programs(profile, scheduler, answers[programs], answers[tools]),
            Queue(profile, scheduler, scheduler.ParseQuery(query, answers[queue]), scheduler.ParseLimits(answers[limits])),
            Accounting(profile, scheduler, history < 0 ? null : scheduler.ParseHistory(query, answers[history])),
            Directory(profile, wanted, directory, placeProblem, answers[write]),
            Space(profile, answers[space]),
            Clock(profile, answers[clock], before, DateTimeOffset.UtcNow),
            Environment(profile, answers[environment]),
        ];
    }

    /// <summary>Which of the two ways it was.</summary>
    private static string By(ClusterProfile profile) => profile.EffectiveTransport switch
    {
        SshTransport.SshNet => (SshNetTransport.Instance?.Description ?? "SSH.NET") + ": ",
        SshTransport.OpenSsh => "OpenSSH: ",
        _ => "",
    };

    private static string Missing(IEnumerable<string> programs) => $"for p in {PosixShell.Join(programs)}; do command -v \"$p\" >/dev/null 2>&1 || printf '%s\\n' \"$p\"; done\n";

    // Also whether mkdir is what the guards need: of two, one fails.
    private static string WriteTest(string? directory) => directory is null ? "exit 1" : $"""
        cd {PosixShell.Quote(directory)} || exit 1
        t=.check-$$
        mkdir "$t" || exit 2
        if mkdir "$t" 2>/dev/null; then rm -rf "$t"; exit 3; fi
        echo test >"$t/new" && mv "$t/new" "$t/file" && [ "$(cat "$t/file")" = test ]
        code=$?
        rm -rf "$t"
        [ "$code" -eq 0 ] || exit 4

        """.ReplaceLineEndings("\n");

    private static string EnvironmentTest(ClusterProfile profile)
    {
        string lines = "command -v module >/dev/null 2>&1 || . /etc/profile >/dev/null 2>&1\n" + string.Concat(profile.Modules.Select(m => $"module load {PosixShell.Quote(m)} >/dev/null 2>&1 || echo {PosixShell.Quote("module " + m)}\n"));
        string? program = profile.LaunchLine?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        string launch = program is null ? "" : $"command -v {PosixShell.Quote(program)} >/dev/null 2>&1 || echo {PosixShell.Quote("program " + program)}\n";
        return (profile.Modules.IsEmpty ? "" : lines) + launch + "true\n";
    }

    private static ClusterCheckResult Programs(ClusterProfile profile, IScheduler scheduler, HostAnswer programs, HostAnswer tools)
    {
        string[] missing = Lines(programs), lacking = Lines(tools);
        return missing.Length > 0
                ? new(profile.Name, "Programs", CheckOutcome.Failed, $"{scheduler.Name} is not on the PATH of a command over there: {string.Join(", ", missing)} missing.", $"Check -Scheduler; or extend PATH for shells that are not interactive (at the top of ~/.bashrc on {profile.Location}).")
            : lacking.Length > 0
                ? new(profile.Name, "Programs", CheckOutcome.Failed, $"Missing: {string.Join(", ", lacking)}.", "Have them installed, or extend PATH in ~/.bashrc.")
            : new(profile.Name, "Programs", CheckOutcome.Passed, string.Join(", ", scheduler.Programs.Concat(["tar"])) + " are there.");
    }

    private static ClusterCheckResult Queue(ClusterProfile profile, IScheduler scheduler, SchedulerAnswer answer, SchedulerLimits limits)
    {
        string version = limits.Version is null ? scheduler.Name : $"{scheduler.Name} {limits.Version}";
        string array = limits.MaxArrayIndex is { } n ? string.Create(CultureInfo.InvariantCulture, $", arrays up to {n}") : "";
        return answer.IsKnown ? new(profile.Name, "Queue", CheckOutcome.Passed, $"{version} answers{array}.")
            : new(profile.Name, "Queue", CheckOutcome.Failed, $"{version} does not answer: {answer.Problem}", "Try its command by hand on the login node; its server may be down.");
    }

    private static ClusterCheckResult Accounting(ClusterProfile profile, IScheduler scheduler, SchedulerAnswer? answer) => answer?.Scope switch
    {
        AnswerScope.Accounting => new(profile.Name, "Accounting", CheckOutcome.Passed, $"{scheduler.Name} remembers how jobs ended."),
        AnswerScope.Recent => new(profile.Name, "Accounting", CheckOutcome.Warning, "There is no accounting; the server remembers ended jobs for a while.", "Poll (Get-, Wait-DftJob) more often than the server forgets, or causes such as the walltime may stay unknown. Exit codes are not affected."),
        null => new(profile.Name, "Accounting", scheduler.Name == "Local" ? CheckOutcome.Passed : CheckOutcome.Warning, "Ended jobs are known by their marker files alone."),
        _ => new(profile.Name, "Accounting", CheckOutcome.Warning, $"Ended jobs cannot be asked about: {answer!.Problem}", "Exit codes are known all the same; causes such as the walltime may not be."),
    };

    private static ClusterCheckResult Directory(ClusterProfile profile, string wanted, string? directory, string? problem, HostAnswer answer) => (directory, answer.ExitCode) switch
    {
        (null, _) => new(profile.Name, "WorkDirectory", CheckOutcome.Failed, problem!, "Choose another with Register-DftCluster -WorkDirectory -Force, or mend its rights."),
        (_, 0) => new(profile.Name, "WorkDirectory", CheckOutcome.Passed, $"{directory} can be written to."),
        (_, 3) => new(profile.Name, "WorkDirectory", CheckOutcome.Failed, $"In {directory} the same directory can be made twice: its file system keeps no guard.", "Choose a work directory on another file system."),
        _ => new(profile.Name, "WorkDirectory", CheckOutcome.Failed, $"{directory} cannot be written to ({answer.Describe()}).", "A full disk or quota, or missing rights: free space, or choose another -WorkDirectory."),
    };

    private static ClusterCheckResult Space(ClusterProfile profile, HostAnswer answer)
    {
        // Filesystem 1024-blocks Used Available Capacity Mounted on
        string[] lines = Lines(answer);
        long? free = lines.Length > 0 ? Fourth(lines[0]) : null, names = lines.Length > 1 ? Fourth(lines[1]) : null;
        if (free is null)
        {
            return new(profile.Name, "FreeSpace", CheckOutcome.Skipped, "The free space is not told.");
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{free.Value / 1048576.0:F1} GiB are free{(names > 0 ? string.Create(CultureInfo.InvariantCulture, $", and {names} names for files") : "")}.");
        bool little = free < LittleSpace || names is > 0 and < 10_000;
        return new(profile.Name, "FreeSpace", little ? CheckOutcome.Warning : CheckOutcome.Passed, text, little ? "Free some (Remove-DftJob deletes what was received); your quota may be smaller still." : null);

        static long? Fourth(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: >= 5 } p && long.TryParse(p[3], NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : null;
    }

    private static ClusterCheckResult Clock(ClusterProfile profile, HostAnswer answer, DateTimeOffset before, DateTimeOffset after)
    {
        if (!long.TryParse(answer.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long there))
        {
            return new(profile.Name, "Clock", CheckOutcome.Skipped, "The clock is not told.");
        }

        double difference = there < before.ToUnixTimeSeconds() ? there - before.ToUnixTimeSeconds() : Math.Max(0, there - after.ToUnixTimeSeconds());
        return Math.Abs(difference) <= LargestClockDifference
            ? new(profile.Name, "Clock", CheckOutcome.Passed, "Both clocks agree.")
            : new(profile.Name, "Clock", CheckOutcome.Warning, string.Create(CultureInfo.InvariantCulture, $"The cluster's clock is {Math.Abs(difference):F0} s {(difference > 0 ? "ahead" : "behind")}."), "Times of jobs will look odd; set the clock of this machine (ntp). States are not affected.");
    }

    private static ClusterCheckResult Environment(ClusterProfile profile, HostAnswer answer)
    {
        string[] missing = Lines(answer);
        return missing.Length > 0 ? new(profile.Name, "Environment", CheckOutcome.Failed, $"Missing on the login node: {string.Join(", ", missing)}.", "Correct the profile (Register-DftCluster -Module, -LaunchLine, -Force). A program that comes with a module set in -Setup may be found in the job all the same.")
            : new(profile.Name, "Environment", CheckOutcome.Passed, profile.Modules.IsEmpty && string.IsNullOrEmpty(profile.LaunchLine) ? "Nothing to load." : "Modules and launcher are there.");
    }

    private static string[] Lines(HostAnswer answer) => answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
