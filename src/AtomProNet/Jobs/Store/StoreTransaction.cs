using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AtomProNet.Jobs.Store;

/// <summary>One transaction on the store: runs statements with values in their places.</summary>
internal sealed class StoreTransaction(SqliteConnection connection, SqliteTransaction transaction, bool storeIsLocal)
{
    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);

    /// <summary>The moment that is written down for everything in this transaction.</summary>
    public DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    /// <summary>Whether the store is this machine's alone.</summary>
    public bool StoreIsLocal => storeIsLocal;

    /// <summary>Runs a statement; the values stand for ?1, ?2 ….</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params object?[] values) => Bound(sql, values).ExecuteNonQuery();

    /// <summary>Runs an INSERT.</summary>
    /// <returns>The number of the new row.</returns>
    public long Insert(string sql, params object?[] values)
    {
        Bound(sql, values).ExecuteNonQuery();
        return Convert.ToInt64(Bound("SELECT last_insert_rowid()", []).ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>The rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<StoreRow, T> read, params object?[] values)
    {
        using SqliteDataReader reader = Bound(sql, values).ExecuteReader();
        var row = new StoreRow(reader);
        var result = new List<T>();
        while (reader.Read())
        {
            result.Add(read(row));
        }

        return result;
    }

    /// <summary>A number: a count, a sum.</summary>
    public long Count(string sql, params object?[] values) => Convert.ToInt64(Bound(sql, values).ExecuteScalar() is { } v and not DBNull ? v : 0L, CultureInfo.InvariantCulture);

    /// <summary>Writes into the journal.</summary>
    public void Note(string text, long? batch = null, long? job = null, int? attempt = null) =>
        Execute("INSERT INTO event (time, batch, job, attempt, text) VALUES (?1, ?2, ?3, ?4, ?5)", Now, batch, job, attempt, text);

    private SqliteCommand Bound(string sql, object?[] values)
    {
        if (!commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "?" + (i + 1).ToString(CultureInfo.InvariantCulture) });
            }

            commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                Enum name => Convert.ToInt32(name, CultureInfo.InvariantCulture),
                bool truth => truth ? 1 : 0,
                var other => other,
            };
        }

        return command;
    }
}

/// <summary>A row of a query's answer.</summary>
internal sealed class StoreRow(SqliteDataReader reader)
{
    /// <summary>A whole number.</summary>
    public long Long(int column) => reader.GetInt64(column);

    /// <summary>A whole number; null where there is none.</summary>
    public long? LongOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>A small whole number.</summary>
    public int Int(int column) => reader.GetInt32(column);

    /// <summary>A small whole number; null where there is none.</summary>
    public int? IntOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    /// <summary>A text.</summary>
    public string Text(int column) => reader.GetString(column);

    /// <summary>A text; null where there is none.</summary>
    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A moment.</summary>
    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    /// <summary>A moment; null where there is none.</summary>
    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}
