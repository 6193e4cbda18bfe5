using System.Globalization;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Jobs.Schedulers;

/// <summary>What the readers of all batch systems' answers have in common.</summary>
internal static class SchedulerText
{
    /// <summary>The lines of a text, without empty ones and carriage returns.</summary>
    internal static IEnumerable<string> Lines(string text) => text.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0);

    /// <summary>The answer where nothing is known, because the command did not succeed; null where it did.</summary>
    internal static SchedulerAnswer? Failure(HostAnswer answer, string program) => answer.IsSuccess ? null
        : SchedulerAnswer.Unknown(answer.Failure is { } failure ? failure.Problem : $"{program} failed ({answer.Describe()}).");

    /// <summary>The answer to a submission that did not come to its end or whose program is not there; null otherwise.</summary>
    internal static SubmitAnswer? NotSubmitted(HostAnswer answer) => answer.Outcome switch
    {
        HostOutcome.NotReached => new(SubmitOutcome.NotRun, Reason: answer.Describe()),
        HostOutcome.Lost or HostOutcome.TimedOut => new(SubmitOutcome.Unknown, Reason: answer.Describe()),
        _ when answer.ExitCode is 126 or 127 => new(SubmitOutcome.NotRun, Reason: LastLine(answer.Error) ?? "The program was not found."),
        // The change into the work directory failed: our own code, before the program was started.
        _ when answer.ExitCode == CannotEnter && answer.Error.Contains("cd:", StringComparison.Ordinal) => new(SubmitOutcome.NotRun, Reason: LastLine(answer.Error)),
        _ => null,
    };

    /// <summary>The exit code of a submit command that could not enter the work directory.</summary>
    internal const int CannotEnter = 75;

    /// <summary>A job's file, or a task's.</summary>
    internal static string FileOf(string name, int? arrayIndex) => arrayIndex is { } index ? FormattableString.Invariant($"{name}.{index}") : name;

    /// <summary>The last line that says something.</summary>
    internal static string? LastLine(string text) => Lines(text).Select(l => l.Trim()).LastOrDefault(l => l.Length > 0);

    /// <summary>A value unless it is a word for none.</summary>
    internal static string? Value(string text) => text.Trim() is { Length: > 0 } value && value is not ("(null)" or "N/A" or "None" or "Unknown" or "-" or "NONE") ? value : null;

    /// <summary>A time such as 2026-11-29T07:34:57, asked for in UTC.</summary>
    internal static DateTimeOffset? Time(string text) => DateTimeOffset.TryParseExact(text.Trim(), "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>A number, or null.</summary>
    internal static int? Number(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Indices such as <c>3-5,8,10-20:2</c>, one by one; null where it is no such list.</summary>
    internal static IReadOnlyList<int>? Indices(string text)
    {
        var indices = new List<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] stepped = part.Split(':');
            string[] ends = stepped[0].Split('-');
            int? first = Number(ends[0]), last = ends.Length > 1 ? Number(ends[1]) : first, step = stepped.Length > 1 ? Number(stepped[1]) : 1;
            if (first is null || last is null || step is not >= 1 || ends.Length > 2 || stepped.Length > 2 || last < first || last - first > 10_000_000)
            {
                return null;
            }

            for (int i = first.Value; i <= last; i += step.Value)
            {
                indices.Add(i);
            }
        }

        return indices;
    }
}
