using AtomProNet.Files;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Finds the data-file-schema.xml that belongs to a standard output: by where pw.x says that it wrote it, and by the clock.</summary>
internal static class PwXmlSearch
{
    /// <summary>The name that pw.x gives the file.</summary>
    internal const string FileName = "data-file-schema.xml";

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>The document and the run (from 0) of the output that it belongs to; nothing where there is none, or it is of another run.</summary>
    internal static (PwXmlDocument? Document, int? Run) Find(string path, CancellationToken cancellation)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null)
        {
            return default;
        }

        (List<(DateTime? Start, DateTime? End)> runs, List<string> saves) = Scan(path, cancellation);
        foreach (string candidate in Candidates(folder, saves))
        {
            PwXmlDocument document;
            try
            {
                using Stream stream = CompressedFile.OpenRead(candidate);
                document = PwXmlParser.Read(stream, cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (RunOf(document, runs) is { } run)
            {
                return (document, run);
            }
        }

        return default;
    }

    private static IEnumerable<string> Candidates(string folder, List<string> saves)
    {
        var names = new List<string> { Path.Combine(folder, FileName), Path.Combine(folder, FileName + ".gz") };
        foreach (string save in saves)
        {
            // outdir is relative to where pw.x ran, which is where its output lies; on another machine only the last part is left.
            names.Add(Path.Combine(folder, save, FileName));
            names.Add(Path.Combine(folder, Path.GetFileName(save.TrimEnd('/')), FileName));
        }

        return names.Distinct(StringComparer.Ordinal).Where(File.Exists);
    }

    /// <summary>An XML was written between the beginning and the end of its run, or shortly before the end.</summary>
    private static int? RunOf(PwXmlDocument document, List<(DateTime? Start, DateTime? End)> runs)
    {
        if (document.CreatedAt is not { } created)
        {
            return runs.Count == 1 ? 0 : null;
        }

        for (int i = runs.Count - 1; i >= 0; i--)
        {
            DateTime? end = runs[i].End ?? (i + 1 < runs.Count ? runs[i + 1].Start : null);
            if (runs[i].Start is { } start && created >= start - Margin && (end is null || created <= end + Margin))
            {
                return i;
            }
        }

        return null;
    }

    private static (List<(DateTime? Start, DateTime? End)> Runs, List<string> Saves) Scan(string path, CancellationToken cancellation)
    {
        var runs = new List<(DateTime? Start, DateTime? End)>();
        var saves = new List<string>();
        using Stream stream = CompressedFile.OpenRead(path);
        using var reader = new Utf8LineReader(stream, cancellation);
        while (reader.Read())
        {
            ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
            if (t.StartsWith("Program PWSCF"u8))
            {
                int on = t.IndexOf("starts on "u8);
                runs.Add((on < 0 ? null : PwTime.Parse(t[(on + "starts on "u8.Length)..]), null));
            }
            else if (t.StartsWith("This run was terminated on"u8) && runs.Count > 0)
            {
                runs[^1] = (runs[^1].Start, PwTime.Parse(t["This run was terminated on"u8.Length..]));
            }
            else if (t.StartsWith("Writing "u8))
            {
                // "Writing output data file ./tmp/x.save/", later "Writing all to output data dir ./tmp/x.save/ :"
                int at = t.IndexOf("data file "u8), dir = t.IndexOf("data dir "u8);
                ReadOnlySpan<byte> name = at >= 0 ? t[(at + "data file "u8.Length)..] : dir >= 0 ? t[(dir + "data dir "u8.Length)..] : default;
                string save = Utf8Fields.ToText(name.TrimEnd(" :"u8));
                if (save.Length > 0 && !saves.Contains(save) && saves.Count < 8 && save.IndexOf('\0', StringComparison.Ordinal) < 0)
                {
                    saves.Add(save);
                }
            }
        }

        return (runs, saves);
    }
}
