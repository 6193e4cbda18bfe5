using System.Formats.Tar;
using System.Text;
using AtomProNet.Files;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Shell;

namespace AtomProNet.Jobs.Transfer;

/// <summary>
/// Fetches what has changed in folders of a host: a listing, the hashes of what is wanted, then one tar stream. Each file is put in its
/// place when its hash is right, so a stream that is cut leaves whole files, and the next call fetches the others.
/// </summary>
internal sealed class FileDownload(IHost host, DownloadRequest request, IProgress<TransferProgress>? progress)
{
    private readonly Dictionary<string, Wanted> wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReceivedFiles> received = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> spellings = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<DownloadedFile> report = [];
    private long bytes, totalBytes;
    private int done;

    /// <summary>Whether names that differ in case alone are one file on this computer; for tests.</summary>
    internal bool IgnoresCase { get; init; } = PathNames.IgnoresCase;

    public async Task<DownloadReport> RunAsync(CancellationToken cancellation)
    {
        ThrowUnlessUsable();
        if (request.Folders.IsEmpty)
        {
            return new([], 0, []);
        }

        List<RemoteFile> listing = await ListAsync(cancellation).ConfigureAwait(false);
        var missing = new List<DownloadFolder>();
        // In the same order each time, so that of two names that are one here the same one comes.
        foreach (RemoteFile file in listing.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            Sort(file, missing);
        }

        if (wanted.Count > 0)
        {
            totalBytes = wanted.Values.Sum(w => w.File.Size);
            try
            {
                await HashAsync(cancellation).ConfigureAwait(false);
                await FetchAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                foreach (ReceivedFiles files in received.Values)
                {
                    files.Save();
                }
            }
        }

        foreach (Wanted file in wanted.Values)
        {
            report.Add(file.Done ?? new(file.Folder, file.Path, file.File.Size, null, DownloadOutcome.Changing, file.Hash is null ? "It was gone or could not be read when it was to be fetched." : "It did not come with the others."));
        }

        return new([.. report], bytes, [.. missing]);
    }

