using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Http;

namespace AtomProNet.Databases.MaterialsProject;

/// <summary>
/// Asks the Materials Project (https://api.materialsproject.org, summary endpoint) for structures. What comes is complete or an
/// error: each page is counted against the server's own count. Answers are kept on the disk by query and database version and
/// serve when the server does not answer, if they are complete.
/// </summary>
public sealed class MaterialsProjectClient : IDisposable
{
    /// <summary>The cache's folder.</summary>
    public const string CacheName = "materials-project";

    /// <summary>What to do without a key.</summary>
    public const string HowToGetAKey = "Get a key at https://next-gen.materialsproject.org/api (free, after login) and give it as -ApiKey or in the environment variable MP_API_KEY; without one, -Source Bundled serves some well-known crystals.";

    private readonly MaterialsProjectOptions options;
    private readonly DatabaseServer server;
    private readonly object gate = new();
    private Task<string?>? version;

    /// <summary>Prepares a client; nothing is sent yet.</summary>
    /// <exception cref="AtomProNetException">The address cannot be used, or the key would be sent in the clear.</exception>
    public MaterialsProjectClient(MaterialsProjectOptions options)
    {
        this.options = options;
        server = new(options.Server);
    }

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();

    /// <summary>The version of the database, such as <c>2025.09.25</c>; null where the server does not say. It is asked once.</summary>
    /// <exception cref="AtomProNetException">The server refuses or does not answer.</exception>
    public Task<string?> GetDatabaseVersionAsync(CancellationToken token = default)
    {
        lock (gate)
        {
            if (version is null || version.IsFaulted || version.IsCanceled)
            {
                version = AskVersionAsync(token);
            }

            return version;
        }
    }

    /// <summary>
    /// The materials that match, stable ones first, then by energy above the hull. An entry without a structure says why; the
    /// others go on. An id that the database does not have is an entry with an error, too.
    /// </summary>
    /// <exception cref="AtomProNetException">
    /// The server refuses, does not answer and the cache has no complete answer, or its answer is not complete.
    /// </exception>
    public async IAsyncEnumerable<DatabaseEntry> FindAsync(MaterialQuery query, [EnumeratorCancellation] CancellationToken token = default)
    {
        if (query.First is <= 0)
        {
            yield break;
        }

        if (query.MaterialIds.IsEmpty)
        {
            await foreach ((MaterialDocument document, long total) in PagesAsync(query, [], query.First, token).ConfigureAwait(false))
            {
                yield return Entry(document, total);
            }

            yield break;
        }

        // A long list goes in parts, which are put into one order when all of them are here.
        var ids = query.MaterialIds.Distinct(StringComparer.Ordinal).ToImmutableArray();
        var found = new List<MaterialDocument>();
        foreach (ImmutableArray<string> part in ids.Chunk(options.IdsPerRequest).Select(part => part.ToImmutableArray()))
        {
            await CollectAsync(query, part, found, token).ConfigureAwait(false);
        }

        foreach (MaterialDocument document in found.OrderBy(d => d.Rank).Take(query.First ?? int.MaxValue))
        {
            yield return Entry(document, found.Count);
        }

        var known = found.Select(d => d.MaterialId).ToHashSet(StringComparer.Ordinal);
        foreach (string id in ids.Where(id => !known.Contains(id)))
        {
            // The same material under another id (ids move between releases) comes back under its own name, and the count fits.
            string filtered = query with { MaterialIds = [], First = null } is { IsRestricted: true } ? " that fits the other conditions" : "";
            yield return new(id, null, new(ErrorKind.NotFound, "MaterialNotFound", $"The Materials Project has no material '{id}'{filtered}.", remedy: "Check the id; withdrawn materials are found with -Deprecated. A formula is written as in the periodic table: Al2O3."), found.Count);
        }
    }

    private static DatabaseEntry Entry(MaterialDocument document, long total) => new(document.MaterialId, document.Structure, document.Error, total);

    private static bool IsNoAnswer(AtomProNetException error) => error.Kind == ErrorKind.Unavailable;

