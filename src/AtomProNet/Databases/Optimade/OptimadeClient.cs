using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Http;

namespace AtomProNet.Databases.Optimade;

/// <summary>
/// Asks a database by the OPTIMADE standard (versions 1.x; C. W. Andersen et al., Sci. Data 8, 217 (2021)). Pages are followed by
/// the server's own links and counted where the server says how many there are; answers are kept on the disk by query and
/// database version (or by day, where the server names no version) and serve when the server does not answer.
/// </summary>
public sealed class OptimadeClient : IDisposable
{
    /// <summary>The cache's folder.</summary>
    public const string CacheName = "optimade";

    // Fields of version 1.0 that every server knows; of the later ones those that the server lists are asked for.
    private const string CommonFields = "lattice_vectors,cartesian_site_positions,species,species_at_sites,nsites,dimension_types,structure_features,assemblies,chemical_formula_reduced,chemical_formula_descriptive,last_modified,immutable_id";
    private static readonly string[] LaterFields = ["fractional_site_positions", "site_coordinate_span", "space_group_symmetry_operations_xyz", "space_group_it_number", "space_group_symbol_hermann_mauguin", "optimization_type"];
    private readonly OptimadeOptions options;
    private readonly DatabaseServer server;
    private readonly object gate = new();
    private Task<Info>? info;

    /// <summary>Prepares a client; nothing is sent yet.</summary>
    /// <exception cref="AtomProNetException">The address cannot be used.</exception>
    public OptimadeClient(OptimadeOptions options)
    {
        this.options = options;
        server = new(options.Server with { BaseAddress = WithoutVersion(options.Server.BaseAddress) });
    }

    private Action<Finding>? Notice => options.Server.Notice;

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();

    /// <summary>The entries that match, in the database's order. One that gives no structure says why; the others go on.</summary>
    /// <exception cref="AtomProNetException">
    /// A condition has no counterpart in the standard; the server refuses, does not answer and the cache has no complete answer,
    /// or its answer is not complete.
    /// </exception>
    public async IAsyncEnumerable<DatabaseEntry> FindAsync(OptimadeQuery query, [EnumeratorCancellation] CancellationToken token = default)
    {
        string filter = OptimadeFilter.Write(query);
        long wanted = query.Conditions.First ?? long.MaxValue;
        long given = 0;
        if (wanted <= 0)
        {
            yield break;
        }

        var found = new HashSet<string>(StringComparer.Ordinal);
        // Where entries are dropped here, nobody knows how many to ask for.
        int? first = query.Conditions.Formula is { IsExact: false } ? null : query.Conditions.First;
        await foreach (OptimadePage page in PagesAsync(filter, first, token).ConfigureAwait(false))
        {
            foreach (DatabaseEntry entry in page.Entries)
            {
                // The standard cannot say which number belongs to which open element of a formula.
                if (query.Conditions.Formula is { } formula && entry.Structure is not null && !formula.Matches(entry.Structure.Composition))
                {
                    continue;
                }

                found.Add(entry.Id);
                yield return entry with { Total = page.Total };
                if (++given >= wanted)
                {
                    yield break;
                }
            }
        }

        foreach (string id in query.Conditions.MaterialIds.Where(id => !found.Contains(id)))
        {
            yield return new(id, null, new(ErrorKind.NotFound, "MaterialNotFound", $"{Database} has no entry '{id}'.", remedy: "Check the id."), found.Count);
        }
    }

    private string Database => options.Name ?? server.BaseAddress.Host;

    private static Uri WithoutVersion(Uri address)
    {
        string text = address.OriginalString.TrimEnd('/');
        int slash = text.LastIndexOf('/');
        bool version = slash > 0 && text.Length > slash + 2 && text[slash + 1] == 'v' && text.AsSpan(slash + 2).ToString().All(c => char.IsAsciiDigit(c) || c == '.');
        return version ? new Uri(text[..slash], UriKind.RelativeOrAbsolute) : address;
    }

    private Task<Info> AskInfoAsync(CancellationToken token)
    {
        lock (gate)
        {
            if (info is null || info.IsFaulted || info.IsCanceled)
            {
                info = FetchInfoAsync(token);
            }

            return info;
        }
    }

    // The description of the structures endpoint says in one answer which standard, which database version and which fields.
    private async Task<Info> FetchInfoAsync(CancellationToken token)
    {
        Info answer;
        try
        {
            answer = await server.GetAsync("v1/info/structures", Info.Read, token).ConfigureAwait(false);
        }
        catch (ServerRefusalException refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            throw new AtomProNetException(ErrorKind.NotFound, "ServerNotOptimade", $"{server.BaseAddress} has no structures by the OPTIMADE standard, version 1.", remedy: "Give the base address of one database; an index of databases has none itself.");
        }
        catch (ServerRefusalException refusal)
        {
            throw Describe(refusal);
        }

        return answer.ApiVersion is null || answer.ApiVersion.StartsWith("1.", StringComparison.Ordinal)
            ? answer
            : throw new AtomProNetException(ErrorKind.NotSupported, "StandardVersionUnknown", $"{server.BaseAddress} speaks OPTIMADE {answer.ApiVersion}; versions 1.x are known.");
    }

