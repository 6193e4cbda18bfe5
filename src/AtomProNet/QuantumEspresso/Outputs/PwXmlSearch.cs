using AtomProNet.Files;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Finds the data-file-schema.xml that belongs to a standard output: by where pw.x says that it wrote it, and by the clock.</summary>
internal static class PwXmlSearch
{
    /// <summary>The name that pw.x gives the file.</summary>
    internal const string FileName = "data-file-schema.xml";

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>The standard output that an XML belongs to: one beside it, or where pw.x ran, one or two folders above the .save folder. Null where there is none.</summary>
    internal static string? FindOutput(string xmlPath, CancellationToken cancellation)
    {
        string? folder = Path.GetDirectoryName(xmlPath);
        for (int above = folder?.EndsWith(".save", StringComparison.Ordinal) == true ? 2 : 0; above >= 0 && folder is not null; above--, folder = Path.GetDirectoryName(folder))
        {
            try
            {
                foreach (string output in Directory.EnumerateFiles(folder).Where(f => PwFileNames.IsOutputName(Path.GetFileName(f)) && PwFileNames.IsOutput(f)).Order(StringComparer.Ordinal))
                {
                    if (Find(output, cancellation).Path == xmlPath)
                    {
                        return output;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that may not be looked into is none to find it in.
            }
        }

        return null;
    }

    /// <summary>The document, the run (from 0) of the output that it belongs to, and its path; nothing where there is none, or it is of another run.</summary>
    internal static (PwXmlDocument? Document, int? Run, string? Path) Find(string path, CancellationToken cancellation)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null)
        {
            return default;
        }

        (List<ScannedRun> runs, List<string> saves) = Scan(path, cancellation);
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
                return (document, run, candidate);
            }
        }

        return default;
    }

    private static IEnumerable<string> Candidates(string folder, List<string> saves)
    {
        var names = new List<string> { Path.Combine(folder, FileName) };
        foreach (string save in saves)
        {
            // outdir is relative to where pw.x ran, which is where its output lies; on another machine only the last part is left.
            names.Add(Path.GetFullPath(Path.Combine(folder, save, FileName)));
            names.Add(Path.Combine(folder, Path.GetFileName(save.TrimEnd('/')), FileName));
        }

        return names.SelectMany(n => (string[])[n, n + ".gz"]).Distinct(StringComparer.Ordinal).Where(File.Exists);
    }

    /// <summary>An XML was written between the beginning and the end of its run, or shortly before the end. Runs of other cells may lie near in time.</summary>
    private static int? RunOf(PwXmlDocument document, List<ScannedRun> runs)
    {
        int? atoms = (document.Output ?? document.Steps.FirstOrDefault())?.Positions.Count;
        if (document.CreatedAt is not { } created)
        {
            return runs.Count == 1 && IsOfCell(runs[0]) ? 0 : null;
        }

        for (int i = runs.Count - 1; i >= 0; i--)
        {
            DateTime? end = runs[i].End ?? (i + 1 < runs.Count ? runs[i + 1].Start : null);
            if (runs[i].Start is { } start && created >= start - Margin && (end is null || created <= end + Margin) && IsOfCell(runs[i]))
            {
                return i;
            }
        }

        return null;

        bool IsOfCell(ScannedRun run) => run.AtomCount is null || atoms is null or 0 || run.AtomCount == atoms;
    }

    private static (List<ScannedRun> Runs, List<string> Saves) Scan(string path, CancellationToken cancellation)
    {
        var runs = new List<ScannedRun>();
        var saves = new List<string>();
        using Stream stream = CompressedFile.OpenRead(path);
        using var reader = new Utf8LineReader(stream, cancellation);
        while (reader.Read())
        {
            ReadOnlySpan<byte> t = reader.Line.TrimStart((byte)' ');
            if (t.StartsWith("Program PWSCF"u8))
            {
                int on = t.IndexOf("starts on "u8);
                runs.Add(new(on < 0 ? null : PwTime.Parse(t[(on + "starts on "u8.Length)..]), null, null));
            }
            else if (t.StartsWith("This run was terminated on"u8) && runs.Count > 0)
            {
                runs[^1] = runs[^1] with { End = PwTime.Parse(t["This run was terminated on"u8.Length..]) };
            }
            else if (t.StartsWith("number of atoms/cell"u8) && runs.Count > 0 && t.IndexOf((byte)'=') is > 0 and var sign && new Utf8Fields(t[(sign + 1)..]).TryReadDouble(out double count))
            {
                runs[^1] = runs[^1] with { AtomCount = runs[^1].AtomCount ?? (int)count };
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

    private sealed record ScannedRun(DateTime? Start, DateTime? End, int? AtomCount);
}
