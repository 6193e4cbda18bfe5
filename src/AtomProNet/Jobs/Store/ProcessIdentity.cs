using System.Diagnostics;
using System.Globalization;

namespace AtomProNet.Jobs.Store;

/// <summary>
/// A process, told from every other: its machine, its number, and when it began, since numbers come again. Written into the store
/// and into leases, so that others can see whether their owner still lives.
/// </summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Id">The process's number.</param>
/// <param name="Start">When it began, in ticks that only serve to be compared.</param>
internal sealed record ProcessIdentity(string Host, int Id, long Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(Environment.MachineName, Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Reads what <see cref="ToString"/> wrote; null where the text is none.</summary>
    public static ProcessIdentity? Parse(string? text)
    {
        string[] parts = (text ?? "").Trim().Split(' ');
        return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int id) && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long start)
            ? new(parts[0], id, start)
            : null;
    }

    /// <summary>Whether the process runs; null where that cannot be seen from here, because it is another machine's.</summary>
    public bool? IsAlive() => Host != Environment.MachineName ? null : StartOf(Id) is { } start && start == Start;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host.Replace(' ', '_')} {Id} {Start}");

    private static long? StartOf(int id)
    {
        try
        {
            // Linux: field 22 of stat, ticks since the machine began; unlike a time of day it never moves.
            string stat = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat";
            if (OperatingSystem.IsLinux())
            {
                string text = File.ReadAllText(stat);
                string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] == "Z" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
            }

            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