    private AtomProNetException Describe(ServerRefusalException refusal) => server.Describe(refusal, "This database is not open to everybody.");

    private async IAsyncEnumerable<OptimadePage> PagesAsync(string filter, int? first, [EnumeratorCancellation] CancellationToken token)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{server.BaseAddress}v1/structures {Database} filter {filter}{(first is null ? "" : " first ")}{first}");
        QueryCache? cache = options.CacheMode == CacheMode.None ? null : options.Cache;
        AtomProNetException? noAnswer = null;
        Info? answer = null;
        try
        {
            answer = await AskInfoAsync(token).ConfigureAwait(false);
        }
        catch (AtomProNetException e) when (e.Kind == ErrorKind.Unavailable)
        {
            noAnswer = e;
        }

        if (answer is not null)
        {
            string version = answer.DatabaseVersion ?? options.Server.Clock.GetUtcNow().ToString("'day 'yyyy-MM-dd", CultureInfo.InvariantCulture);
            var source = new OptimadeSource(Database, server.BaseAddress.ToString(), answer.ApiVersion, answer.DatabaseVersion);
            int size = (int)Math.Min(options.PageSize, first ?? options.PageSize);
            string fields = string.Join(',', CommonFields.Split(',').Concat(LaterFields.Where(answer.Fields.Contains)));
            string query = (filter.Length > 0 ? $"filter={Uri.EscapeDataString(filter)}&" : "") + string.Create(CultureInfo.InvariantCulture, $"response_format=json&page_limit={size}&response_fields={fields}");
            var pages = new OptimadePages(server, options, source, new Uri(server.BaseAddress, "v1/structures?" + query), cache?.Open(key, version), first);
            bool given = false;
            while (true)
            {
                OptimadePage? page = null;
                try
                {
                    page = await pages.NextAsync(token).ConfigureAwait(false);
                }
                catch (ServerRefusalException refusal)
                {
                    AtomProNetException described = Describe(refusal);
                    if (described.Kind != ErrorKind.Unavailable || given)
                    {
                        throw described;
                    }

                    noAnswer = described;
                }
                catch (AtomProNetException e) when (e.Kind == ErrorKind.Unavailable && !given)
                {
                    noAnswer = e;
                }

                if (page is null)
                {
                    break;
                }

                given = true;
                yield return page;
            }
        }

        if (noAnswer is not null)
        {
            foreach (OptimadePage page in FromCache(key, cache, noAnswer))
            {
                yield return page;
            }
        }
    }

    private List<OptimadePage> FromCache(string key, QueryCache? cache, AtomProNetException noAnswer)
    {
        CachedAnswer? kept = cache?.NewestComplete(key);
        string? version = kept is null || kept.Version.StartsWith("day ", StringComparison.Ordinal) ? null : kept.Version;
        var pages = new List<OptimadePage>();
        foreach (string name in kept?.Completion?.Pages ?? [])
        {
            OptimadePage? page = kept!.Read(name, bytes => OptimadePage.Read(bytes, new(Database, server.BaseAddress.ToString(), null, version)), Notice);
            if (page is null)
            {
                kept = null;
                break;
            }

            pages.Add(page);
        }

        if (kept is null)
        {
            throw new AtomProNetException(noAnswer.Kind, noAnswer.ErrorId, noAnswer.Problem, remedy: $"{noAnswer.Remedy} There is no complete answer to this query in the cache.");
        }

        Notice?.Invoke(new(FindingSeverity.Warning, "AnsweredFromCache", string.Create(CultureInfo.InvariantCulture, $"{noAnswer.Problem.TrimEnd('.')}. The answer is that of the cache, fetched on {kept.Completion!.Fetched:yyyy-MM-dd}.")));
        return pages;
    }

    /// <summary>What a server says about itself.</summary>
    private sealed record Info(string? ApiVersion, string? DatabaseVersion, HashSet<string> Fields)
    {
        public static Info Read(byte[] body)
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("The answer is no JSON object.");
            }

            JsonElement meta = Child(root, "meta"), data = Child(root, "data");
            JsonElement properties = Child(data, "properties") is { ValueKind: JsonValueKind.Object } own ? own : Child(Child(data, "attributes"), "properties");
            return new(
                Text(Child(meta, "api_version")),
                Text(Child(Child(meta, "database"), "version")),
                properties.ValueKind == JsonValueKind.Object ? [.. properties.EnumerateObject().Select(p => p.Name)] : []);
        }

        private static JsonElement Child(JsonElement parent, string key) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) ? value : default;

        private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
    }
}
