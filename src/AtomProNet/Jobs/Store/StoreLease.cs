using System.Globalization;
using System.Text;

namespace AtomProNet.Jobs.Store;

/// <summary>
/// The sole right to a store that lies where several machines write. A file beside the store that only one can create
/// (O_EXCL, which NFS 3 and later keep) names the machine and the process; whoever holds it renews it, so that one left behind by a
/// machine that died is known by its age, and one left by a dead process of this machine at once.
/// </summary>
internal sealed class StoreLease : IDisposable
{
    /// <summary>A lease that nobody has renewed for so long belongs to nobody.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);
    private readonly string path;
    private readonly Timer timer;

    private StoreLease(string path)
    {
        this.path = path;
        timer = new(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Takes the lease, waiting for whoever has it.</summary>
    /// <param name="path">The lease's file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="AtomProNetException">Another process has it all the time.</exception>
    public static StoreLease Take(string path, TimeSpan patience, CancellationToken cancellation)
    {
        long end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (TryCreate(path))
                {
                    return new(path);
                }
            }
            catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows() && Environment.TickCount64 < end)
            {
                // A file that is removed while somebody looks into it stands there until he has done, and is denied to all.
                cancellation.WaitHandle.WaitOne(100);
                continue;
            }

            ProcessIdentity? holder = Holder(path);
            if (IsAbandoned(path, holder) && RemoveAbandoned(path, holder))
            {
                continue;
            }

            if (Environment.TickCount64 >= end)
            {
                throw new AtomProNetException(
                    ErrorKind.Unavailable, "JobStoreBusy",
                    holder is null ? "Another process is using the store of jobs." : string.Create(CultureInfo.InvariantCulture, $"Process {holder.Id} on {holder.Host} is using the store of jobs."),
                    file: path,
                    remedy: "The store lies on a network file system, where one process at a time may use it: wait for the other, or move the store to a local disk with ATOMPRONET_HOME.");
            }

            cancellation.WaitHandle.WaitOne(100);
        }
    }

    /// <summary>Gives the lease back.</summary>
    public void Dispose()
    {
        using (var done = new ManualResetEvent(false))
        {
            // A renewal under way must not bring the file back after it was removed.
            if (timer.Dispose(done))
            {
                done.WaitOne();
            }
        }

        if (Holder(path) == ProcessIdentity.Current)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next one finds that its process has gone, or waits for its end.
            }
        }
    }

    private static bool TryCreate(string path)
    {
        try
        {
            using FileStream file = Create(path, FileShare.Read);
            file.Write(Encoding.UTF8.GetBytes(ProcessIdentity.Current + "\n"));
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>A new file that is the user's alone; the machine's name and a process's number are nobody else's business.</summary>
    private static FileStream Create(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, options);
    }

    private static ProcessIdentity? Holder(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return ProcessIdentity.Parse(reader.ReadToEnd());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsAbandoned(string path, ProcessIdentity? holder)
    {
        if (holder?.IsAlive() == false)
        {
            return true;
        }

        // Both times are the file server's, so that clocks that differ do no harm.
        try
        {
            string probe = $"{path}.{Guid.NewGuid():N}.tmp";
            Create(probe, FileShare.None).Dispose();
            DateTime now = File.GetLastWriteTimeUtc(probe);
            File.Delete(probe);
            return File.Exists(path) && now - File.GetLastWriteTimeUtc(path) > Lifetime;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Two may find the same lease abandoned: it is moved away first, which one of them does, and looked at before it is thrown away.</summary>
    private static bool RemoveAbandoned(string path, ProcessIdentity? holder)
    {
        string aside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.Move(path, aside);
            if (Holder(aside) != holder)
            {
                // Somebody new had just taken it.
                File.Move(aside, path, overwrite: false);
            }
            else
            {
                File.Delete(aside);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The other was faster, or looks into it.
            return false;
        }
    }

    private void Renew()
    {
        try
        {
            if (Holder(path) == ProcessIdentity.Current)
            {
                // Written, not stamped: the time is then the file server's.
                using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                file.Write(Encoding.UTF8.GetBytes(ProcessIdentity.Current + "\n"));
                file.Flush(flushToDisk: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next renewal may do.
        }
    }
}
