using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Calculations;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>Looks for known messages in what a calculation's folder holds: the job's output and errors, and the ends of the OUTCAR.</summary>
internal static partial class VaspMessageSearch
{
    private const long WholeFile = 16 << 20;
    private const int End = 256 << 10;

    /// <summary>An error of a former try in the same folder is not one of this run: its files are older than the OUTCAR.</summary>
    private static readonly TimeSpan FormerTry = TimeSpan.FromHours(1);

    /// <summary>The messages that were found, each once, where it was found last.</summary>
    /// <param name="folder">The calculation's folder.</param>
    /// <param name="outcar">Its OUTCAR; null where there is none.</param>
    /// <param name="cancellation">Ends the search.</param>
    internal static List<(VaspError Error, ExitCause Cause)> Find(string folder, string? outcar, CancellationToken cancellation)
    {
        var found = new Dictionary<string, (VaspError, ExitCause)>(StringComparer.Ordinal);
        DateTime since = outcar is null ? DateTime.MinValue : File.GetLastWriteTimeUtc(outcar) - FormerTry;
        foreach (FileInfo file in Logs(folder).Where(f => f.LastWriteTimeUtc >= since).OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            Search(file.FullName, skip: Math.Max(0, file.Length - WholeFile), found, cancellation);
        }

        if (outcar is not null && !outcar.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            // Its header repeats the INCAR, whose words are no messages; errors stand at the end.
            Search(outcar, Math.Max(0, new FileInfo(outcar).Length - End), found, cancellation);
        }

        return [.. found.Values];
    }

    /// <summary>Whether a file is the output of a job, by its name: vasp.out, slurm-12.out, job.o123, stderr …</summary>
    internal static bool IsLog(string name) => LogName().IsMatch(name);

    private static IEnumerable<FileInfo> Logs(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles().Where(f => IsLog(f.Name)).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void Search(string path, long skip, Dictionary<string, (VaspError, ExitCause)> found, CancellationToken cancellation)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            stream.Seek(skip, SeekOrigin.Begin);
            using var lines = new Utf8LineReader(stream, cancellation);
            // A message may be the last line, without its end; it is no number that could be cut.
            while (lines.Read())
            {
                Search(lines.Line, path, skip == 0 ? lines.LineNumber : null, found);
            }

            Search(lines.Rest, path, null, found);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtomProNetException)
        {
            // What cannot be read tells nothing.
        }
    }

    private static void Search(ReadOnlySpan<byte> line, string path, long? number, Dictionary<string, (VaspError, ExitCause)> found)
    {
        if (line.Length < 6)
        {
            return;
        }

        foreach (VaspError error in VaspErrorCatalogue.All)
        {
            foreach (byte[] text in error.Texts)
            {
                if (line.IndexOf(text) >= 0)
                {
                    string evidence = Encoding.UTF8.GetString(line).Trim(' ', '|', '\t');
                    found[error.Code] = (error, new(error.Kind, error.Code, error.IsFatal, error.Message, error.Remedy, path, number, evidence));
                    break;
                }
            }
        }
    }

    [GeneratedRegex(@"^(.*\.(out|err|log|stdout|stderr)|.*\.[oe]\d+|slurm-.*|std_?(out|err).*|vasp\.?out.*|job\.(out|err).*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LogName();
}
