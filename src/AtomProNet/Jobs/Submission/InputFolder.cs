using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.Jobs.Submission;

/// <summary>
/// Looks at a folder that is to be run. The contract is small, so that every room can make such folders: it holds a script, <c>job.sh</c>, that does the
/// work in the folder itself and ends with the exit code of what it ran; all else in it goes along. Results of an earlier run stay here.
/// </summary>
internal static class InputFolder
{
    /// <summary>Folders of earlier tries.</summary>
    public const string AttemptPrefix = "attempt-";

    /// <summary>Where job.sh's own output goes.</summary>
    public const string OutputName = "job.out";

    /// <summary>Plans a job.</summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="known">The input that a code's room made there; null for a folder of which only the path is known.</param>
    /// <param name="scriptName">The script's name; null for the input's own, else <c>job.sh</c>.</param>
    /// <param name="codes">The codes that are known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="AtomProNetException">It cannot be run.</exception>
    public static JobPlan Plan(string folder, DftInput? known, string? scriptName, IReadOnlyList<IDftCode> codes, CancellationToken cancellation)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
        {
            throw new AtomProNetException(ErrorKind.NotFound, "JobFolderMissing", "There is no such folder.", folder, remedy: "Make the input first, or check the path.");
        }

        string script = scriptName ?? known?.JobScript ?? JobScript.FileName;
        if (!File.Exists(Path.Combine(folder, script)))
        {
            throw new AtomProNetException(ErrorKind.NotFound, "JobScriptMissing", $"The folder has no {script}, which would run it.", folder, remedy: "Make the input without -NoJobScript, or put a job.sh there that runs the calculation in its own folder.");
        }

        IDftCode? code = known is not null ? codes.FirstOrDefault(c => c.Code == known.Code) : codes.FirstOrDefault(c => c.IsCalculation(folder));
        ImmutableArray<string> files = known is not null ? Checked(folder, known.Files, script) : [.. Find(folder, code)];
        return new()
        {
            Name = known?.Name ?? Path.GetFileName(folder),
            Code = known?.Code ?? code?.Code ?? "",
            Folder = folder,
            Script = script,
            Files = files,
            Digest = DigestOf(folder, files, cancellation),
            Header = ScriptHeader.Read(ScriptText(Path.Combine(folder, script))),
        };
    }

    /// <summary>The script, which a shell on a cluster has to understand.</summary>
    private static string ScriptText(string file)
    {
        string text = Encoding.UTF8.GetString(SharedFile.ReadAllBytes(file));
        string? foreign = text.StartsWith('\uFEFF') ? "The script begins with a byte order mark, which a shell takes for a part of its first word."
            : text.Contains("\r\n", StringComparison.Ordinal) ? "The script has the line ends of Windows, which a shell takes for parts of its words."
            : null;
        return foreign is null ? text : throw new AtomProNetException(
            ErrorKind.InvalidData, "JobScriptLineEnds", foreign, file, remedy: "Write it as plain UTF-8 with LF: $s = Get-Content job.sh -Raw; Set-Content job.sh $s.ReplaceLineEndings(\"`n\") -NoNewline.");
    }

    /// <summary>SHA-256 over the names and contents of files, each with its length before it.</summary>
    public static string DigestOf(string folder, IEnumerable<string> files, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        var buffer = new byte[1 << 16];
        foreach (string file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] name = Encoding.UTF8.GetBytes(file);
            BinaryPrimitives.WriteInt64LittleEndian(length, name.Length);
            hash.AppendData(length);
            hash.AppendData(name);
            using FileStream stream = SharedFile.OpenRead(Path.Combine(folder, file));
            BinaryPrimitives.WriteInt64LittleEndian(length, stream.Length);
            hash.AppendData(length);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    private static ImmutableArray<string> Checked(string folder, ImmutableArray<string> files, string script)
    {
        foreach (string file in files)
        {
            if (!File.Exists(Path.Combine(folder, file)))
            {
                throw new AtomProNetException(ErrorKind.NotFound, "JobFileMissing", $"A file of the input is gone: {file}.", folder, remedy: "Make the input again with -Force.");
            }
        }

        return [.. files.Append(script).Distinct(StringComparer.Ordinal).Select(f => f.Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    /// <summary>All files but results and what earlier tries have left. Links are followed only to files, and only where they stay inside.</summary>
    private static IEnumerable<string> Find(string folder, IDftCode? code)
    {
        var found = new List<string>();
        Walk(new DirectoryInfo(folder), "");
        found.Sort(StringComparer.Ordinal);
        return found;

        void Walk(DirectoryInfo place, string prefix)
        {
            foreach (FileSystemInfo item in place.EnumerateFileSystemInfos())
            {
                if (item.LinkTarget is not null)
                {
                    // A shared file is often linked to; a linked folder could lead anywhere, back here too.
                    if (item.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true })
                    {
                        found.Add(prefix + item.Name);
                        continue;
                    }

                    throw new AtomProNetException(ErrorKind.NotSupported, "JobFolderHoldsLink", "The folder holds a link that leads to no file.", item.FullName, remedy: "Put a copy in its place.");
                }

                if (item is DirectoryInfo inner)
                {
                    if (prefix.Length > 0 || !item.Name.StartsWith(AttemptPrefix, StringComparison.Ordinal))
                    {
                        Walk(inner, prefix + item.Name + "/");
                    }
                }
                else if (code?.IsResultName(item.Name) != true && !(prefix.Length == 0 && item.Name == OutputName) && !(item.Name.StartsWith('.') && item.Name.EndsWith(".tmp", StringComparison.Ordinal)))
                {
                    found.Add(prefix + item.Name);
                }
            }
        }
    }
}
