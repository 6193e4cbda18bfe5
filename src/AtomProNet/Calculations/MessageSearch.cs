using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Text;

namespace AtomProNet.Calculations;

/// <summary>Looks for known messages in what a calculation's folder holds: the job's output and errors, and the end of the code's own output.</summary>
/// <param name="catalogue">What to look for.</param>
internal sealed partial class MessageSearch(ImmutableArray<KnownMessage> catalogue)
{
    private const long WholeFile = 16 << 20;
    private const int End = 256 << 10;

    /// <summary>An error of a former try in the same folder is not one of this run: its files are older than the output.</summary>
    private static readonly TimeSpan FormerTry = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (KnownMessage Known, ExitCause Cause)> found = new(StringComparer.Ordinal);

    /// <summary>The messages that were found, each once, where it was found last.</summary>
    /// <param name="folder">The calculation's folder.</param>
    /// <param name="output">The code's own output, of which only the end is searched: its beginning repeats the input, whose words are no messages. Null where there is none.</param>
    /// <param name="catalogue">What to look for.</param>
    /// <param name="cancellation">Ends the search.</param>
    internal static List<(KnownMessage Known, ExitCause Cause)> Find(string folder, string? output, ImmutableArray<KnownMessage> catalogue, CancellationToken cancellation)
    {
        var search = new MessageSearch(catalogue);
        DateTime since = output is null ? DateTime.MinValue : File.GetLastWriteTimeUtc(output) - FormerTry;
        foreach (FileInfo file in Logs(folder).Where(f => f.FullName != output && f.LastWriteTimeUtc >= since).OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            search.In(file.FullName, skip: Math.Max(0, file.Length - WholeFile), cancellation);
        }

        if (output is not null && !output.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            search.In(output, Math.Max(0, new FileInfo(output).Length - End), cancellation);
        }

        return [.. search.found.Values];
    }

    /// <summary>The cause of an end that the code did not come to by itself: its own errors go first, as what follows them (MPI, the scheduler) only sweeps up.</summary>
    internal static ExitCause? Gravest(IEnumerable<(KnownMessage Known, ExitCause Cause)> messages) =>
        messages.Select(m => m.Cause).Where(c => c.IsFatal).OrderBy(c => Rank(c.Kind)).ThenBy(c => c.Line is null ? 1 : 0).FirstOrDefault();

    /// <summary>All causes, the one that was decided on first.</summary>
    internal static ImmutableArray<ExitCause> Ordered(IEnumerable<(KnownMessage Known, ExitCause Cause)> messages, ExitCause? decided)
    {
        ImmutableArray<ExitCause> causes = [.. messages.Select(m => m.Cause).OrderByDescending(c => c == decided).ThenByDescending(c => c.IsFatal).ThenBy(c => c.Code, StringComparer.Ordinal)];
        return decided is null || causes.Contains(decided) ? causes : causes.Insert(0, decided);
    }

    /// <summary>Whether a file is the output of a job, by its name: vasp.out, slurm-12.out, job.o123, stderr …</summary>
    internal static bool IsLog(string name) => LogName().IsMatch(name);

    private static int Rank(ExitKind kind) => kind switch
    {
        ExitKind.NumericalError or ExitKind.BadInput or ExitKind.PotentialMissing => 0,
        ExitKind.OutOfMemory => 1,
        ExitKind.TimeLimit => 2,
        ExitKind.Environment => 3,
        _ => 4,
    };

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

    private void In(string path, long skip, CancellationToken cancellation)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            stream.Seek(skip, SeekOrigin.Begin);
            using var lines = new Utf8LineReader(stream, cancellation);
            // A message may be the last line, without its end; it is no number that could be cut.
            while (lines.Read())
            {
                In(lines.Line, path, skip == 0 ? lines.LineNumber : null);
            }

            In(lines.Rest, path, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtomProNetException)
        {
            // What cannot be read tells nothing.
        }
    }

    private void In(ReadOnlySpan<byte> line, string path, long? number)
    {
        if (line.Length < 6)
        {
            return;
        }

        foreach (KnownMessage known in catalogue)
        {
            foreach (byte[] text in known.Texts)
            {
                if (line.IndexOf(text) >= 0)
                {
                    string evidence = Encoding.UTF8.GetString(line).Trim(' ', '|', '\t');
                    found[known.Code] = (known, new(known.Kind, known.Code, known.IsFatal, known.Message, known.Remedy, path, number, evidence));
                    break;
                }
            }
        }
    }

    [GeneratedRegex(@"^(.*\.(out|err|log|stdout|stderr)|.*\.[oe]\d+|slurm-.*|std_?(out|err).*|vasp\.?out.*|job\.(out|err).*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LogName();
}
