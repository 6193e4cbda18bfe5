using System.Formats.Tar;
using System.Security.Cryptography;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Transfer;

/// <summary>
/// Sends one folder. It is unpacked beside its place, under a name with <c>.part</c> in it; when every hash is right, it gets its
/// name. What a broken try left there is looked at first, and only what is missing or wrong is sent.
/// </summary>
/// <remarks>
/// Each try unpacks into a folder of its own, and takes what an earlier one brought as further names of the same files (hard links; where the disk has none,
/// all is sent again). The tar of a try whose client was killed may go on over there for a while: it writes into its own folder, where it harms nobody.
/// </remarks>
internal sealed class FileUpload(IHost host, UploadRequest request, IProgress<TransferProgress>? progress)
{
    // The folders that this and earlier tries unpack into.
    private const string Parts = "\"$d\".part.[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]";

    // What is half done goes. A try that still works in such a folder ends, since it is no longer there.
    private const string RemoveParts = $"for o in {Parts}; do [ ! -d \"$o\" ] || rm -rf -- \"$o\" 2>/dev/null; done; true";

    private readonly string folder = request.RemoteFolder, part = $"{request.RemoteFolder}.part.{Guid.NewGuid().ToString("N")[..8]}";
    private readonly Dictionary<string, string> sent = new(StringComparer.Ordinal);
    private long bytes, totalBytes;