    private async Task<string?> AskVersionAsync(CancellationToken token)
    {
        try
        {
            return await server.GetAsync("heartbeat", ReadVersion, token).ConfigureAwait(false);
        }
        catch (ServerRefusalException refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            // Another server need not have a heartbeat.
            return null;
        }
        catch (ServerRefusalException refusal)
        {
            throw server.Describe(refusal, HowToGetAKey);
        }

        static string? ReadVersion(byte[] body)
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("db_version", out JsonElement version) && version.ValueKind == JsonValueKind.String && version.GetString() is { Length: > 0 } text ? text : null;
        }
    }

    // 414 (the address is too long) and 422 (too many ids) are answered by two requests of half the length.
    private async Task CollectAsync(MaterialQuery query, ImmutableArray<string> ids, List<MaterialDocument> into, CancellationToken token)
    {
        try
        {
            var part = new List<MaterialDocument>();
            await foreach ((MaterialDocument document, _) in PagesAsync(query, ids, null, token).ConfigureAwait(false))
            {
                part.Add(document);
            }

            into.AddRange(part);
        }
        catch (AtomProNetException e) when (ids.Length > 1 && e.InnerException is ServerRefusalException { Status: HttpStatusCode.RequestUriTooLong or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge })
        {
            int half = ids.Length / 2;
            await CollectAsync(query, ids[..half], into, token).ConfigureAwait(false);
            await CollectAsync(query, ids[half..], into, token).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<(MaterialDocument Document, long Total)> PagesAsync(MaterialQuery query, ImmutableArray<string> ids, int? first, [EnumeratorCancellation] CancellationToken token)
    {
        string text = SummaryQuery.Write(query, ids);
        string key = $"{server.BaseAddress}{SummaryQuery.Path}?{text}" + (first is null ? "" : string.Create(CultureInfo.InvariantCulture, $" first {first}"));
        QueryCache? cache = options.CacheMode == CacheMode.None ? null : options.Cache;
        string? database = null;
        AtomProNetException? noAnswer = null;
        try
        {
            database = await GetDatabaseVersionAsync(token).ConfigureAwait(false);
        }
        catch (AtomProNetException e) when (IsNoAnswer(e))
        {
            noAnswer = e;
        }

        // Without a version nobody could say later what the pages are of.
        CachedAnswer? kept = database is null ? null : cache?.Open(key, database);
        // Materials without an energy come last, wherever the server puts them.
        var late = new List<(MaterialDocument, long)>();
        if (noAnswer is null)
        {
            var pages = new SummaryPages(server, options, text, kept, database, first);
            bool given = false;
            while (true)
            {
                SummaryPage? page = null;
                try
                {
                    page = await pages.NextAsync(token).ConfigureAwait(false);
                }
                catch (AtomProNetException e) when (IsNoAnswer(e) && !given)
                {
                    noAnswer = e;
                }

                if (page is null)
                {
                    break;
                }

                given = true;
                foreach (MaterialDocument document in page.Documents.OrderBy(d => d.Rank))
                {
                    if (document.EnergyAboveHull is null)
                    {
                        late.Add((document, page.Total));
                    }
                    else
                    {
                        yield return (document, page.Total);
                    }
                }
            }
        }

        foreach ((MaterialDocument, long) document in noAnswer is null ? late : FromCache(key, cache, noAnswer))
        {
            yield return document;
        }
    }

    private List<(MaterialDocument Document, long Total)> FromCache(string key, QueryCache? cache, AtomProNetException noAnswer)
    {
        CachedAnswer? answer = cache?.NewestComplete(key);
        var documents = new List<(MaterialDocument Document, long Total)>();
        foreach (string name in answer?.Completion?.Pages ?? [])
        {
            SummaryPage? page = answer!.Read(name, bytes => SummaryPage.Read(bytes, new(server.BaseAddress.ToString(), answer.Version)), options.Server.Notice);
            if (page is null)
            {
                answer = null;
                break;
            }

            documents.AddRange(page.Documents.Select(d => (d, page.Total)));
        }

        if (answer is null)
        {
            throw new AtomProNetException(noAnswer.Kind, noAnswer.ErrorId, noAnswer.Problem, remedy: $"{noAnswer.Remedy} There is no complete answer to this query in the cache; -Source Bundled serves some well-known crystals without a network.");
        }

        options.Server.Notice?.Invoke(new(FindingSeverity.Warning, "AnsweredFromCache", string.Create(CultureInfo.InvariantCulture, $"{noAnswer.Problem.TrimEnd('.')}. The answer is that of the cache: database version {answer.Version}, fetched on {answer.Completion!.Fetched:yyyy-MM-dd}.")));
        return [.. documents.OrderBy(d => d.Document.Rank)];
    }
}
