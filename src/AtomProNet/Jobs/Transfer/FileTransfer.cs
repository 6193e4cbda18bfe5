using System.Collections.Immutable;
using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Jobs.Transfer;

/// <summary>Files to and from a host: one tar stream each way, verified by hash, carried on where it was cut, whole or not at all.</summary>
public static class FileTransfer
{
    /// <summary>Sends a folder.</summary>
    /// <param name="host">Where to.</param>
    /// <param name="request">What.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Ends it; the next call carries on.</param>
    /// <exception cref="AtomProNetException">The host was not reached or lost, its disk is full, or a hash is wrong.</exception>
    public static Task<UploadReport> UploadAsync(IHost host, UploadRequest request, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default) =>
        new FileUpload(host, request, progress).RunAsync(cancellation);

    /// <summary>Fetches what has changed in folders.</summary>
    /// <param name="host">Where from.</param>
    /// <param name="request">What.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Ends it; the next call carries on.</param>
    /// <exception cref="AtomProNetException">The host was not reached or lost, a disk is full, or a hash is wrong.</exception>
    public static Task<DownloadReport> DownloadAsync(IHost host, DownloadRequest request, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default) =>
        new FileDownload(host, request, progress).RunAsync(cancellation);
}

/// <summary>A file that goes out.</summary>
/// <param name="RelativePath">Where it will lie in the remote folder, with <c>/</c> between the parts.</param>
/// <param name="LocalPath">The file here, as a full path; null where the content is given.</param>
/// <param name="Content">The content where it is no file.</param>
/// <param name="IsExecutable">Whether it will be executable.</param>
public sealed record UploadFile(string RelativePath, string? LocalPath, ReadOnlyMemory<byte> Content = default, bool IsExecutable = false);

/// <summary>A folder that goes out.</summary>
/// <param name="RemoteFolder">Where it will stand: an absolute path; it appears when all of it is there and verified. If it is there already with the same files, nothing is sent.</param>
/// <param name="Files">The files.</param>
public sealed record UploadRequest(string RemoteFolder, ImmutableArray<UploadFile> Files);

/// <summary>What was sent.</summary>
/// <param name="FilesSent">Files that went over the wire.</param>
/// <param name="BytesSent">Their bytes.</param>
/// <param name="FilesThere">Files that an earlier, broken upload had brought already.</param>
public sealed record UploadReport(int FilesSent, long BytesSent, int FilesThere);

/// <summary>A folder to be fetched.</summary>
/// <param name="RemoteFolder">Relative to the request's base, with <c>/</c> between the parts.</param>
/// <param name="LocalFolder">Where its files go, as a full path; it need not exist.</param>
public sealed record DownloadFolder(string RemoteFolder, string LocalFolder);

/// <summary>Folders to be fetched, in one stream.</summary>
/// <param name="RemoteBase">The absolute path that the folders lie in.</param>
/// <param name="Folders">The folders.</param>
public sealed record DownloadRequest(string RemoteBase, ImmutableArray<DownloadFolder> Folders)
{
    /// <summary>Names or patterns (<c>*</c>, <c>?</c>) of the files wanted, by file name or, where they hold a <c>/</c>, by path; empty for all.</summary>
    public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>The same for files that are not wanted.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];
}

/// <summary>What became of a file that was to be fetched.</summary>
/// <param name="Folder">The folder it lies in.</param>
/// <param name="RelativePath">Its path there.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, lower-case hex; null where it was not fetched.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Problem">Why it was not fetched.</param>
public sealed record DownloadedFile(DownloadFolder Folder, string RelativePath, long Bytes, string? Sha256, DownloadOutcome Outcome, string? Problem = null);

/// <summary>What became of a file that was to be fetched.</summary>
public enum DownloadOutcome
{
    /// <summary>It was fetched and its hash is right.</summary>
    Fetched,
    /// <summary>It is here already and has not changed over there.</summary>
    Unchanged,
    /// <summary>It changed while it was read: a job still writes to it. The next call tries again.</summary>
    Changing,
    /// <summary>It was refused (a link that leads out, a device, a name that cannot stand here).</summary>
    Refused,
}

/// <summary>What was fetched.</summary>
/// <param name="Files">Every file, in the order of the listing.</param>
/// <param name="BytesReceived">Bytes of files that went over the wire.</param>
/// <param name="MissingFolders">Folders that do not exist over there.</param>
public sealed record DownloadReport(ImmutableArray<DownloadedFile> Files, long BytesReceived, ImmutableArray<DownloadFolder> MissingFolders);

/// <summary>How far a transfer is.</summary>
/// <param name="Bytes">Bytes so far.</param>
/// <param name="TotalBytes">Bytes in all.</param>
/// <param name="Files">Whole files so far.</param>
/// <param name="TotalFiles">Files in all.</param>
public sealed record TransferProgress(long Bytes, long TotalBytes, int Files, int TotalFiles);
