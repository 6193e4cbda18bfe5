using System.Globalization;
using System.Text;
using AtomProNet.Jobs.Submission;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Polling;

/// <summary>How a job's own script ended.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Start">When it began, by the node's clock.</param>
/// <param name="End">When it ended, by the node's clock.</param>
internal sealed record ExitMarker(int Code, DateTimeOffset Start, DateTimeOffset End);

/// <summary>The guards and markers of one batch: see <see cref="RunnerScript"/>.</summary>
internal sealed class BatchMarkers
{
    private readonly HashSet<int> begun = [];
    private readonly Dictionary<int, ExitMarker> exits = [];
    private readonly Dictionary<int, DateTimeOffset> terms = [];
    private readonly List<(int Place, string By)> twice = [];

    /// <summary>Whether the batch's folder is not there any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether the folder that the batch's folder lies in cannot be entered.</summary>
    public bool IsUnreachable { get; private set; }

    /// <summary>Second copies that came and ended.</summary>
    public IReadOnlyList<(int Place, string By)> Twice => twice;

    /// <summary>Whether the guard of a job is taken.</summary>
    public bool HasBegun(int place) => begun.Contains(place);

    /// <summary>How a job ended; null where it has left no marker.</summary>
    public ExitMarker? Exit(int place) => exits.GetValueOrDefault(place);

    /// <summary>When a job was told to end; null where it was not.</summary>
    public DateTimeOffset? Term(int place) => terms.TryGetValue(place, out DateTimeOffset time) ? time : null;

    /// <summary>
    /// One command that lists the markers of batches, however many: the shell itself reads the folders, so that no process is started for each.
    /// </summary>
    /// <param name="folders">The batches' folders, as absolute paths.</param>
    public static string ListingCommand(IEnumerable<string> folders)
    {
        var text = new StringBuilder("for batch in");
        foreach (string folder in folders)
        {
            text.Append(' ').Append(PosixShell.Quote(folder));
        }

        text.Append($"\ndo printf '=%s\\n' \"${{batch##*/}}\"\nif cd \"$batch/{RunnerScript.StateFolder}\" 2>/dev/null; then printf '%s\\n' *; elif cd \"${{batch%/*}}\" 2>/dev/null; then printf '!\\n'; else printf '?\\n'; fi\ndone\n");
        return text.ToString();
    }

    /// <summary>Reads a listing.</summary>
    /// <returns>The markers by the batch's token.</returns>
    public static Dictionary<string, BatchMarkers> Parse(string listing)
    {
        var result = new Dictionary<string, BatchMarkers>(StringComparer.Ordinal);
        BatchMarkers? present = null;
        foreach (string line in listing.Split('\n'))
        {
            if (line.StartsWith('='))
            {
                result[line[1..]] = present = new();
            }
            else if (line == "?")
            {
                // The work directory itself cannot be entered: a file system that is not mounted proves nothing.
                if (present is not null)
                {
                    present.IsUnreachable = true;
                }
            }
            else if (line == "!")
            {
                if (present is not null)
                {
                    present.IsGone = true;
                }
            }
            else
            {
                present?.Add(line);
            }
        }

        return result;
    }

    private void Add(string name)
    {
        string[] parts = name.Split('.', 3);
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int place))
        {
            return;
        }

        switch (parts[1])
        {
            case "run":
                begun.Add(place);
                break;
            case "exit" when parts.Length == 3 && ReadExit(parts[2]) is { } exit:
                exits[place] = exit;
                break;
            case "term" when parts.Length == 3 && Time(parts[2]) is { } time:
                terms[place] = time;
                break;
            case "twice" when parts.Length == 3:
                twice.Add((place, parts[2]));
                break;
        }
    }

    private static ExitMarker? ReadExit(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int code) && Time(parts[1]) is { } start && Time(parts[2]) is { } end
            ? new(code, start, end)
            : null;
    }

    private static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
