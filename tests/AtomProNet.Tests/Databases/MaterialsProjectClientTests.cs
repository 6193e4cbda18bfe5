using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AtomProNet.Databases;
using AtomProNet.Databases.Cache;
using AtomProNet.Databases.MaterialsProject;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>The client against a server that answers, and fails, as the Materials Project's does.</summary>
public sealed partial class MaterialsProjectClientTests : IAsyncLifetime
{
    private readonly FakeMaterialsProject server = new();
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"atompronet-{Guid.NewGuid():N}");
    private readonly ConcurrentQueue<Finding> findings = new();

    private QueryCache Cache => new(folder, "materials-project");

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
        server.Materials.Add(FakeMaterialsProject.RockSalt("mp-1265", "Mg", "O", 4.256483, 0));
        Structure structure = Assert.Single(await Structures(new MaterialQuery().Select("mp-1265")));
        Assert.Equal([0.5 * 4.256483, 0.5 * 4.256483, 0, 0.5 * 4.256483, 0, 0.5 * 4.256483, 0, 0.5 * 4.256483, 0.5 * 4.256483], structure.Lattice!.Rows.ToRowMajor());
        Assert.Equal(["Mg", "O"], structure.Species.Select(e => e.Symbol));
        Assert.Equal([new(0, 0, 0), new(0.5, 0.5, 0.5)], structure.FractionalPositions);
        Assert.Equal([0, 0.25], structure.SiteProperties["magmom"].Reals.ToArray());
        Provenance provenance = structure.Provenance!;
        Assert.Equal("MaterialsProject", provenance.Operation);
        Assert.Equal("mp-1265", provenance.RootId);
        Assert.Equal("2025.09.25", provenance.Parameters["database_version"]);
        Assert.Equal("0", provenance.Parameters["energy_above_hull"]);
        Assert.Equal("true", provenance.Parameters["is_stable"]);
        Assert.Equal("false", provenance.Parameters["theoretical"]);
        Assert.Equal("225", provenance.Parameters["space_group_number"]);
        Assert.Equal("Fm-3m", provenance.Parameters["space_group_symbol"]);
        Assert.Equal(server.Address.ToString(), provenance.Parameters["server"]);
    }

    [Fact]
    public async Task All_pages_come_in_the_order_of_energy()
    {
        server.AddPolymorphs(95);
        IReadOnlyList<DatabaseEntry> entries = await Entries(new MaterialQuery().Select("MgO"), pageSize: 10);
        Assert.Equal(Enumerable.Range(100, 95).Select(i => $"mp-{i}"), entries.Select(e => e.Id));
        Assert.All(entries, e => Assert.Equal(95, e.Total));
        Assert.Equal(10, Pages().Count);
        Assert.All(Pages(), p => Assert.Contains("_sort_fields=energy_above_hull,material_id", p, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Materials_without_an_energy_come_last()
    {
        server.AddPolymorphs(5);
        JsonObject unknown = FakeMaterialsProject.RockSalt("mp-1", "Mg", "O", 4.2, 0);
        unknown["energy_above_hull"] = null;
        unknown["is_stable"] = null;
        server.Materials.Add(unknown);
        Assert.Equal(["mp-100", "mp-101", "mp-102", "mp-103", "mp-104", "mp-1"], (await Entries(new MaterialQuery().Select("MgO"), pageSize: 2)).Select(e => e.Id));
    }

    [Fact]
    public async Task First_takes_the_lowest_and_asks_for_no_more()
    {
        server.AddPolymorphs(95);
        Assert.Equal(["mp-100", "mp-101", "mp-102"], (await Entries(new MaterialQuery { First = 3 }.Select("MgO"))).Select(e => e.Id));
        Assert.Contains("_limit=3", Assert.Single(Pages()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_go_to_the_server()
    {
        var query = new MaterialQuery
        {
            Elements = MaterialQuery.ParseElements(["O", "Al"]),
            ExcludedElements = MaterialQuery.ParseElements(["H"]),
            StableOnly = true,
            EnergyAboveHullMinimum = 0,
            EnergyAboveHullMaximum = 0.05,
            SiteCountMinimum = 2,
            SiteCountMaximum = 30,
            SpaceGroup = SpaceGroup.Parse("R-3c"),
            Theoretical = false,
            BandGapMinimum = 1,
            BandGapMaximum = 9.5,
        };
        await Entries(query);
        string request = Assert.Single(Pages());
        foreach (string part in "elements=Al,O exclude_elements=H is_stable=true energy_above_hull_min=0 energy_above_hull_max=0.05 nsites_min=2 nsites_max=30 spacegroup_number=167 theoretical=false deprecated=false band_gap_min=1 band_gap_max=9.5".Split(' '))
        {
            Assert.Contains(part, request.Split('&', '?'));
        }
    }

    [Theory]
    [InlineData("Al*O3", "formula=Al*O3")]
    [InlineData("ABO3", "formula=ABO3")]
    [InlineData("O-Al", "chemsys=Al-O")]
    [InlineData("Al-*", "chemsys=Al-*")]
    [InlineData("mp-1143", "material_ids=mp-1143")]
    [InlineData("mp-aaaaaaft", "material_ids=mp-aaaaaaft")]
    [InlineData("new/kind of#id&x=1", "material_ids=new%2Fkind%20of%23id%26x%3D1")]
    public async Task Words_become_parameters(string word, string parameter)
    {
        await Entries(new MaterialQuery().Select(word));
        Assert.Contains(parameter, Assert.Single(Pages()).Split('&', '?'));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("date")]
    public async Task The_servers_Retry_After_is_kept(string form)
    {
        server.AddPolymorphs(3);
        // A date has whole seconds: two seconds from now are between one and two seconds from now.
        string value = form == "date" ? DateTimeOffset.UtcNow.AddSeconds(2).ToString("R", CultureInfo.InvariantCulture) : form;
        server.Faults.Enqueue(FakeServer.Status(429, """{"message": "API rate limit exceeded"}""", value));
        var watch = Stopwatch.StartNew();
        Assert.Equal(3, (await Structures(new MaterialQuery().Select("MgO"))).Count);
        Assert.True(watch.Elapsed.TotalSeconds >= 0.9, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_too_long_is_an_error_at_once()
    {
        server.Faults.Enqueue(FakeServer.Status(429, "", "3600"));
        AtomProNetException error = await Fails(new MaterialQuery().Select("MgO"));
        Assert.Equal("RequestLimitReached", error.ErrorId);
        Assert.Contains("3600 s", error.Message, StringComparison.Ordinal);
        Assert.Single(Pages());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(408)]
    public async Task Passing_failures_are_tried_again(int status)
    {
        server.AddPolymorphs(3);
        server.Faults.Enqueue(FakeServer.Status(status, "<html>oops</html>"));
        server.Faults.Enqueue(FakeServer.Status(status));
        Assert.Equal(3, (await Structures(new MaterialQuery().Select("MgO"))).Count);
        Assert.Equal(3, Pages().Count);
    }

    [Fact]
    public async Task A_failure_that_stays_is_an_error_after_the_last_try()
    {
        for (int i = 0; i < 20; i++)
        {
            server.Faults.Enqueue(FakeServer.Status(502, "<html>Bad Gateway</html>"));
        }

        AtomProNetException error = await Fails(new MaterialQuery().Select("MgO"));
        Assert.Equal("ServerFails", error.ErrorId);
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("502", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Source Bundled", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, Pages().Count);
    }

    [Fact]
    public async Task A_page_that_is_too_much_for_the_server_is_halved()
    {
        server.AddPolymorphs(120);
        server.FaultsApply = request => request.Query["_limit"] is [var limit] && int.Parse(limit!, CultureInfo.InvariantCulture) > 60;
        for (int i = 0; i < 20; i++)
        {
            server.Faults.Enqueue(FakeServer.Status(504));
        }

        Assert.Equal(120, (await Structures(new MaterialQuery().Select("MgO"), pageSize: 100)).Count);
        Assert.Contains(Pages(), p => p.Contains("_limit=50", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_dropped_in_the_middle_of_a_page_resumes_at_that_page()
    {
        server.AddPolymorphs(30);
        server.FaultsApply = request => request.Query["_skip"] == "10";
        server.Faults.Enqueue(FakeServer.DroppedConnection());
        server.Faults.Enqueue(FakeServer.DroppedConnection());
        Assert.Equal(Enumerable.Range(100, 30).Select(i => $"mp-{i}"), (await Entries(new MaterialQuery().Select("MgO"), pageSize: 10)).Select(e => e.Id));
        Assert.Equal(["0", "10", "10", "10", "20"], Pages().Select(p => p.Split("_skip=")[1].Split('&')[0]));
    }

    public static TheoryData<string> Damages => ["cut", "text", "html", "empty", "array", "no data", "no count", "null", "nul bytes"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Damaged_answers_are_tried_again_and_then_an_error(string damage)
    {
        server.AddPolymorphs(5);
        byte[] Damage(byte[] body) => damage switch
        {
            "cut" => body[..(body.Length / 2)],
            "text" => "down for maintenance"u8.ToArray(),
            "html" => "<!DOCTYPE html><html><body>hello</body></html>"u8.ToArray(),
            "empty" => [],
            "array" => "[]"u8.ToArray(),
            "no data" => """{"meta": {"total_doc": 5}}"""u8.ToArray(),
            "no count" => """{"data": []}"""u8.ToArray(),
            "null" => """{"data": null, "meta": null}"""u8.ToArray(),
            _ => new byte[100],
        };
        server.Faults.Enqueue(FakeServer.Body(Damage));
        Assert.Equal(5, (await Structures(new MaterialQuery().Select("MgO"))).Count);
        Assert.Equal(2, Pages().Count);

        for (int i = 0; i < 20; i++)
        {
            server.Faults.Enqueue(FakeServer.Body(Damage));
        }

        AtomProNetException error = await Fails(new MaterialQuery { First = 2 }.Select("MgO"));
        Assert.Equal("AnswerMalformed", error.ErrorId);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_cut_at_any_byte_is_never_taken_for_whole()
    {
        server.AddPolymorphs(3);
        byte[] whole = [];
        server.Faults.Enqueue(FakeServer.Body(body => whole = body));
        await Entries(new MaterialQuery().Select("MgO"));
        var source = new MaterialSource("x", null);
        Assert.Equal(3, SummaryPage.Read(whole, source).Documents.Count);
        for (int length = 0; length < whole.Length; length++)
        {
            // JsonReaderException is internal; it derives from JsonException.
            Assert.ThrowsAny<System.Text.Json.JsonException>(() => SummaryPage.Read(whole[..length], source));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task A_count_that_does_not_fit_the_materials_is_an_error(int off)
    {
        server.AddPolymorphs(25);
        server.CountError = off;
        List<string> got = [];
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(async () =>
        {
            using MaterialsProjectClient client = Client(pageSize: 10);
            await foreach (DatabaseEntry entry in client.FindAsync(new MaterialQuery().Select("MgO")))
            {
                got.Add(entry.Id);
            }
        });
        Assert.True(error.ErrorId is "AnswerMalformed" or "AnswerIncomplete", error.ErrorId);
        Assert.Null(Cache.NewestComplete(Key("MgO")));
        Assert.True(got.Count < 25);
    }

    [Fact]
    public async Task A_count_that_changes_on_the_way_is_an_error_and_the_next_run_begins_anew()
    {
        server.AddPolymorphs(25);
        server.FaultsApply = request => request.Query["_skip"] == "10";
        server.Faults.Enqueue((_, _) =>
        {
            server.Materials.Add(FakeMaterialsProject.RockSalt("mp-9999", "Mg", "O", 4.1, 9));
            return Task.FromResult(false);
        });
        Assert.Equal("AnswerIncomplete", (await Fails(new MaterialQuery().Select("MgO"), pageSize: 10)).ErrorId);
        Assert.Equal(26, (await Structures(new MaterialQuery().Select("MgO"), pageSize: 10)).Count);
    }

    [Fact]
    public async Task A_material_that_comes_twice_is_an_error()
    {
        server.AddPolymorphs(25);
        server.FaultsApply = request => request.Query["_skip"] == "20";
        // The last page repeats one of the first: five materials, as the count promises.
        server.Faults.Enqueue(FakeServer.Body(body => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("\"mp-124\"", "\"mp-100\"", StringComparison.Ordinal))));
        AtomProNetException error = await Fails(new MaterialQuery().Select("MgO"), pageSize: 10);
        Assert.Equal("AnswerIncomplete", error.ErrorId);
        Assert.Contains("mp-100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_a_clear_error_without_the_key()
    {
        AtomProNetException error = await Fails(new MaterialQuery().Select("MgO"), key: "WRONG-KEY-0123456789-ABCDEF-XYZW");
        Assert.Equal("ApiKeyRefused", error.ErrorId);
        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("next-gen.materialsproject.org/api", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG-KEY", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("***", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("Zz9", "QueryRefused", "Problem processing")]
    public async Task What_the_server_says_about_a_query_is_shown(string formula, string id, string text)
    {
        // Our own reading would refuse it first: the server's word is for what we do not know.
        _ = formula;
        server.Faults.Enqueue(FakeServer.Status(400, """{"detail": "Problem processing one or more provided formulas."}"""));
        AtomProNetException error = await Fails(new MaterialQuery().Select("MgO"));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        server.Faults.Enqueue(FakeServer.Status(422, """{"detail": [{"loc": ["query", "nsites_max"], "msg": "value is not a valid integer", "type": "x"}]}"""));
        Assert.Contains("nsites_max: value is not a valid integer", (await Fails(new MaterialQuery().Select("MgO"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(414)]
    [InlineData(422)]
    [InlineData(413)]
    public async Task A_list_of_ids_that_is_too_long_is_split(int status)
    {
        server.AddPolymorphs(64);
        server.FaultsApply = request => request.Query["material_ids"].ToString().Split(',').Length > 10;
        for (int i = 0; i < 200; i++)
        {
            server.Faults.Enqueue(FakeServer.Status(status, """{"detail": "too long"}"""));
        }

        string[] ids = [.. Enumerable.Range(100, 64).Reverse().Select(i => $"mp-{i}"), "mp-none", "mp-100"];
        IReadOnlyList<DatabaseEntry> entries = await Entries(new MaterialQuery { MaterialIds = [.. ids] });
        Assert.Equal(Enumerable.Range(100, 64).Select(i => $"mp-{i}"), entries.Where(e => e.Structure is not null).Select(e => e.Id));
        DatabaseEntry missing = Assert.Single(entries, e => e.Structure is null);
        Assert.Equal("mp-none", missing.Id);
        Assert.Equal("MaterialNotFound", missing.Error!.ErrorId);
    }

    [Fact]
    public async Task Request_lines_stay_short_enough_for_a_server()
    {
        server.AddPolymorphs(2);
        server.LongestRequest = 8_000;
        string[] ids = [.. Enumerable.Range(0, 1500).Select(i => $"mp-{1_000_000 + i}"), "mp-100", "mp-101"];
        IReadOnlyList<DatabaseEntry> entries = await Entries(new MaterialQuery { MaterialIds = [.. ids] });
        Assert.Equal(2, entries.Count(e => e.Structure is not null));
        Assert.Equal(1500, entries.Count(e => e.Error?.ErrorId == "MaterialNotFound"));
    }

    [Fact]
    public async Task One_material_that_cannot_be_used_is_an_error_of_its_own()
    {
        server.AddPolymorphs(6);
        JsonObject Site(int material, int site) => server.Materials.First(m => m["material_id"]!.GetValue<string>() == $"mp-{100 + material}")["structure"]!["sites"]![site]!.AsObject();
        Site(0, 0)["species"]![0]!["occu"] = 0.5;
        Site(1, 0)["species"]!.AsArray().Add(new JsonObject { ["element"] = "Fe", ["occu"] = 0.5 });
        Site(2, 0)["species"]![0]!["element"] = "Xx";
        Site(3, 0)["abc"] = new JsonArray(0.1, 0.2);
        Site(4, 1)["species"]![0]!["element"] = "S"; // MgS under the name of MgO
        IReadOnlyList<DatabaseEntry> entries = await Entries(new MaterialQuery().Select("Mg-O"));
        Assert.Equal(6, entries.Count);
        Assert.Equal(["PartialOccupancy", "PartialOccupancy", "ElementUnknown", "MaterialUnreadable", "MaterialContradictory", null], entries.Select(e => e.Error?.ErrorId));
        Assert.All(entries.Take(5), e => Assert.StartsWith(e.Id + ": ", e.Error!.Message, StringComparison.Ordinal));
        Assert.Contains("Mg 0.5", entries[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal("mp-105", entries[5].Structure!.Provenance!.RootId);
    }

    [Fact]
    public async Task A_structure_that_is_no_structure_never_throws()
    {
        server.AddPolymorphs(1);
        foreach (string value in (string[])["null", "5", "\"x\"", "[]", "{}", """{"lattice": null}""", """{"lattice": {"matrix": [[1,0,0],[0,1,0]]}}""", """{"lattice": {"matrix": [[1,0,0],[0,1,0],[0,0,0]]}, "sites": []}""", """{"lattice": {"matrix": [[1,0,0],[0,1,0],[0,0,1e999]]}, "sites": []}""", """{"lattice": {"matrix": [[1,0,0],[0,1,0],[0,0,1]]}, "sites": [{}]}""", """{"lattice": {"matrix": [[1,0,0],[0,1,0],[0,0,1]]}, "sites": []}"""])
        {
            SummaryPage page = SummaryPage.Read(Encoding.UTF8.GetBytes("""{"data": [{"material_id": "mp-1", "structure": """ + value + """}], "meta": {"total_doc": 1}}"""), new MaterialSource("x", null));
            Assert.NotNull(Assert.Single(page.Documents).Error);
        }

        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_silent_server_is_given_up_and_tried_again()
    {
        server.AddPolymorphs(3);
        server.Faults.Enqueue(FakeServer.Silence(TimeSpan.FromSeconds(30)));
        var watch = Stopwatch.StartNew();
        Assert.Equal(3, (await Structures(new MaterialQuery().Select("MgO"), timeout: TimeSpan.FromSeconds(0.5))).Count);
        Assert.True(watch.Elapsed.TotalSeconds >= 0.4, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Cancelling_stops_at_once()
    {
        server.Faults.Enqueue(FakeServer.Silence(TimeSpan.FromSeconds(60)));
        using var stop = new CancellationTokenSource();
        stop.CancelAfter(TimeSpan.FromSeconds(0.3));
        var watch = Stopwatch.StartNew();
        using MaterialsProjectClient client = Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (DatabaseEntry _ in client.FindAsync(new MaterialQuery().Select("MgO"), stop.Token))
            {
            }
        });
        Assert.True(watch.Elapsed.TotalSeconds >= 0.2, $"{watch.Elapsed}");
        // A retry's waiting is cancelled, too.
        server.Faults.Enqueue(FakeServer.Status(429, "", "100"));
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (DatabaseEntry _ in client.FindAsync(new MaterialQuery().Select("MgO"), soon.Token))
            {
            }
        });
        Assert.True(watch.Elapsed.TotalSeconds >= 0.2, $"{watch.Elapsed}");
    }

    private static string Unpack(string file)
    {
        if (!file.EndsWith(".gz", StringComparison.Ordinal))
        {
            return File.ReadAllText(file);
        }

        using var stream = new System.IO.Compression.GZipStream(File.OpenRead(file), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private string Key(string word) => $"{server.Address}materials/summary/?" + SummaryQuery.Write(new MaterialQuery().Select(word), []);

    private List<string> Pages() => [.. server.Requests.Where(r => r.StartsWith("/materials", StringComparison.Ordinal))];

    private MaterialsProjectOptions Options(int pageSize = 250, string key = FakeMaterialsProject.Key, CacheMode mode = CacheMode.Use, TimeSpan? timeout = null) => new()
    {
        Server = new()
        {
            BaseAddress = server.Address,
            Key = key,
            RetryDelay = TimeSpan.FromMilliseconds(5),
            Timeout = timeout ?? TimeSpan.FromSeconds(20),
            Notice = findings.Enqueue,
        },
        Cache = Cache,
        CacheMode = mode,
        PageSize = pageSize,
    };

    private MaterialsProjectClient Client(int pageSize = 250) => new(Options(pageSize));

    private async Task<IReadOnlyList<DatabaseEntry>> Entries(MaterialQuery query, int pageSize = 250, string key = FakeMaterialsProject.Key, CacheMode mode = CacheMode.Use, TimeSpan? timeout = null, MaterialsProjectOptions? options = null)
    {
        using var client = new MaterialsProjectClient(options ?? Options(pageSize, key, mode, timeout));
        var entries = new List<DatabaseEntry>();
        await foreach (DatabaseEntry entry in client.FindAsync(query, TestContext.Current.CancellationToken))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private async Task<IReadOnlyList<Structure>> Structures(MaterialQuery query, int pageSize = 250, CacheMode mode = CacheMode.Use, TimeSpan? timeout = null, MaterialsProjectOptions? options = null)
    {
        IReadOnlyList<DatabaseEntry> entries = await Entries(query, pageSize, mode: mode, timeout: timeout, options: options);
        Assert.All(entries, e => Assert.Null(e.Error));
        return [.. entries.Select(e => e.Structure!)];
    }

    private Task<AtomProNetException> Fails(MaterialQuery query, int pageSize = 250, string key = FakeMaterialsProject.Key, MaterialsProjectOptions? options = null) =>
        Assert.ThrowsAsync<AtomProNetException>(() => Entries(query, pageSize, key, options: options));
}
