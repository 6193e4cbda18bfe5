using System.Globalization;
using System.Text.RegularExpressions;

namespace AtomProNet.Jobs.Submission;

/// <summary>Walltimes as sbatch(1) takes them.</summary>
public static partial class JobTime
{
    /// <summary>Slurm's times: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds.</summary>
    /// <returns>Null where it is none.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (Time().Match(text.Trim()) is not { Success: true } m)
        {
            return null;
        }

        int[] parts = [.. m.Groups["part"].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture))];
        return m.Groups["days"] is { Success: true } d
            ? new TimeSpan(int.Parse(d.Value, CultureInfo.InvariantCulture), parts[0], parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2))
            : parts.Length switch
            {
                1 => TimeSpan.FromMinutes(parts[0]),
                2 => new TimeSpan(0, parts[0], parts[1]),
                _ => new TimeSpan(parts[0], parts[1], parts[2]),
            };
    }

    [GeneratedRegex(@"^((?<days>\d{1,4})-(?<part>\d{1,3})(:(?<part>\d{1,2})){0,2}|(?<part>\d{1,6})(:(?<part>\d{1,2})){0,2})\z")]
    private static partial Regex Time();
}
