using System.Globalization;
using AtomProNet.Files;
using Microsoft.Data.Sqlite;

namespace AtomProNet.Jobs.Store;

/// <summary>
/// The user's store of jobs: one SQLite file in the user's data directory. What is committed is on the disk. Several processes may
/// have it open; every change is one short transaction, so that a process that is killed leaves it whole. Open it for a
/// piece of work, not for a day: on a network file system it is one process's alone.
/// </summary>
internal sealed class JobStore : IDisposable
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "jobs.db";

    private readonly SqliteConnection connection;
    private readonly StoreLease? lease;

    private JobStore(SqliteConnection connection, StoreLease? lease)
    {
        this.connection = connection;
        this.lease = lease;
    }

    /// <summary>Opens the user's store, and makes it where there is none.</summary>
    /// <param name="cancellation">Ends the waiting for another process.</param>
    public static JobStore Open(CancellationToken cancellation = default) => Open(UserDirectory.Path, isLocal: null, TimeSpan.FromSeconds(30), cancellation);

    /// <summary>Opens a store.</summary>
    /// <param name="folder">The folder that it lies in.</param>
    /// <param name="isLocal">Whether that is on a disk of this machine; null: look.</param>
    /// <param name="patience">How long to wait for another process.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="AtomProNetException">It is damaged, of a later version, or in use.</exception>
    public static JobStore Open(string folder, bool? isLocal, TimeSpan patience, CancellationToken cancellation = default)
    {
        PrivateFolder.Create(folder);
        string path = Path.Combine(folder, FileName);
        bool local = isLocal ?? StoreFileSystem.IsLocal(folder);
        StoreLease? lease = local ? null : StoreLease.Take(path + ".lease", patience, cancellation);
        SqliteConnection? connection = null;
        try
        {
            PrivateFolder.CreateFile(path);
            connection = new(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWriteCreate,
                // A pooled connection would keep the file and its locks after it was closed.
                Pooling = false,
                DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
                ForeignKeys = true,
            }.ToString());
            connection.Open();
            var store = new JobStore(connection, lease);
            store.Execute(local ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE");
            // An intent must be on the disk before anything leaves: also when the power fails.
            store.Execute("PRAGMA synchronous = FULL");
            StoreSchema.Upgrade(connection);
            return store;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            lease?.Dispose();
            throw Explain(e, path);
        }
        catch
        {
            connection?.Dispose();
            lease?.Dispose();
            throw;
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        connection.Dispose();
        lease?.Dispose();
    }

    /// <summary>Reads, seeing one moment.</summary>
    public T Read<T>(Func<StoreTransaction, T> work) => Run(work, deferred: true);

    /// <summary>Writes: all of it or nothing, and nobody else between.</summary>
    public T Write<T>(Func<StoreTransaction, T> work) => Run(work, deferred: false);

    /// <summary>Writes: all of it or nothing, and nobody else between.</summary>
    public void Write(Action<StoreTransaction> work) => Run(
        t =>
        {
            work(t);
            return true;
        },
        deferred: false);

    private T Run<T>(Func<StoreTransaction, T> work, bool deferred)
    {
        try
        {
            using SqliteTransaction transaction = connection.BeginTransaction(deferred);
            T result = work(new(connection, transaction, lease is null));
            transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            throw Explain(e, connection.DataSource);
        }
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // SQLITE_BUSY 5, LOCKED 6, READONLY 8, CORRUPT 11, FULL 13, CANTOPEN 14, NOTADB 26 (sqlite.org/rescode.html).
    private static AtomProNetException Explain(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        5 or 6 => new(ErrorKind.Unavailable, "JobStoreBusy", "Another process is writing to the store of jobs and does not come to an end.", path, remedy: "Wait for it, or end it; then try again.", inner: e),
        8 or 14 => new(ErrorKind.PermissionDenied, "JobStoreNotWritable", "The store of jobs cannot be opened for writing.", path, remedy: "Check the permissions of its folder, or move it with ATOMPRONET_HOME.", inner: e),
        11 or 26 => new(ErrorKind.InvalidData, "JobStoreDamaged", "The store of jobs is damaged.", path, remedy: "Keep the file; try `sqlite3 jobs.db .recover`. The folders and marker files on the clusters are untouched.", inner: e),
        13 => DiskFull(e, path),
        // A shared-memory file or a journal that cannot grow is an input/output error (10) to SQLite.
        10 when HasNoRoom(path) => DiskFull(e, path),
        _ => new(ErrorKind.Internal, "JobStoreFailed", string.Create(CultureInfo.InvariantCulture, $"The store of jobs failed: {e.Message}"), path, inner: e),
    };

    private static AtomProNetException DiskFull(SqliteException e, string path) => new(ErrorKind.LimitExceeded, "JobStoreDiskFull", "There is no room for the store of jobs.", path, remedy: "Free some space; nothing was sent that is not in the store.", inner: e);

    private static bool HasNoRoom(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace < 1 << 20;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
