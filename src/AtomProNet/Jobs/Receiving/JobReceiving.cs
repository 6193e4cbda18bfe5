using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Calculations;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Transfer;

namespace AtomProNet.Jobs.Receiving;

/// <summary>What is to come back. Immutable.</summary>
public sealed record ReceiveOptions
{
    /// <summary>Names or patterns of the files wanted; empty for all but the code's own large scratch files.</summary>
    public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>Names or patterns of files that are not wanted.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>A folder that gets a folder for each job; null: each job's files come into the folder of its input.</summary>
    public string? Destination { get; init; }
}

/// <summary>Fetches the files of jobs, and has the code that wrote them say how they ended.</summary>
internal sealed class JobReceiving(JobStore store, ClusterLink link, IReadOnlyList<IDftCode> codes, Action<Finding> tell, IProgress<JobProgress>? progress)
{
    // Jobs whose files come in one stream: each of them is safe as soon as its own files are.
    private const int Together = 200;

    /// <summary>Fetches, and writes down what was found.</summary>
    /// <param name="jobs">Jobs of this cluster.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="received">Told of each job when it is done.</param>
    /// <param name="cancellation">Ends it; what has come stays, and the next call fetches the rest.</param>
    public async Task ReceiveAsync(IReadOnlyList<StoredJob> jobs, ReceiveOptions options, Action<StoredJob> received, CancellationToken cancellation)
    {
        int done = 0;
        foreach (StoredJob[] chunk in jobs.Chunk(Together))
        {
            foreach (var group in chunk.GroupBy(j => (j.Code, Base: j.BatchFolder![..j.BatchFolder!.LastIndexOf('/')])))
            {
                StoredJob[] some = [.. group];
                var folders = some.Select(j => new DownloadFolder($"{j.BatchToken}/{StoredJob.FolderName(j.Place!.Value, j.Name)}", FolderOf(j, options))).ToImmutableArray();
                ImmutableArray<string> scratch = options.Include.IsEmpty && codes.FirstOrDefault(c => c.Code == group.Key.Code) is { } code ? code.ScratchFiles : [];
                var request = new DownloadRequest(group.Key.Base, folders) { Include = options.Include, Exclude = [.. options.Exclude, .. scratch] };
                DownloadReport report = await FileTransfer.DownloadAsync(link.Host, request, new Progress(progress, done, jobs.Count), cancellation).ConfigureAwait(false);
                FaultPoint.Reach(FaultPoint.FilesReceived);
                var files = report.Files.ToLookup(f => f.Folder);
                for (int i = 0; i < some.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    StoredJob after = Conclude(some[i], folders[i].LocalFolder, [.. files[folders[i]]], report.MissingFolders.Contains(folders[i]), options, cancellation);
                    received(after);
                    done++;
                }
            }
        }
    }

    /// <summary>Where a job's files go. Jobs of one name get their numbers behind it; a folder that was chosen once stays.</summary>
    private string FolderOf(StoredJob job, ReceiveOptions options)
    {
        if (options.Destination is not { } destination || Path.GetDirectoryName(job.Folder) == Path.TrimEndingDirectorySeparator(destination))
        {
            return job.Folder;
        }

        string name = CalculationName.ToFolderName(job.Name);
        bool shared = store.Read(t => t.Count("SELECT COUNT(*) FROM job WHERE name = ?1", job.Name)) > 1;
        return Path.Combine(destination, shared || name != job.Name ? string.Create(CultureInfo.InvariantCulture, $"{name}_{job.Id}") : name);
    }

    private StoredJob Conclude(StoredJob job, string folder, List<DownloadedFile> files, bool isMissing, ReceiveOptions options, CancellationToken cancellation)
    {
        foreach (DownloadedFile file in files.Where(f => f.Problem is not null))
        {
            tell(new(FindingSeverity.Warning, "FileNotReceived", $"{file.RelativePath} of job {job.Id} ({job.Name}) was not fetched: {file.Problem}", folder));
        }

        if (isMissing)
        {
            tell(new(FindingSeverity.Warning, "RemoteFolderMissing", $"The folder of job {job.Id} ({job.Name}) on {link.Profile.Name} is gone: {job.RemoteFolder}", folder, "What came earlier is still here; Restart-DftJob runs the job again."));
            return job;
        }

        if (!job.State.IsFinal() || files.Any(f => f.Outcome == DownloadOutcome.Changing))
        {
            // A look at a job that still runs: nothing is concluded from it.
            return job;
        }

        bool moved = folder != job.Folder;
        // Without all its files nothing can be said of how it went, and the rest is still to be fetched: it has not been received.
        bool whole = options.Include.IsEmpty;
        StoredJob after = job with { Received = whole ? DateTimeOffset.UtcNow : job.Received, Folder = folder };
        after = whole ? JobDiagnosis.Apply(after, codes.FirstOrDefault(c => c.Code == job.Code), cancellation) : after;
        store.Write(t =>
        {
            t.Update(job, after);
            if (moved)
            {
                t.Execute("UPDATE job SET folder = ?2 WHERE id = ?1", job.Id, folder);
            }
        });
        return store.Read(t => t.JobsById([job.Id])).FirstOrDefault() ?? after;
    }

    private sealed class Progress(IProgress<JobProgress>? inner, int done, int total) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => inner?.Report(new(string.Create(CultureInfo.InvariantCulture, $"Receiving {value.Files} of {value.TotalFiles} files, {value.Bytes / 1048576.0:F1} of {value.TotalBytes / 1048576.0:F1} MiB"), done, total));
    }
}