    public async Task<UploadReport> RunAsync(CancellationToken cancellation)
    {
        ThrowUnlessUsable();
        (bool isWhole, Dictionary<string, string>? there) = await LookAsync(cancellation).ConfigureAwait(false);
        List<UploadFile> missing = there is null ? [.. request.Files] : Missing(there, cancellation);
        if (isWhole)
        {
            return missing.Count == 0 ? new(0, 0, request.Files.Length) : throw new AtomProNetException(ErrorKind.AlreadyExists, "RemoteFolderDiffers", $"On {host.Name} there is a folder of this name already, with another {missing[0].RelativePath}.", file: folder, remedy: "Remove that folder there, or send under another name.");
        }

        totalBytes = missing.Sum(Length);
        // A try that was cut between the last file and the name has left nothing to send; a tar of nothing is none to GNU's tar.
        Dictionary<string, string> arrived = missing.Count == 0 ? there! : await SendAsync(missing, cancellation).ConfigureAwait(false);
        foreach (UploadFile file in request.Files)
        {
            if (!arrived.TryGetValue(file.RelativePath, out string? hash) || (sent.TryGetValue(file.RelativePath, out string? own) && own != hash))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "TransferDamaged", $"A file did not arrive as it was sent to {host.Name}.", file: file.RelativePath, remedy: "Call again; if it happens once more, see to that host's disk.");
            }
        }

        HostAnswer named = await host.RunAsync($"d={PosixShell.Quote(folder)} p={PosixShell.Quote(part)}\n[ ! -e \"$d\" ] && [ ! -L \"$d\" ] || {{ echo 'There is something of this name by now.' >&2; exit 1; }}\nmv -- \"$p\" \"$d\" || exit 1\n{RemoveParts}", cancellation).ConfigureAwait(false);
        TransferErrors.ThrowUnlessDone(host, named, folder);
        return new(missing.Count, bytes, request.Files.Length - missing.Count);
    }

    private void ThrowUnlessUsable()
    {
        if (!folder.StartsWith('/') || folder.EndsWith('/') || folder.Contains('\0', StringComparison.Ordinal))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "RemoteFolderInvalid", "A folder on a host is an absolute path.", value: folder);
        }

        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (UploadFile file in request.Files)
        {
            string? why = RemotePath.WhyUnusable(file.RelativePath) ?? (paths.Add(file.RelativePath) ? null : "it is there twice");
            if (why is not null)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "UploadPathInvalid", $"A file cannot be sent under this path: {why}.", value: file.RelativePath);
            }
        }
    }

    /// <summary>What is there already; null where nothing is.</summary>
    private async Task<(bool IsWhole, Dictionary<string, string>? Hashes)> LookAsync(CancellationToken cancellation)
    {
        string text = HashList.Prologue + $"d={PosixShell.Quote(folder)} p={PosixShell.Quote(part)}\n"
            + "if [ -d \"$d\" ]; then echo whole; cd \"$d\" || exit 1; else\n"
            + $"found=; for o in {Parts}; do if [ -d \"$o\" ] && [ ! -L \"$o\" ]; then found=1; (umask 077; mkdir -p -- \"$p\") || exit 1; cp -al -- \"$o/.\" \"$p/\" 2>/dev/null; fi; done\n"
            + "[ -n \"$found\" ] || { echo nothing; exit 0; }\necho part; cd \"$p\" || exit 1; fi\n"
            + "find . -type f -exec $h {} +\n";
        HostAnswer answer = await host.RunAsync(new HostCommand(text) { Timeout = Timeout.InfiniteTimeSpan }, cancellation).ConfigureAwait(false);
        TransferErrors.ThrowUnlessDone(host, answer, folder);
        int line = answer.OutputBytes.Span.IndexOf((byte)'\n');
        string word = answer.Output[..Math.Max(0, answer.Output.IndexOf('\n', StringComparison.Ordinal))];
        return word == "nothing" ? (false, null) : (word == "whole", HashList.Read(answer.OutputBytes.Span[(line + 1)..]));
    }

    private List<UploadFile> Missing(Dictionary<string, string> there, CancellationToken cancellation)
    {
        var missing = new List<UploadFile>();
        foreach (UploadFile file in request.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!there.TryGetValue(file.RelativePath, out string? hash) || hash != HashOf(file))
            {
                missing.Add(file);
            }
            else
            {
                sent[file.RelativePath] = hash;
            }
        }

        return missing;
    }

    private async Task<Dictionary<string, string>> SendAsync(List<UploadFile> files, CancellationToken cancellation)
    {
        // Private to the user, and owned by him even where root unpacks.
        string text = HashList.Prologue + $"umask 077\nd={PosixShell.Quote(folder)} p={PosixShell.Quote(part)}\nmkdir -p -- \"$p\" && cd \"$p\" || exit 1\n"
            + $"e=$(tar -xof - 2>&1) || {{ c=$?; cat >/dev/null; printf '%s\\n' \"$e\" >&2; case $e in *'o space left'*|*uota*) cd /; {RemoveParts} ;; esac; exit $c; }}\n"
            + "find . -type f -exec $h {} +\n";
        var pipe = new BytePipe();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task writing = WriteAsync(pipe, files, ending.Token);
        try
        {
            HostAnswer answer = await host.RunAsync(new HostCommand(text) { Input = pipe.Reader, Timeout = Timeout.InfiniteTimeSpan }, cancellation).ConfigureAwait(false);
            await pipe.Reader.DisposeAsync().ConfigureAwait(false);
            if (writing.IsFaulted && answer.Failure is null)
            {
                await writing.ConfigureAwait(false);
            }

            TransferErrors.ThrowUnlessDone(host, answer, folder);
            return HashList.Read(answer.OutputBytes.Span);
        }
        finally
        {
            await pipe.Reader.DisposeAsync().ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
            _ = writing.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task WriteAsync(BytePipe pipe, List<UploadFile> files, CancellationToken cancellation)
    {
        try
        {
            await using (var tar = new TarWriter(pipe.Writer, TarEntryFormat.Pax, leaveOpen: true))
            {
                int done = 0;
                foreach (UploadFile file in files)
                {
                    await using Stream content = Open(file);
                    await using var hashed = new HashedReading(content, count =>
                    {
                        bytes += count;
                        progress?.Report(new(bytes, totalBytes, done, files.Count));
                    });
                    var entry = new PaxTarEntry(TarEntryType.RegularFile, file.RelativePath)
                    {
                        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | (file.IsExecutable ? UnixFileMode.UserExecute : 0),
                        ModificationTime = DateTimeOffset.UtcNow,
                        DataStream = hashed,
                    };
                    await tar.WriteEntryAsync(entry, cancellation).ConfigureAwait(false);
                    if (!hashed.IsComplete)
                    {
                        throw new AtomProNetException(ErrorKind.InvalidData, "FileChangedWhileSent", "The file changed while it was sent.", file: file.LocalPath, remedy: "Call again when nothing writes to it any more.");
                    }

                    sent[file.RelativePath] = hashed.HashText();
                    done++;
                }
            }

            await pipe.Writer.DisposeAsync().ConfigureAwait(false);
            progress?.Report(new(bytes, totalBytes, files.Count, files.Count));
        }
        catch (Exception e)
        {
            // The reader is to fail with this, not to see an end of the bytes.
            pipe.Fail(e);
            throw;
        }
    }

    private static Stream Open(UploadFile file) => file.LocalPath is null ? new MemoryStream(file.Content.ToArray(), writable: false)
        : new FileStream(file.LocalPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);

    private static long Length(UploadFile file) => file.LocalPath is null ? file.Content.Length : new FileInfo(file.LocalPath).Length;

    private static string HashOf(UploadFile file)
    {
        using Stream content = Open(file);
        return Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
    }
}
