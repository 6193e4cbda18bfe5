using System.Globalization;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Http;

namespace AtomProNet.Databases.Optimade;

/// <summary>
/// Follows the links from page to page, from the cache where the pages are there, and checks that they fit each other: no entry
/// twice, no link in a circle, and as many entries as the server says.
/// </summary>
internal sealed class OptimadePages(DatabaseServer server, OptimadeOptions options, OptimadeSource source, Uri start, CachedAnswer? kept, int? first)
{
    private const int MostEmptyPages = 3;
    private readonly List<string> names = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> visited = new(StringComparer.Ordinal);
    private Uri? next = start;
    private TimeSpan delay;
    private long count;
    private int empty;
    private bool fetched;

    private Action<Finding>? Notice => options.Server.Notice;

    /// <summary>The next page; null after the last one.</summary>
    /// <exception cref="ServerRefusalException">The server refuses, or goes on failing.</exception>
    /// <exception cref="AtomProNetException">The server cannot be reached, or its pages do not fit each other.</exception>
    public async Task<OptimadePage?> NextAsync(CancellationToken token)
    {
        if (next is not { } address)
        {
            return null;
        }

        if (!visited.Add(address.ToString()))
        {
            throw Incomplete("The server's links lead in a circle.");
        }

        string name = names.Count.ToString(CultureInfo.InvariantCulture) + "-" + options.PageSize.ToString(CultureInfo.InvariantCulture);
        OptimadePage? page = options.CacheMode == CacheMode.Use ? kept?.Read(name, bytes => OptimadePage.Read(bytes, source), Notice) : null;
        if (page is null)
        {
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay < options.Server.LongestWait ? delay : options.Server.LongestWait, options.Server.Clock, token).ConfigureAwait(false);
            }

            try
            {
                page = await server.GetAsync(address, bytes => OptimadePage.Read(bytes, source), token).ConfigureAwait(false);
            }
            catch (AtomProNetException e) when (e.Kind == ErrorKind.PermissionDenied)
            {
                // The page before leads elsewhere: it must not do so again out of the cache.
                kept?.Discard();
                throw;
            }

            kept?.Write(name, page.Bytes, Notice);
            fetched = true;
        }
        else
        {
            Notice?.Invoke(new(FindingSeverity.Information, "PageFromCache", $"Page {name} comes from the cache."));
        }

        foreach (string warning in page.Warnings)
        {
            Notice?.Invoke(new(FindingSeverity.Information, "ServerWarns", $"{address.Host} says: {warning}"));
        }

        Count(page, address);
        names.Add(name);
        if (next is null && kept is not null && (fetched || kept.Completion is null))
        {
            kept.Complete(names, count, options.Server.Clock.GetUtcNow(), Notice);
        }

        return page;
    }

    private void Count(OptimadePage page, Uri address)
    {
        foreach (DatabaseEntry entry in page.Entries)
        {
            if (!seen.Add(entry.Id) && entry.Id != "?")
            {
                throw Incomplete($"The server gave {entry.Id} twice, so that another entry may be missing.");
            }
        }

        count += page.Entries.Count;
        delay = page.Delay;
        empty = page.Entries.Count == 0 ? empty + 1 : 0;
        bool enough = count >= (first ?? long.MaxValue);
        // A link is meant relative to the page that it stands on.
        next = enough || page.Next is null ? null : new Uri(address, page.Next);
        if (enough)
        {
            return;
        }

        if (next is null && (page.MoreAvailable || count < page.Total))
        {
            throw Incomplete(page.Total is null
                ? "The server says that there is more, but gives no link to it."
                : string.Create(CultureInfo.InvariantCulture, $"The server gave {count} of the {page.Total} entries that it says there are."));
        }

        if (empty >= MostEmptyPages && next is not null)
        {
            throw Incomplete("The server gives one empty page after the other.");
        }
    }

    private AtomProNetException Incomplete(string problem)
    {
        // Pages that do not fit each other must not come out of the cache again.
        kept?.Discard();
        return new(ErrorKind.InvalidData, "AnswerIncomplete", problem, remedy: "What came so far is not the whole answer; ask again, or for less.");
    }
}
