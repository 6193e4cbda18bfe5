using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Files;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Which files of a folder belong to which run of pw.x.</summary>
internal static partial class PwRunFiles
{
    /// <summary>Where errore writes, too. Each run of a program of the suite removes it when it begins.</summary>
    internal const string CrashName = "CRASH";

    /// <summary>
    /// The standard outputs in a folder, one for each calculation: of numbered tries (<c>pw.out.2</c>, <c>slurm-17.out</c>) the one that
    /// began last. In the order in which they began.
    /// </summary>
    internal static IReadOnlyList<string> Latest(string folder)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder)
                    .Where(f => PwFileNames.IsOutputName(Path.GetFileName(f)) && PwFileNames.IsOutput(f))
                    .Select(f => (File: f, Stem: Stem(Path.GetFileName(f)), Start: StartOf(f) ?? DateTime.MinValue))
                    .GroupBy(f => f.Stem, StringComparer.Ordinal)
                    .Select(g => g.OrderBy(f => f.Start).ThenByDescending(f => f.File.Length).ThenBy(f => f.File, StringComparer.Ordinal).Last())
                    .OrderBy(f => f.Start).ThenBy(f => f.File, StringComparer.Ordinal)
                    .Select(f => f.File),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The data-file-schema.xml of a folder; null where there is none.</summary>
    internal static string? Xml(string folder) =>
        new[] { PwXmlSearch.FileName, PwXmlSearch.FileName + ".gz" }.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    /// <summary>What is the same in the names of the tries and logs of one calculation: <c>si.scf</c> of si.scf.out.2.gz, si.scf.err.</summary>
    internal static string Stem(string fileName)
    {
        string name = Packed().Replace(fileName, "");
        name = Number().Replace(name, "");
        return JobNumber().Replace(Ending().Replace(name, ""), "$1");
    }

    /// <summary>Routine and message of the errors in CRASH, unless it is older than the output by more than an hour.</summary>
    internal static IEnumerable<(string Routine, string Message)> CrashErrors(string folder, string? output)
    {
        string path = Path.Combine(folder, CrashName);
        string text;
        try
        {
            if (!File.Exists(path) || (output is not null && File.GetLastWriteTimeUtc(path) < File.GetLastWriteTimeUtc(output).AddHours(-1)))
            {
                return [];
            }

            text = SharedFile.ReadAllText(path, Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return Crash().Matches(text).Select(m => (m.Groups[1].Value.Trim(), string.Join(' ', m.Groups[2].Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))).Distinct();
    }

    private static DateTime? StartOf(string file)
    {
        // The last run of a file to which a restart was appended began later, but so did those of its neighbours.
        using Stream stream = CompressedFile.OpenRead(file);
        var head = new byte[1 << 16];
        int length;
        try
        {
            length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        ReadOnlySpan<byte> text = head.AsSpan(0, length);
        int at = text.IndexOf("Program PWSCF"u8);
        ReadOnlySpan<byte> line = at < 0 ? default : text[at..];
        int end = line.IndexOf((byte)'\n'), on = line.IndexOf("starts on "u8);
        return on < 0 || end < on ? null : PwTime.Parse(line[(on + "starts on "u8.Length)..end]);
    }

    [GeneratedRegex(@"\.gz$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Packed();

    [GeneratedRegex(@"(?<=.)\.\d{1,5}$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\.(out|pwo|pwout|log|err|stdout|stderr|[oe]\d+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    [GeneratedRegex(@"^(slurm)-[\d_]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex JobNumber();

    [GeneratedRegex(@"from (.*?) : error #\s*\d+\s*\n(.*?)%%%%", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Crash();
}
