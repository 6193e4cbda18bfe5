using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AtomProNet.Jobs.Store;

/// <summary>The tables of the store, and the way from each version of them to the next.</summary>
internal static class StoreSchema
{
    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    // One entry a version; what has been released is never edited, only added to. Times are milliseconds since 1970, UTC.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE request (              -- one call of Submit-DftJob, or one restart: what its jobs share
            id INTEGER PRIMARY KEY,
            created INTEGER NOT NULL,
            options TEXT NOT NULL           -- JSON
        );
        CREATE TABLE batch (                -- what the scheduler is asked to take at one time: a job, or an array of them
            id INTEGER PRIMARY KEY,
            token TEXT NOT NULL UNIQUE,
            cluster TEXT NOT NULL,
            folder TEXT NOT NULL,           -- on the cluster, absolute: a profile may change while jobs are out
            request INTEGER NOT NULL REFERENCES request (id),
            phase INTEGER NOT NULL,
            owner TEXT,                     -- the process that is sending it
            sendings INTEGER NOT NULL DEFAULT 0,
            scheduler_id TEXT,
            size INTEGER NOT NULL,          -- jobs
            bundle INTEGER NOT NULL,        -- jobs an allocation
            throttle INTEGER,               -- allocations that may run at a time
            dependency TEXT,                -- JSON: scheduler ids that it waits for
            created INTEGER NOT NULL,
            sent INTEGER,
            asked INTEGER,                  -- when the scheduler was first asked to take it
            message TEXT
        );
        CREATE INDEX batch_phase ON batch (cluster, phase);
        CREATE TABLE job (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            code TEXT NOT NULL,
            folder TEXT NOT NULL,
            files TEXT NOT NULL,            -- JSON: the names of what goes out
            digest TEXT NOT NULL,           -- of what goes out
            cluster TEXT NOT NULL,
            request INTEGER NOT NULL REFERENCES request (id),
            state INTEGER NOT NULL,
            cause TEXT,
            message TEXT,
            attempt INTEGER NOT NULL DEFAULT 1,
            batch INTEGER REFERENCES batch (id),
            place INTEGER,                  -- which of the batch
            scheduler_id TEXT,
            exit_code INTEGER,
            stop_asked INTEGER NOT NULL DEFAULT 0,
            created INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            missing INTEGER,                -- since when nothing is heard of it
            submitted INTEGER,
            started INTEGER,
            ended INTEGER,
            received INTEGER,
            changes TEXT                    -- JSON: what restarts have changed
        );
        CREATE INDEX job_state ON job (cluster, state);
        CREATE INDEX job_batch ON job (batch, place);
        CREATE INDEX job_folder ON job (folder);
        CREATE TABLE event (                -- the journal: what happened to whom, and when
            id INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            batch INTEGER,
            job INTEGER,
            attempt INTEGER,
            text TEXT NOT NULL
        );
        CREATE INDEX event_job ON event (job);
        CREATE INDEX event_batch ON event (batch);
        CREATE TABLE place (                -- where a cluster's work directory really is
            cluster TEXT PRIMARY KEY,
            work_directory TEXT NOT NULL,   -- as the profile had it
            resolved TEXT NOT NULL
        );
        """,
    ];

    /// <summary>Brings a store to this program's version.</summary>
    /// <exception cref="AtomProNetException">The store is of a later version.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        if (VersionOf(connection) is var present && present == Version)
        {
            return;
        }

        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        present = VersionOf(connection);
        if (present > Version)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "JobStoreTooNew", string.Create(CultureInfo.InvariantCulture, $"The store of jobs has layout version {present}; this program knows version {Version}."), file: connection.DataSource, remedy: "Use the version of AtomProNet.PS that wrote it, or a later one.");
        }

        for (int i = present; i < Version; i++)
        {
            Execute(connection, transaction, Steps[i]);
        }

        Execute(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        transaction.Commit();
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
