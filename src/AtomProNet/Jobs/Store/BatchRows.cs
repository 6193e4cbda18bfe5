namespace AtomProNet.Jobs.Store;

/// <summary>Statements on the tables of batches and requests.</summary>
internal static class BatchRows
{
    private const string Columns = "b.id, b.token, b.cluster, b.request, b.phase, b.owner, b.sendings, b.scheduler_id, b.size, b.bundle, b.throttle, b.dependency, b.created, b.sent, b.asked, b.folder FROM batch b";

    /// <summary>Batches by a condition on <c>b</c>, in the order of their numbers.</summary>
    public static List<StoredBatch> Batches(this StoreTransaction t, string where, params object?[] values) =>
        t.Query($"SELECT {Columns} WHERE {where} ORDER BY b.id", Read, values);

    /// <summary>Writes a request down.</summary>
    public static long AddRequest(this StoreTransaction t, StoredRequest request) =>
        t.Insert("INSERT INTO request (created, options) VALUES (?1, ?2)", t.Now, request.ToJson());

    /// <summary>Requests by their numbers.</summary>
    public static Dictionary<long, StoredRequest> Requests(this StoreTransaction t, IEnumerable<long> ids) =>
        t.Query("SELECT id, options FROM request WHERE id IN (SELECT value FROM json_each(?1))", r => StoredRequest.FromJson(r.Long(0), r.Text(1)), System.Text.Json.JsonSerializer.Serialize(ids.Distinct())).ToDictionary(r => r.Id);

    /// <summary>
    /// Makes somebody the owner of a batch, unless another who lives is: two that send at the same time would both be sure of
    /// themselves.
    /// </summary>
    /// <returns>The batch as it is now; null where it is another's, or has gone on to a later phase.</returns>
    public static StoredBatch? Claim(this StoreTransaction t, StoredBatch batch, StoreOwner owner)
    {
        StoredBatch? now = t.Batches("b.id = ?1", batch.Id).FirstOrDefault();
        string me = owner.ToString();
        if (now is null || now.Phase != batch.Phase || (now.Owner != me && StoreOwner.IsAlive(now.Owner, t.StoreIsLocal)))
        {
            return null;
        }

        t.Execute("UPDATE batch SET owner = ?2 WHERE id = ?1", batch.Id, me);
        return now with { Owner = me };
    }

    private static StoredBatch Read(StoreRow r) => new()
    {
        Id = r.Long(0),
        Token = r.Text(1),
        Cluster = r.Text(2),
        RequestId = r.Long(3),
        Phase = (BatchPhase)r.Int(4),
        Owner = r.TextOrNull(5),
        Sendings = r.Int(6),
        SchedulerId = r.TextOrNull(7),
        Size = r.Int(8),
        Bundle = r.Int(9),
        Throttle = r.IntOrNull(10),
        Dependency = r.TextOrNull(11),
        Created = r.Time(12),
        Sent = r.TimeOrNull(13),
        Asked = r.TimeOrNull(14),
        Folder = r.Text(15),
    };
}
