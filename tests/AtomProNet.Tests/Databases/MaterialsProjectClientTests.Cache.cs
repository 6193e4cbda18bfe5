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

/// <summary>What is kept on the disk, and when it serves.</summary>
public sealed partial class MaterialsProjectClientTests
{
    [Fact]
    public async Task Complete_answers_come_from_the_cache_as_long_as_the_version_stays()
    {
        server.AddPolymorphs(25);
        IReadOnlyList<Structure> first = await Structures(new MaterialQuery().Select("MgO"), pageSize: 10);
        Assert.Equal(3, Pages().Count);
        IReadOnlyList<Structure> second = await Structures(new MaterialQuery().Select("MgO"), pageSize: 10);
        Assert.Equal(3, Pages().Count);
        Assert.Equal(first.Select(s => s.ContentHash), second.Select(s => s.ContentHash));
        Assert.Equal(first.Select(s => s.Provenance), second.Select(s => s.Provenance));
        // Asked in another way, it is the same query.
        await Structures(new MaterialQuery().Select(" MgO "));
        Assert.Equal(3, Pages().Count);
        server.Version = "2026.01.01";
        Assert.All(await Structures(new MaterialQuery().Select("MgO"), pageSize: 10), s => Assert.Equal("2026.01.01", s.Provenance!.Parameters["database_version"]));
        Assert.Equal(6, Pages().Count);
    }

    [Fact]
    public async Task Without_a_version_nothing_is_kept()
    {
        server.Version = null;
        server.AddPolymorphs(5);
        Structure structure = (await Structures(new MaterialQuery().Select("MgO")))[0];
        Assert.False(structure.Provenance!.Parameters.ContainsKey("database_version"));
        Assert.Equal(0, Cache.Measure().FileCount);
    }

