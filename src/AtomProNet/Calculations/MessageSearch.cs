using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using AtomProNet.Files;
using AtomProNet.Text;

namespace AtomProNet.Calculations;

/// <summary>Looks for known messages in what a calculation's folder holds: the job's output and errors, and the end of the code's own output.</summary>
/// <param name="catalogue">What to look for.</param>
/// <param name="newRun">A text that begins a run in the code's output, where one file can hold several: what stands before the last one is of former runs. Null for none.</param>
internal sealed partial class MessageSearch(ImmutableArray<KnownMessage> catalogue, byte[]? newRun)
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
    /// <param name="isLog">Says by its full path whether a file that has the name of a log is one of this calculation; null: the name is enough.</param>
    /// <param name="newRun">A text that begins a run in the output; null where one output is one run.</param>
    internal static List<(KnownMessage Known, ExitCause Cause)> Find(string folder, string? output, ImmutableArray<KnownMessage> catalogue, CancellationToken cancellation, Func<string, bool>? isLog = null, byte[]? newRun = null)
    {
        var search = new MessageSearch(catalogue, newRun);
        DateTime since = output is null ? DateTime.MinValue : File.GetLastWriteTimeUtc(output) - FormerTry;
        foreach (FileInfo file in Logs(folder).Where(f => f.FullName != output && f.LastWriteTimeUtc >= since && (isLog?.Invoke(f.FullName) ?? true)).OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            search.In(file.FullName, skip: Math.Max(0, file.Length - WholeFile), cancellation);
        }

        if (output is not null)
        {
            search.InOutput(output, cancellation);
        }

        return [.. search.found.Values];
    }

    /// <summary>The cause of an end that the code did not come to by itself: its own errors go first, as what follows them (MPI, the scheduler) only sweeps up.</summary>
    internal static ExitCause? Gravest(IEnumerable<(KnownMessage Known, ExitCause Cause)> messages) =>
        messages.Select(m => m.Cause).Where(c => c.IsFatal).OrderBy(c => Rank(c.Kind)).ThenBy(c => c.Line is null ? 1 : 0).FirstOrDefault();

    /// <summary>All causes, the one that was decided on first.</summary>
    internal static ImmutableArray<ExitCause> Ordered(IEnumerable<ExitCause> found, ExitCause? decided)
    {
        ImmutableArray<ExitCause> causes = [.. found.OrderByDescending(c => c == decided).ThenByDescending(c => c.IsFatal).ThenBy(c => c.Code, StringComparer.Ordinal)];
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
            In(stream, path, hasNumbers: skip == 0, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtomProNetException)
        {
            // What cannot be read tells nothing.
        }
    }

    private void InOutput(string path, CancellationToken cancellation)
    {
        try
        {
            using Stream stream = CompressedFile.OpenRead(path);
            using Stream end = EndOf(stream, out bool isWhole, cancellation);
            In(end, path, isWhole, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AtomProNetException)
        {
            // What cannot be read tells nothing.
        }
    }

    /// <summary>The last bytes of a stream; one that is packed has to be read to get there.</summary>
    private static Stream EndOf(Stream stream, out bool isWhole, CancellationToken cancellation)
    {
        if (stream.CanSeek)
        {
            isWhole = stream.Length <= End;
            stream.Seek(Math.Max(0, stream.Length - End), SeekOrigin.Begin);
            return stream;
        }

        // Two halves, of which the older is dropped when the newer is full.
        byte[] older = [], newer = new byte[End];
        int filled = 0;
        isWhole = true;
        try
        {
            while (stream.Read(newer, filled, End - filled) is > 0 and int count)
            {
                cancellation.ThrowIfCancellationRequested();
                filled += count;
                if (filled == End)
                {
                    isWhole &= older.Length == 0;
                    (older, newer, filled) = (newer, older.Length == 0 ? new byte[End] : older, 0);
                }
            }
        }
        catch (InvalidDataException)
        {
            // A damaged archive: what stands before the damage.
        }

        return new MemoryStream([.. older, .. newer.AsSpan(0, filled)]);
    }

    private void In(Stream stream, string path, bool hasNumbers, CancellationToken cancellation)
    {
        using var lines = new Utf8LineReader(stream, cancellation);
        // A message may be the last line, without its end; it is no number that could be cut.
        while (lines.Read())
        {
            In(lines.Line, path, hasNumbers ? lines.LineNumber : null);
        }

        In(lines.Rest, path, null);
    }

    private void In(ReadOnlySpan<byte> line, string path, long? number)
    {
        if (line.Length < 6)
        {
            return;
        }

        if (newRun is not null && line.IndexOf(newRun) >= 0)
        {
            foreach (string code in found.Where(f => f.Value.Cause.File == path).Select(f => f.Key).ToList())
            {
                found.Remove(code);
            }
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
