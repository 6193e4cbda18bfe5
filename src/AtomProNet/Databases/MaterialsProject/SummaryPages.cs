using System.Globalization;
using System.Net;
using System.Text.Json;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Http;

namespace AtomProNet.Databases.MaterialsProject;

/// <summary>
/// Walks through the pages of one answer, from the cache where they are there, and counts them: every page must have as many
/// materials as the server's own count promises, no material may come twice, and the count must not change on the way.
/// </summary>
internal sealed class SummaryPages(DatabaseServer server, MaterialsProjectOptions options, string query, CachedAnswer? kept, string? databaseVersion, int? first)
{
    private const int SmallestPage = 25;
    private readonly MaterialSource source = new(server.BaseAddress.ToString(), databaseVersion);
    private readonly List<string> names = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private int limit = Math.Clamp(options.PageSize, 1, 1000);
    private long skip;
    private long? total;
    private double lastEnergy = double.NegativeInfinity;
    private bool fetched, finished, orderLost;

    private Action<Finding>? Notice => options.Server.Notice;

    /// <summary>The next page; null after the last one.</summary>
    /// <exception cref="AtomProNetException">The server refuses or fails, or its pages do not fit each other.</exception>
    public async Task<SummaryPage?> NextAsync(CancellationToken token)
    {
        if (finished)
        {
            return null;
        }

        (SummaryPage page, string name) = FromCache() ?? await FetchAsync(token).ConfigureAwait(false);
        Count(page);
        names.Add(name);
        if (finished && kept is not null && (fetched || kept.Completion is null))
        {
            kept.Complete(names, page.Total, options.Server.Clock.GetUtcNow(), Notice);
        }

        return page;
    }

    private static string Name(long skip, int size) => string.Create(CultureInfo.InvariantCulture, $"{skip}-{size}");

    private AtomProNetException Incomplete(string problem)
    {
        // Pages that do not fit each other must not come out of the cache again.
        kept?.Discard();
        return new(ErrorKind.InvalidData, "AnswerIncomplete", problem, remedy: "What came so far is not the whole answer; ask again.");
    }

    private int Wanted() => (int)Math.Min(limit, (first ?? long.MaxValue) - skip);

    private (SummaryPage, string)? FromCache()
    {
        if (kept is null || options.CacheMode != CacheMode.Use)
        {
            return null;
        }

        foreach (int size in kept.SizesFrom(skip))
        {
            if (kept.Read(Name(skip, size), bytes => Read(bytes, size), Notice) is { } page)
            {
                Notice?.Invoke(new(FindingSeverity.Information, "PageFromCache", $"Page {Name(skip, size)} of database version {databaseVersion} comes from the cache."));
                return (page, Name(skip, size));
            }
        }

        return null;
    }

    private async Task<(SummaryPage, string)> FetchAsync(CancellationToken token)
    {
        while (true)
        {
            int wanted = Wanted();
            try
            {
                SummaryPage page = await server.GetAsync(SummaryQuery.Page(query, skip, wanted), bytes => Read(bytes, wanted), token).ConfigureAwait(false);
                kept?.Write(Name(skip, wanted), page.Bytes, Notice);
                fetched = true;
                return (page, Name(skip, wanted));
            }
            catch (ServerRefusalException refusal) when (refusal.Status is HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestEntityTooLarge && wanted > SmallestPage)
            {
                // The page is too much for the server: half of it may do.
                limit = Math.Max(SmallestPage, wanted / 2);
                Notice?.Invoke(new(FindingSeverity.Information, "PageHalved", string.Create(CultureInfo.InvariantCulture, $"The server fails on {wanted} materials a page; trying {limit}.")));
            }
            catch (ServerRefusalException refusal)
            {
                AtomProNetException described = server.Describe(refusal, MaterialsProjectClient.HowToGetAKey);
                throw new AtomProNetException(described.Kind, described.ErrorId, described.Problem, remedy: described.Remedy, inner: refusal);
            }
        }
    }

    private SummaryPage Read(byte[] bytes, int wanted)
    {
        SummaryPage page = SummaryPage.Read(bytes, source);
        long expected = Math.Min(wanted, Math.Max(0, page.Total - skip));
        return page.Documents.Count == expected
            ? page
            : throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"A page has {page.Documents.Count} materials where the server's own count promises {expected}"));
    }

    private void Count(SummaryPage page)
    {
        total ??= page.Total;
        if (page.Total != total)
        {
            throw Incomplete(string.Create(CultureInfo.InvariantCulture, $"The number of matches changed from {total} to {page.Total} while the pages were fetched."));
        }

        foreach (MaterialDocument document in page.Documents)
        {
            if (!seen.Add(document.MaterialId) && document.MaterialId != MaterialDocument.WithoutId)
            {
                throw Incomplete($"The server gave {document.MaterialId} twice, so that another material is missing.");
            }
        }

        double[] energies = [.. page.Documents.Where(d => d.EnergyAboveHull is not null).Select(d => d.EnergyAboveHull!.Value)];
        if (energies.Length > 0)
        {
            if (energies.Min() < lastEnergy - 1e-9 && !orderLost)
            {
                orderLost = true;
                Notice?.Invoke(new(FindingSeverity.Warning, "OrderNotKept", "The server did not keep the order that was asked for: only the materials of one page stand in the order of their energies."));
            }

            lastEnergy = energies.Max();
        }

        skip += page.Documents.Count;
        finished = skip >= Math.Min(total.Value, first ?? long.MaxValue) || page.Documents.Count == 0;
    }
}
