using System.Diagnostics;

namespace AtomProNet.Tests;

/// <summary>
/// Processes that are to be interrupted. What a shell starts in the background ignores SIGINT, and so does whatever that starts: where the tests themselves
/// run like that, env gives it back.
/// </summary>
internal static class Interruption
{
    private const string Env = "/usr/bin/env";

    /// <summary>Whether this process ignores SIGINT. Linux lists the ignored signals as a mask, lowest bit first; SIGINT is the second.</summary>
    private static bool IsIgnored =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && (Convert.ToUInt64(line[7..].Trim(), 16) & 2) != 0;

    /// <summary>Skips the test where nothing can give the signal back.</summary>
    public static void SkipUnlessPossible()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are not Windows'.");
        Assert.SkipWhen(IsIgnored && !File.Exists(Env), "The tests run as a background job, which ignores SIGINT, and there is no env to give it back.");
    }

    /// <summary>The same program with the same words, which hears SIGINT.</summary>
    public static ProcessStartInfo Hearing(ProcessStartInfo start)
    {
        if (IsIgnored)
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.ArgumentList.Insert(0, "--default-signal=INT");
            start.FileName = Env;
        }

        return start;
    }
}