    [Fact]
    public async Task Modes_of_the_cache()
    {
        server.AddPolymorphs(5);
        await Structures(new MaterialQuery().Select("MgO"), mode: CacheMode.None);
        Assert.Equal(0, Cache.Measure().FileCount);
        await Structures(new MaterialQuery().Select("MgO"));
        await Structures(new MaterialQuery().Select("MgO"), mode: CacheMode.None);
        Assert.Equal(3, Pages().Count);
        await Structures(new MaterialQuery().Select("MgO"), mode: CacheMode.Refresh);
        Assert.Equal(4, Pages().Count);
        QueryCacheContent content = Cache.Measure();
        Assert.Equal(1, content.QueryCount);
        Assert.Equal(2, content.FileCount);
        Assert.Equal(content, Cache.Clear());
        Assert.Equal(0, Cache.Measure().FileCount);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_where_it_stopped()
    {
        server.AddPolymorphs(50);
        server.FaultsApply = request => request.Query["_skip"] == "30";
        for (int i = 0; i < 6; i++)
        {
            server.Faults.Enqueue(FakeServer.Status(503));
        }

        await Fails(new MaterialQuery().Select("MgO"), pageSize: 10);
        Assert.Null(Cache.NewestComplete(Key("MgO")));
        int before = Pages().Count;
        Assert.Equal(Enumerable.Range(100, 50).Select(i => $"mp-{i}"), (await Entries(new MaterialQuery().Select("MgO"), pageSize: 10)).Select(e => e.Id));
        Assert.Equal(["30", "40"], Pages().Skip(before).Select(p => p.Split("_skip=")[1].Split('&')[0]));
        Assert.NotNull(Cache.NewestComplete(Key("MgO")));
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("other")]
    public async Task A_damaged_page_of_the_cache_is_fetched_again_with_a_warning(string damage)
    {
        server.AddPolymorphs(25);
        await Structures(new MaterialQuery().Select("MgO"), pageSize: 10);
        string file = Directory.GetFiles(folder, "page-10-10*", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(file);
        if (damage == "flip")
        {
            bytes[bytes.Length / 2] ^= 0x10;
        }

        File.WriteAllBytes(file, damage switch
        {
            "cut" => bytes[..(bytes.Length / 2)],
            "empty" => [],
            "other" => "hello"u8.ToArray(),
            _ => bytes,
        });
        Assert.Equal(25, (await Structures(new MaterialQuery().Select("MgO"), pageSize: 10)).Count);
        Assert.Equal(4, Pages().Count);
        Assert.Contains(findings, f => f is { Code: "CacheDamaged", Severity: FindingSeverity.Warning });
        await Structures(new MaterialQuery().Select("MgO"), pageSize: 10);
        Assert.Equal(4, Pages().Count);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_replaced_by_a_complete_answer_of_the_cache_and_by_nothing_else()
    {
        server.AddPolymorphs(25);
        IReadOnlyList<Structure> known = await Structures(new MaterialQuery().Select("MgO"), pageSize: 10);
        server.FaultsApply = request => request.Query["_skip"] == "10";
        for (int i = 0; i < 6; i++)
        {
            server.Faults.Enqueue(FakeServer.Status(503));
        }

        await Fails(new MaterialQuery { StableOnly = true }.Select("Mg,O") with { StableOnly = false, EnergyAboveHullMaximum = 5 }, pageSize: 10);
        MaterialsProjectOptions gone = Options(pageSize: 10);
        await server.DisposeAsync();

        findings.Clear();
        IReadOnlyList<Structure> again = await Structures(new MaterialQuery().Select("MgO"), options: gone);
        Assert.Equal(known.Select(s => s.ContentHash), again.Select(s => s.ContentHash));
        Assert.Equal(known.Select(s => s.Provenance), again.Select(s => s.Provenance));
        Finding warning = Assert.Single(findings, f => f.Severity == FindingSeverity.Warning);
        Assert.Equal("AnsweredFromCache", warning.Code);
        Assert.Contains("2025.09.25", warning.Message, StringComparison.Ordinal);

        // A part of an answer, or the answer to another question, is none.
        AtomProNetException error = await Fails(new MaterialQuery { EnergyAboveHullMaximum = 5 }.Select("Mg,O"), options: gone);
        Assert.Equal("ServerNotReached", error.ErrorId);
        Assert.Contains("-Source Bundled", error.Message, StringComparison.Ordinal);
        Assert.Equal("ServerNotReached", (await Fails(new MaterialQuery().Select("NaCl"), options: gone)).ErrorId);
    }

    [Fact]
    public async Task Many_at_a_time_share_one_cache()
    {
        server.AddPolymorphs(60);
        IReadOnlyList<DatabaseEntry>[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Entries(new MaterialQuery().Select(i % 2 == 0 ? "MgO" : "Mg-O"), pageSize: 7))));
        Assert.All(all, entries => Assert.Equal(Enumerable.Range(100, 60).Select(i => $"mp-{i}"), entries.Select(e => e.Id)));
        Assert.Equal(2, Cache.Measure().QueryCount);
        // One client answers several questions at once, too.
        using MaterialsProjectClient client = Client(pageSize: 7);
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            int n = 0;
            await foreach (DatabaseEntry _ in client.FindAsync(new MaterialQuery { SiteCountMaximum = 10 + i }.Select("MgO")))
            {
                n++;
            }

            return n;
        })));
        Assert.All(counts, n => Assert.Equal(60, n));
    }

    [Fact]
    public async Task A_version_cannot_lead_out_of_the_cache()
    {
        server.Version = "../../../outside";
        server.AddPolymorphs(2);
        await Structures(new MaterialQuery().Select("MgO"));
        Assert.All(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), f => Assert.StartsWith(Cache.Folder, f, StringComparison.Ordinal));
        Assert.Equal(2, Cache.Measure().FileCount);
        server.Version = "..";
        await Structures(new MaterialQuery().Select("MgO"));
        Assert.Equal(4, Cache.Measure().FileCount);
    }
}
