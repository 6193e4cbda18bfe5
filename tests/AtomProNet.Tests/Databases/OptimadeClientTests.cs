using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using AtomProNet.Databases;
using AtomProNet.Databases.Bundled;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.Optimade;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>The client against a server that answers by the OPTIMADE specification, and against it.</summary>
public sealed partial class OptimadeClientTests : IAsyncLifetime
{
    private readonly FakeOptimade server = new();
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"atompronet-{Guid.NewGuid():N}");
    private readonly ConcurrentQueue<Finding> findings = new();

    private QueryCache Cache => new(folder, "optimade");

    public async ValueTask InitializeAsync() => await server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_structure_keeps_every_number_and_its_origin()
    {
        server.Entries.Add(FakeOptimade.Entry("a/1", [[4.123456789012345, 0, 0], [0.1, 4.2, 0], [0.2, 0.3, 4.4]], ["Ti", "O", "O"], [[0, 0, 0], [1.000000000000001, 2, 3], [-0.5, 0.25, 1e-3]], "O2Ti"));
        Structure structure = Assert.Single(await Structures(All));
        Assert.Equal([4.123456789012345, 0, 0, 0.1, 4.2, 0, 0.2, 0.3, 4.4], structure.Lattice!.Rows.ToRowMajor());
        Assert.Equal(CoordinateKind.Cartesian, structure.CoordinateKind);
        Assert.Equal([new(0, 0, 0), new(1.000000000000001, 2, 3), new(-0.5, 0.25, 1e-3)], structure.CartesianPositions);
        Assert.Equal(["Ti", "O", "O"], structure.Species.Select(e => e.Symbol));
        Assert.Equal(Periodicity.Full, structure.Periodicity);
        Provenance provenance = structure.Provenance!;
        Assert.Equal("Optimade", provenance.Operation);
        Assert.Equal("exmpl:a/1", provenance.RootId);
        Assert.Equal(("exmpl", "a/1", "7", "1.1.0", "ia/1"), (provenance.Parameters["database"], provenance.Parameters["material_id"], provenance.Parameters["database_version"], provenance.Parameters["api_version"], provenance.Parameters["immutable_id"]));
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("relative")]
    [InlineData("path")]
    [InlineData("object")]
    public async Task Links_to_the_next_page_in_every_form_are_followed(string form)
    {
        server.LinkForm = form;
        server.LargestPage = 4;
        server.Add(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"e/{i}"), (await Entries(All)).Select(e => e.Id));
        Assert.Equal(3, Pages().Count);
    }

    [Fact]
    public void Filters_are_written_as_the_standard_has_them()
    {
        // The examples of the specification, section by section.
        Assert.Equal("chemical_formula_reduced=\"Al2O3\"", Filter("Al2O3"));
        Assert.Equal("chemical_formula_reduced=\"CCaO3\"", Filter("CaCO3"));
        Assert.Equal("chemical_formula_reduced=\"ClNa\"", Filter("Na2Cl2"));
        Assert.Equal("chemical_formula_reduced=\"H2NaO\"", Filter("NaOH2"));
        Assert.Equal("chemical_formula_anonymous=\"A2B\"", Filter("AB2"));
        Assert.Equal("chemical_formula_anonymous=\"A3BC\"", Filter("ABO3"));
        Assert.Equal("elements HAS ALL \"Al\", \"O\" AND chemical_formula_anonymous=\"A3BC\"", Filter("Al*O3"));
        Assert.Equal("elements HAS ALL \"Al\", \"O\" AND nelements=2", Filter("O-Al"));
        Assert.Equal("elements HAS ALL \"Al\" AND nelements=3", Filter("Al-*-*"));
        Assert.Equal("elements HAS ALL \"Al\", \"O\", \"Si\"", Filter("Si,Al,O"));
        Assert.Equal("NOT (elements HAS ANY \"C\", \"H\") AND nsites>=2 AND nsites<=7", OptimadeFilter.Write(new() { Conditions = new() { ExcludedElements = MaterialQuery.ParseElements(["H", "C"]), SiteCountMinimum = 2, SiteCountMaximum = 7 } }));
        Assert.Equal("id=\"a\\\"b\\\\c\"", OptimadeFilter.Write(new() { Conditions = new() { MaterialIds = ["a\"b\\c"] } }));
        Assert.Equal("nelements=2 OR nelements=3", OptimadeFilter.Write(new() { Filter = "nelements=2 OR nelements=3" }));
        Assert.Equal("(nelements=2 OR nelements=3) AND (id=\"1\" OR id=\"2\") AND elements HAS ALL \"O\"", OptimadeFilter.Write(new() { Filter = "nelements=2 OR nelements=3", Conditions = new() { MaterialIds = ["1", "2"], Elements = MaterialQuery.ParseElements(["O"]) } }));
        Assert.Equal("", OptimadeFilter.Write(new()));
        Assert.Equal("FilterNotInStandard", Assert.Throws<AtomProNetException>(() => OptimadeFilter.Write(new() { Conditions = new() { StableOnly = true } })).ErrorId);
    }

    [Fact]
    public async Task A_filter_reaches_the_server_as_it_was_written()
    {
        server.Add(3);
        const string filter = "elements HAS ALL \"Na\" AND nelements=2";
        Assert.Equal(3, (await Entries(new OptimadeQuery { Filter = filter })).Count);
        Assert.Contains("filter=" + Uri.EscapeDataString(filter), Pages()[0], StringComparison.Ordinal);
        AtomProNetException error = await Fails(new OptimadeQuery { Filter = "nonsense ~ 5" });
        Assert.Equal("QueryRefused", error.ErrorId);
        Assert.Contains("Cannot parse filter at: nonsense", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_formula_with_open_elements_is_looked_through_once_more()
    {
        server.Properties.Add("chemical_formula_anonymous");
        Add("right", ["Al", "Y", "O", "O", "O"], "AlO3Y");
        Add("wrong", ["Al", "Al", "Al", "Y", "O"], "Al3OY"); // the same anonymous formula, but not Al*O3
        Assert.Equal(["right"], (await Structures(new() { Conditions = new MaterialQuery().Select("Al*O3") })).Select(s => s.Provenance!.Parameters["material_id"]));

        void Add(string id, string[] sites, string reduced)
        {
            JsonObject entry = FakeOptimade.Entry(id, [[5, 0, 0], [0, 5, 0], [0, 0, 5]], sites, [.. Enumerable.Range(0, 5).Select(i => new double[] { i, i, i })], reduced);
            entry["attributes"]!["chemical_formula_anonymous"] = "A3BC";
            server.Entries.Add(entry);
        }
    }

    [Fact]
    public async Task Fields_of_later_versions_are_asked_for_only_where_the_server_has_them()
    {
        server.Add(1);
        await Entries(All);
        Assert.DoesNotContain("site_coordinate_span", Pages()[0], StringComparison.Ordinal);
        server.Properties.Add("site_coordinate_span");
        server.DatabaseVersion = "8";
        await Entries(All);
        Assert.Contains("site_coordinate_span", Pages()[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0}/v1")]
    [InlineData("http://127.0.0.1:{0}/v1/")]
    [InlineData("http://127.0.0.1:{0}/v1.1")]
    public async Task The_address_may_name_the_version(string address)
    {
        server.Add(2);
        var at = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, server.Address.Port));
        Assert.Equal(2, (await Entries(All, Options() with { Server = Options().Server with { BaseAddress = at } })).Count);
    }

    [Fact]
    public async Task What_is_no_OPTIMADE_server_is_said()
    {
        server.FaultsApply = _ => true;
        server.Faults.Enqueue(FakeServer.Status(404, "<html>nothing here</html>"));
        Assert.Equal("ServerNotOptimade", (await Fails(All)).ErrorId);
        server.ApiVersion = "0.10.1";
        Assert.Equal("StandardVersionUnknown", (await Fails(All)).ErrorId);
    }

    [Fact]
    public async Task Passing_failures_are_tried_again_at_their_page()
    {
        server.LargestPage = 4;
        server.Add(10);
        server.FaultsApply = request => request.Query["page_offset"] == "4";
        server.Faults.Enqueue(FakeServer.Status(429, "", "0"));
        server.Faults.Enqueue(FakeServer.DroppedConnection());
        server.Faults.Enqueue(FakeServer.Status(502));
        server.Faults.Enqueue(FakeServer.Body(b => b[..(b.Length / 2)]));
        Assert.Equal(10, (await Structures(All)).Count);
        Assert.Equal(3 + 4, Pages().Count);
    }

    [Fact]
    public async Task An_answer_cut_at_any_byte_is_never_taken_for_whole()
    {
        server.Add(2);
        byte[] whole = [];
        server.Faults.Enqueue((_, _) => Task.FromResult(false));
        server.Faults.Enqueue(FakeServer.Body(body => whole = body));
        await Entries(All);
        var source = new OptimadeSource("x", "y", null, null);
        Assert.Equal(2, OptimadePage.Read(whole, source).Entries.Count);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.ThrowsAny<System.Text.Json.JsonException>(() => OptimadePage.Read(whole[..length], source));
        }
    }

    [Fact]
    public async Task Errors_in_an_answer_of_status_200_are_errors()
    {
        server.Add(2);
        server.FaultsApply = request => request.Path == "/v1/structures";
        for (int i = 0; i < 10; i++)
        {
            server.Faults.Enqueue(FakeServer.Body(_ => """{"errors": [{"title": "Database", "detail": "is being rebuilt"}], "data": [], "meta": {}}"""u8.ToArray()));
        }

        AtomProNetException error = await Fails(All);
        Assert.Contains("Database: is being rebuilt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_that_do_not_fit_each_other_are_an_error()
    {
        server.LargestPage = 4;
        server.Add(10);
        server.CountError = 3;
        AtomProNetException error = await Fails(All);
        Assert.Equal("AnswerIncomplete", error.ErrorId);
        Assert.Contains("10 of the 13", error.Message, StringComparison.Ordinal);

        server.CountError = null;
        server.DropsLastLink = true;
        Assert.Equal("AnswerIncomplete", (await Fails(All)).ErrorId);

        server.DropsLastLink = false;
        server.Entries[9]["id"] = "e/0";
        Assert.Equal("AnswerIncomplete", (await Fails(All)).ErrorId);
        server.Entries[9]["id"] = "e/9";

        server.FaultsApply = request => request.Query["page_offset"] == "4";
        server.Faults.Enqueue(FakeServer.Body(body => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("page_offset=8", "page_offset=4", StringComparison.Ordinal))));
        Assert.Contains("circle", (await Fails(All)).Message, StringComparison.Ordinal);

        server.Faults.Enqueue(FakeServer.Body(body => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace($"127.0.0.1:{server.Address.Port}", "example.org", StringComparison.Ordinal))));
        Assert.Equal("RedirectedElsewhere", (await Fails(All)).ErrorId);
        Assert.Null(Cache.NewestComplete(Key()));
        Assert.Equal(10, (await Structures(All)).Count);
        Assert.NotNull(Cache.NewestComplete(Key()));
    }

    [Fact]
    public async Task First_asks_for_no_more()
    {
        server.LargestPage = 4;
        server.Add(10);
        Assert.Equal(["e/0", "e/1", "e/2"], (await Entries(new() { Conditions = new() { First = 3 } })).Select(e => e.Id));
        Assert.Contains("page_limit=3", Assert.Single(Pages()), StringComparison.Ordinal);
        Assert.Equal(6, (await Entries(new() { Conditions = new() { First = 6 } })).Count);
    }

    [Fact]
    public async Task An_id_that_is_not_there_is_an_error_of_its_own()
    {
        server.Add(3);
        IReadOnlyList<DatabaseEntry> entries = await Entries(new() { Conditions = new() { MaterialIds = ["e/2", "none", "e/0"] } });
        Assert.Equal(["e/0", "e/2", "none"], entries.Select(e => e.Id));
        Assert.Equal("MaterialNotFound", entries[2].Error!.ErrorId);
    }

    [Fact]
    public async Task The_server_may_ask_for_a_pause()
    {
        server.LargestPage = 4;
        server.RequestDelay = 0.3;
        server.Add(10);
        var watch = Stopwatch.StartNew();
        Assert.Equal(10, (await Structures(All)).Count);
        Assert.True(watch.Elapsed.TotalSeconds >= 0.55, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Answers_are_kept_by_version_and_serve_when_the_server_is_gone()
    {
        server.LargestPage = 4;
        server.Add(10);
        IReadOnlyList<Structure> first = await Structures(All);
        Assert.Equal(3, Pages().Count);
        IReadOnlyList<Structure> second = await Structures(All);
        Assert.Equal(3, Pages().Count);
        Assert.Equal(first.Select(s => (s.ContentHash, s.Provenance)), second.Select(s => (s.ContentHash, s.Provenance)));
        server.DatabaseVersion = "8";
        await Structures(All);
        Assert.Equal(6, Pages().Count);
        OptimadeOptions gone = Options();
        await server.DisposeAsync();
        IReadOnlyList<DatabaseEntry> cached = await Entries(All, gone);
        Assert.Equal(first.Select(s => s.ContentHash), cached.Select(e => e.Structure!.ContentHash));
        Assert.Contains(findings, f => f is { Code: "AnsweredFromCache", Severity: FindingSeverity.Warning });
        Assert.Equal("ServerNotReached", (await Assert.ThrowsAsync<AtomProNetException>(() => Entries(new() { Filter = "nelements=2" }, gone))).ErrorId);
    }

    [Fact]
    public async Task Without_a_version_answers_are_kept_for_the_day()
    {
        server.DatabaseVersion = null;
        server.Add(3);
        Assert.False((await Structures(All))[0].Provenance!.Parameters.ContainsKey("database_version"));
        await Structures(All);
        Assert.Single(Pages());
        var tomorrow = new Tomorrow();
        await Entries(All, Options() with { Server = Options().Server with { Clock = tomorrow } });
        Assert.Equal(2, Pages().Count);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_where_it_stopped()
    {
        server.LargestPage = 4;
        server.Add(10);
        server.FaultsApply = request => request.Query["page_offset"] == "8";
        for (int i = 0; i < 6; i++)
        {
            server.Faults.Enqueue(FakeServer.Status(503));
        }

        await Fails(All);
        int before = Pages().Count;
        Assert.Equal(10, (await Structures(All)).Count);
        Assert.Contains("page_offset=8", Assert.Single(Pages().Skip(before)), StringComparison.Ordinal);
    }

    [Fact]
    public void Known_providers_have_addresses()
    {
        foreach (string id in "cod aflow oqmd jarvis nomad alexandria mp odbx".Split(' '))
        {
            Assert.Equal(id, OptimadeProviders.Find(id.ToUpperInvariant()).Id);
        }

        Assert.Equal("nomad", OptimadeProviders.Find("nmd").Id);
        Assert.All(OptimadeProviders.All, p => Assert.True(p.BaseUrl.IsAbsoluteUri && p.BaseUrl.Query.Length == 0));
        Assert.Distinct(OptimadeProviders.All.SelectMany(p => p.Aliases.Append(p.Id)), StringComparer.OrdinalIgnoreCase);
        AtomProNetException error = Assert.Throws<AtomProNetException>(() => OptimadeProviders.Find("icsd"));
        Assert.Contains("cod", error.Message, StringComparison.Ordinal);
    }

    private static OptimadeQuery All => new();

    private static string Filter(string word) => OptimadeFilter.Write(new() { Conditions = new MaterialQuery().Select(word) });

    private string Key() => $"{server.Address}v1/structures exmpl filter ";

    private List<string> Pages() => [.. server.Requests.Where(r => r.StartsWith("/v1/structures", StringComparison.Ordinal))];

    private OptimadeOptions Options() => new()
    {
        Server = new() { BaseAddress = server.Address, RetryDelay = TimeSpan.FromMilliseconds(5), Timeout = TimeSpan.FromSeconds(20), Notice = findings.Enqueue },
        Name = "exmpl",
        Cache = Cache,
    };

    private async Task<IReadOnlyList<DatabaseEntry>> Entries(OptimadeQuery query, OptimadeOptions? options = null)
    {
        using var client = new OptimadeClient(options ?? Options());
        var entries = new List<DatabaseEntry>();
        await foreach (DatabaseEntry entry in client.FindAsync(query, TestContext.Current.CancellationToken))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private async Task<IReadOnlyList<Structure>> Structures(OptimadeQuery query)
    {
        IReadOnlyList<DatabaseEntry> entries = await Entries(query);
        Assert.All(entries, e => Assert.Null(e.Error));
        return [.. entries.Select(e => e.Structure!)];
    }

    private Task<AtomProNetException> Fails(OptimadeQuery query) => Assert.ThrowsAsync<AtomProNetException>(() => Entries(query));

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(1);
    }
}