    private void ThrowUnlessUsable()
    {
        if (!request.RemoteBase.StartsWith('/'))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "RemoteFolderInvalid", "A folder on a host is an absolute path.", value: request.RemoteBase);
        }

        foreach (DownloadFolder folder in request.Folders)
        {
            if (RemotePath.WhyUnusable(folder.RemoteFolder) is { } why)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "DownloadPathInvalid", $"This folder cannot be fetched: {why}.", value: folder.RemoteFolder);
            }
        }
    }

    private async Task<List<RemoteFile>> ListAsync(CancellationToken cancellation)
    {
        string text = RemoteListing.Command(request.RemoteBase, [.. request.Folders.Select(f => f.RemoteFolder)]);
        HostAnswer answer = await host.RunAsync(new HostCommand(text) { Timeout = Timeout.InfiniteTimeSpan }, cancellation).ConfigureAwait(false);
        TransferErrors.ThrowUnlessDone(host, answer, request.RemoteBase);
        if (SomethingUnread(answer.Error) is { } unread)
        {
            throw new AtomProNetException(ErrorKind.PermissionDenied, "RemoteFolderForbidden", $"A folder on {host.Name} cannot be read.", file: request.RemoteBase, value: unread);
        }

        return RemoteListing.Read(answer.OutputBytes.Span);
    }

    private static string? SomethingUnread(string error) => error.Split('\n').FirstOrDefault(l => l.Contains("Permission denied", StringComparison.Ordinal) || l.Contains("Input/output error", StringComparison.Ordinal));

    /// <summary>Decides what becomes of a listed file.</summary>
    private void Sort(RemoteFile file, List<DownloadFolder> missing)
    {
        if (Folders().TryGetValue(file.Path, out DownloadFolder? whole))
        {
            if (file.Type == "missing")
            {
                missing.Add(whole);
            }
            else
            {
                // A file, or a link, where a folder was expected.
                report.Add(new(whole, "", 0, null, DownloadOutcome.Refused, "It is no folder."));
            }

            return;
        }

        DownloadFolder? folder = FolderOf(file.Path);
        if (folder is null)
        {
            return;
        }

        string path = file.Path[(folder.RemoteFolder.Length + 1)..];
        if (!IsWanted(path))
        {
            return;
        }

        string? refused = RemotePath.WhyUnusable(path) is { } why ? $"Its path cannot be used: {why}." : RemotePath.WhyImpossibleHere(path) is { } here ? $"Its path cannot stand here: {here}."
            : path == ReceivedFiles.FileName ? "Its name is taken here." : file.Type switch { "f" => OtherSpelling(folder, path) is { } other ? $"It would be the same file as {other} here." : null, "l" => "It is a link, and links are not followed.", _ => "It is no file (a device, pipe or socket)." };
        if (refused is not null)
        {
            report.Add(new(folder, path, file.Size, null, DownloadOutcome.Refused, refused));
        }
        else if (Received(folder).Unchanged(path, file) is { } hash)
        {
            report.Add(new(folder, path, file.Size, hash, DownloadOutcome.Unchanged));
        }
        else
        {
            wanted[file.Path] = new(folder, path, file);
        }
    }

    /// <summary>A file that came before under a name that differs in case alone, where that is one file here; null where there is none.</summary>
    private string? OtherSpelling(DownloadFolder folder, string path)
    {
        string place = RemotePath.Below(folder.LocalFolder, path);
        return IgnoresCase && !spellings.TryAdd(place, path) ? spellings[place] : null;
    }

    private Dictionary<string, DownloadFolder>? byName;

    private Dictionary<string, DownloadFolder> Folders()
    {
        if (byName is null)
        {
            byName = new(StringComparer.Ordinal);
            foreach (DownloadFolder folder in request.Folders)
            {
                byName[folder.RemoteFolder] = folder;
            }
        }

        return byName;
    }

    /// <summary>The innermost folder that a path lies in.</summary>
    private DownloadFolder? FolderOf(string path)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (Folders().TryGetValue(path[..slash], out DownloadFolder? folder))
            {
                return folder;
            }
        }

        return null;
    }

    private bool IsWanted(string path) => (request.Include.IsEmpty || request.Include.Any(p => NamePattern.Matches(p, path))) && !request.Exclude.Any(p => NamePattern.Matches(p, path));

    private ReceivedFiles Received(DownloadFolder folder)
    {
        if (!received.TryGetValue(folder.LocalFolder, out ReceivedFiles? files))
        {
            received[folder.LocalFolder] = files = ReceivedFiles.Of(folder.LocalFolder);
        }

        return files;
    }

    private MemoryStream Names(IEnumerable<string> paths) => new(Encoding.UTF8.GetBytes(string.Concat(paths.Select(p => "./" + p + "\0"))));

    private async Task HashAsync(CancellationToken cancellation)
    {
        string text = $"cd {PosixShell.Quote(request.RemoteBase)} || exit 1\n{HashList.Prologue}xargs -0 $h\n";
        HostAnswer answer = await host.RunAsync(new HostCommand(text) { Input = Names(wanted.Keys), Timeout = Timeout.InfiniteTimeSpan }, cancellation).ConfigureAwait(false);
        // 123: one of the files could not be read any more.
        TransferErrors.ThrowUnlessDone(host, answer, request.RemoteBase, 123, 1);
        Dictionary<string, string> hashes = HashList.Read(answer.OutputBytes.Span);
        foreach ((string path, Wanted file) in wanted)
        {
            file.Hash = hashes.GetValueOrDefault(path);
        }
    }

    private async Task FetchAsync(CancellationToken cancellation)
    {
        string[] paths = [.. wanted.Where(w => w.Value.Hash is not null).Select(w => w.Key)];
        if (paths.Length == 0)
        {
            return;
        }

        var pipe = new BytePipe();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task taking = TakeAsync(pipe.Reader, ending.Token);
        Exception? broken = null;
        HostAnswer? answer = null;
        try
        {
            answer = await host.RunAsync(new HostCommand($"cd {PosixShell.Quote(request.RemoteBase)} || exit 1\ntar -cf - --null -T -\n") { Input = Names(paths), Output = pipe.Writer, Timeout = Timeout.InfiniteTimeSpan }, cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // What was read here could not be put in its place; the reason is the reader's.
            broken = e;
        }
        finally
        {
            if (answer?.Outcome == HostOutcome.Finished)
            {
                await pipe.Writer.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                pipe.Fail(new EndOfStreamException());
            }
        }

        try
        {
            await taking.ConfigureAwait(false);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException)
        {
            // Cut in the middle: what had arrived whole is in its place.
            if (answer is not null)
            {
                TransferErrors.ThrowUnlessDone(host, answer, request.RemoteBase, 1, 2);
            }

            throw new AtomProNetException(ErrorKind.InvalidData, "TarDamaged", $"What {host.Name} sent is no whole tar.", value: e.Message, remedy: "Call again; if it happens once more, see what 'tar' is over there.", inner: e);
        }

        if (broken is not null)
        {
            throw new AtomProNetException(ErrorKind.Unavailable, "TransferFailed", $"The transfer with {host.Name} failed.", inner: broken);
        }

        // 1: a file changed while it was read; 2: one was gone. Their hashes, or their absence, tell which.
        TransferErrors.ThrowUnlessDone(host, answer!, request.RemoteBase, 1, 2);
    }

    private async Task TakeAsync(Stream stream, CancellationToken cancellation)
    {
        try
        {
            await using var tar = new TarReader(stream, leaveOpen: true);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false) is { } entry)
            {
                await TakeAsync(entry, cancellation).ConfigureAwait(false);
            }

            // What follows the end of the archive fills its last block.
            await stream.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(TarEntry entry, CancellationToken cancellation)
    {
        string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (!wanted.TryGetValue(name, out Wanted? file) || file.Hash is null || file.Done is not null)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "TarEntryRefused", $"{host.Name} sent something that was not asked for{(RemotePath.WhyUnusable(name) is { } why ? ": " + why : "")}.", value: entry.Name, remedy: "See what 'tar' is over there, and who else writes into that folder.");
        }

        string target = RemotePath.Below(file.Folder.LocalFolder, file.Path);
        Stream? content = null;
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                content = entry.DataStream;
                break;
            case TarEntryType.HardLink when wanted.TryGetValue(Trimmed(entry.LinkName), out Wanted? other) && other.Done is { Outcome: DownloadOutcome.Fetched }:
                // Two names of one file: the tar has its content once.
                content = new FileStream(RemotePath.Below(other.Folder.LocalFolder, other.Path), FileMode.Open, FileAccess.Read, FileShare.Read);
                break;
            case TarEntryType.HardLink when wanted.TryGetValue(Trimmed(entry.LinkName), out Wanted? changing) && changing.Done is { Outcome: DownloadOutcome.Changing }:
                file.Done = new(file.Folder, file.Path, file.File.Size, null, DownloadOutcome.Changing, "It changed while it was read.");
                return;
            default:
                throw new AtomProNetException(ErrorKind.InvalidData, "TarEntryRefused", $"{host.Name} sent something that is no file ({entry.EntryType}).", value: entry.Name, remedy: "See what 'tar' is over there, and who else writes into that folder.");
        }

        try
        {
            await PutAsync(file, target, content, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (entry.EntryType == TarEntryType.HardLink && content is not null)
            {
                await content.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task PutAsync(Wanted file, string target, Stream? content, CancellationToken cancellation)
    {
        string hash;
        AtomicFile written;
        try
        {
            written = new AtomicFile(target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TransferErrors.NotWritten(target, e);
        }

        using (written)
        using (var hashing = new HashingStream(written.Stream))
        {
            var buffer = new byte[1 << 16];
            int count;
            while (content is not null && (count = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                try
                {
                    hashing.Write(buffer.AsSpan(0, count));
                }
                catch (IOException e)
                {
                    throw TransferErrors.NotWritten(target, e);
                }

                bytes += count;
                progress?.Report(new(bytes, totalBytes, done, wanted.Count));
            }

            hash = hashing.HashText();
            if (hash != file.Hash)
            {
                file.Done = new(file.Folder, file.Path, file.File.Size, null, DownloadOutcome.Changing, "It changed while it was read.");
                return;
            }

            try
            {
                written.Commit();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw TransferErrors.NotWritten(target, e);
            }
        }

        Received(file.Folder).Note(file.Path, file.File, hash);
        file.Done = new(file.Folder, file.Path, new FileInfo(target).Length, hash, DownloadOutcome.Fetched);
        done++;
        progress?.Report(new(bytes, totalBytes, done, wanted.Count));
    }

    private static string Trimmed(string name) => name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;

    private sealed class Wanted(DownloadFolder folder, string path, RemoteFile file)
    {
        public DownloadFolder Folder { get; } = folder;

        public string Path { get; } = path;

        public RemoteFile File { get; } = file;

        public string? Hash { get; set; }

        public DownloadedFile? Done { get; set; }
    }
}
