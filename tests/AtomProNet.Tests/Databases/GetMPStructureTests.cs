using System.Diagnostics;
using System.Management.Automation;
using System.Text.Json.Nodes;
using AtomProNet.Cli;
using AtomProNet.Databases.Bundled;
using AtomProNet.Databases.Cache;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>Get-MPStructure and Clear-MPCache as users call them.</summary>
[Collection(ProcessEnvironment.Name)]
public sealed class GetMPStructureTests : IAsyncLifetime
{
    private readonly FakeMaterialsProject server = new();
    private readonly EnvironmentVariables environment = new();
    private readonly string folder = Directory.CreateTempSubdirectory("atompronet-").FullName;

    public async ValueTask InitializeAsync()
    {
        await server.StartAsync();
        environment["MP_API_KEY"] = null;
        environment["ATOMPRONET_HOME"] = folder;
        environment["ATOMPRONET_TEST_KEY"] = FakeMaterialsProject.Key;
    }

    public async ValueTask DisposeAsync()
    {
        environment.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Without_a_key_the_bundled_set_serves_and_a_warning_says_so_once()
    {
        PipelineResult result = Run("Get-MPStructure Al2O3,TiO2");
        Assert.Empty(result.Errors);
        Assert.Equal(["bundled:Al2O3-corundum", "bundled:TiO2-rutile", "bundled:TiO2-anatase"], Ids(result));
        Assert.All(result.Output.Cast<Structure>(), s => Assert.Equal("Bundled", s.Provenance!.Operation));
        string warning = Assert.Single(result.Warnings);
        Assert.Contains("bundled", warning, StringComparison.Ordinal);
        Assert.Contains("not from the Materials Project", warning, StringComparison.Ordinal);
        Assert.Contains("MP_API_KEY", warning, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1, which is not asked", Assert.Single(Run($"Get-MPStructure Si -Uri {server.Address}").Warnings), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void The_source_that_is_named_is_used_without_a_word()
    {
        PipelineResult result = Run("Get-MPStructure Si -Source Bundled");
        Assert.Empty(result.Warnings);
        Assert.Equal(["bundled:Si-diamond"], Ids(result));
        Assert.Equal(BundledCrystals.All.Length, Run("Get-MPStructure -Source Bundled").Output.Count);
        // Not even a key changes that.
        environment["MP_API_KEY"] = FakeMaterialsProject.Key;
        Assert.Equal(["bundled:Si-diamond"], Ids(Run($"Get-MPStructure Si -Source Bundled -Uri {server.Address}")));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void The_Materials_Project_without_a_key_is_an_error_that_says_how_to_get_one()
    {
        PipelineResult result = Run("Get-MPStructure Al2O3 -Source MaterialsProject");
        Assert.Empty(result.Output);
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.Equal("ApiKeyMissing,AtomProNet.PS.Databases.GetMPStructureCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
        Assert.Contains("materialsproject.org/api", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_comes_from_the_parameter_or_the_environment()
    {
        server.AddPolymorphs(3);
        Assert.Equal(["mp-100", "mp-101", "mp-102"], Ids(RunOnServer("Get-MPStructure MgO")));
        environment["MP_API_KEY"] = FakeMaterialsProject.Key;
        PipelineResult result = Run($"Get-MPStructure MgO -NoCache -Uri {server.Address}");
        Assert.Equal(["mp-100", "mp-101", "mp-102"], Ids(result));
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("Get-MPStructure mp-101", "mp-101")]
    [InlineData("Get-MPStructure -MaterialId mp-102,mp-100", "mp-100 mp-102")]
    [InlineData("Get-MPStructure mp-102,mp-100", "mp-102 mp-100")]
    [InlineData("Get-MPStructure MgO -First 2", "mp-100 mp-101")]
    [InlineData("Get-MPStructure -Formula MgO -Stable", "mp-100")]
    [InlineData("Get-MPStructure Mg-O -EnergyAboveHullMaximum 0.015", "mp-100 mp-101")]
    [InlineData("Get-MPStructure -ChemicalSystem O-Mg -EnergyAboveHullMinimum 0.02", "mp-102")]
    [InlineData("Get-MPStructure 'O,Mg'", "mp-100 mp-101 mp-102")]
    [InlineData("Get-MPStructure -Element O -ExcludeElement Mg", "mp-7")]
    [InlineData("Get-MPStructure -SpaceGroup R-3c", "mp-7")]
    [InlineData("Get-MPStructure -Element O -SpaceGroup 225 -SiteCountMaximum 2", "mp-100 mp-101 mp-102")]
    [InlineData("Get-MPStructure -Element O -SiteCountMinimum 3", "mp-7")]
    [InlineData("Get-MPStructure -Element O -Theoretical $true", "mp-7")]
    [InlineData("Get-MPStructure -Element O -Theoretical $false -First 1", "mp-100")]
    [InlineData("Get-MPStructure -Element Ca -Deprecated", "mp-8")]
    public void Ways_to_ask(string command, string ids)
    {
        server.AddPolymorphs(3);
        server.Materials.Add(FakeMaterialsProject.Material("mp-7", ["Al", "O", "O"], ["AlO2"], [[4, 0, 0], [0, 4, 0], [0, 0, 5]], [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]], 0.005, 167, "R-3c", theoretical: true));
        server.Materials.Add(FakeMaterialsProject.RockSalt("mp-8", "Ca", "S", 5.7, 0, deprecated: true));
        PipelineResult result = RunOnServer(command);
        Assert.Empty(result.Errors);
        Assert.Equal(ids.Split(' '), Ids(result));
    }

    [Fact]
    public void Queries_come_down_the_pipeline_by_value_and_by_property_name()
    {
        server.AddPolymorphs(3);
        server.Materials.Add(FakeMaterialsProject.RockSalt("mp-9", "Ca", "O", 4.8, 0));
        Assert.Equal(["mp-101", "mp-9", "mp-100"], Ids(RunOnServer("Get-MPStructure", "mp-101", "CaO", "mp-100")));
        Assert.Equal(["mp-102", "mp-9"], Ids(RunOnServer("Get-MPStructure", new { MaterialId = new[] { "mp-102" } }, new { Formula = new[] { "CaO" } })));
        Assert.Equal(["mp-101"], Ids(RunOnServer("Get-MPStructure", new { material_id = "mp-101", formula = "MgO", other = 5 })));
        // The heartbeat is asked once a command.
        Assert.Equal(3, server.Requests.Count(r => r == "/heartbeat"));
    }

    [Fact]
    public void One_bad_query_does_not_stop_the_others()
    {
        server.AddPolymorphs(1);
        PipelineResult result = RunOnServer("Get-MPStructure", "Al*X3", "", "mp-100", "mp-none", "Fe2O3");
        Assert.Equal(["mp-100"], Ids(result));
        Assert.Equal(["FormulaInvalid", "QueryEmpty", "MaterialNotFound", "MaterialNotFound"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(["Al*X3", "", "mp-none", "Fe2O3"], result.Errors.Select(e => (string)e.TargetObject!));
    }

    [Fact]
    public void One_material_that_cannot_be_used_is_an_error_with_its_id_and_the_rest_goes_on()
    {
        server.AddPolymorphs(3);
        JsonObject second = server.Materials.First(m => m["material_id"]!.GetValue<string>() == "mp-101");
        second["structure"]!["sites"]![0]!["species"]![0]!["occu"] = 0.9;
        PipelineResult result = RunOnServer("Get-MPStructure MgO");
        Assert.Equal(["mp-100", "mp-102"], Ids(result));
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("PartialOccupancy,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mp-101", error.TargetObject);
    }

    [Fact]
    public void A_flood_of_polymorphs_is_warned_of()
    {
        server.AddPolymorphs(21);
        PipelineResult result = RunOnServer("Get-MPStructure MgO");
        Assert.Equal(21, result.Output.Count);
        string warning = Assert.Single(result.Warnings);
        Assert.Contains("21 materials", warning, StringComparison.Ordinal);
        Assert.Contains("-Stable", warning, StringComparison.Ordinal);
        Assert.Contains("-First", warning, StringComparison.Ordinal);
        Assert.Empty(RunOnServer("Get-MPStructure MgO -First 21").Warnings);
        Assert.Empty(RunOnServer("Get-MPStructure MgO -EnergyAboveHullMaximum 9").Warnings);
        Assert.Empty(RunOnServer("Get-MPStructure Mg-O").Warnings);
        server.Materials.RemoveAt(0);
        Assert.Empty(RunOnServer("Get-MPStructure MgO -RefreshCache").Warnings);
    }

    [Fact]
    public void Everything_is_refused_without_a_selection()
    {
        server.AddPolymorphs(3);
        Assert.StartsWith("QueryUnrestricted", Assert.Single(RunOnServer("Get-MPStructure").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, RunOnServer("Get-MPStructure -First 2").Output.Count);
        Assert.Equal(1, server.Requests.Count(r => r.StartsWith("/materials", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_is_gone_never_changes_the_source()
    {
        server.AddPolymorphs(3);
        RunOnServer("Get-MPStructure MgO");
        await server.DisposeAsync();
        PipelineResult cached = RunOnServer("Get-MPStructure MgO");
        Assert.Equal(["mp-100", "mp-101", "mp-102"], Ids(cached));
        Assert.Contains("cache", Assert.Single(cached.Warnings), StringComparison.Ordinal);

        PipelineResult gone = RunOnServer("Get-MPStructure Al2O3");
        Assert.Empty(gone.Output);
        ErrorRecord error = Assert.Single(gone.Errors);
        Assert.StartsWith("ServerNotReached,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ResourceUnavailable, error.CategoryInfo.Category);
        Assert.Contains("-Source Bundled", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_appears_in_nothing_that_is_said_or_written()
    {
        server.AddPolymorphs(30);
        server.Faults.Enqueue(FakeServer.Status(503, FakeMaterialsProject.Key));
        PipelineResult good = RunOnServer("Get-MPStructure MgO -Verbose -Debug");
        Assert.NotEmpty(good.Verbose);
        environment["ATOMPRONET_TEST_KEY"] = "WRONG" + FakeMaterialsProject.Key[5..];
        PipelineResult bad = RunOnServer("Get-MPStructure CaO -Verbose -Debug");
        Assert.StartsWith("ApiKeyRefused,", Assert.Single(bad.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        string said = string.Join('\n', new[] { good, bad }.SelectMany(r => r.Verbose.Concat(r.Warnings).Concat(r.Debug).Concat(r.Information)
            .Concat(r.Errors.Select(e => e + e.Exception.ToString() + e.CategoryInfo.TargetName)).Concat(r.Progress.Select(p => p.StatusDescription + p.CurrentOperation))
            .Concat(r.Output.Cast<Structure>().SelectMany(s => s.Provenance!.Parameters.Values))));
        Assert.DoesNotContain(FakeMaterialsProject.Key[5..], said, StringComparison.Ordinal);
        Assert.All(Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories), f => Assert.DoesNotContain(FakeMaterialsProject.Key, f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-MPStructure Al2O3 -ApiKey env:ATOMPRONET_TEST_KEY -Uri http://api.materialsproject.org", "KeyInClearText")]
    [InlineData("Get-MPStructure Al2O3 -ApiKey env:ATOMPRONET_TEST_KEY -Uri https://u:p@api.materialsproject.org", "ServerAddressInvalid")]
    [InlineData("Get-MPStructure Al2O3 -ApiKey env:ATOMPRONET_TEST_KEY -Proxy ftp://u:p@proxy", "ProxyInvalid")]
    public void Addresses_that_cannot_be_used_are_refused(string command, string id)
    {
        PipelineResult result = Run(command);
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("u:p", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_is_used_and_its_password_is_not_shown()
    {
        await using var proxy = new FakeMaterialsProject();
        await proxy.StartAsync();
        proxy.AddPolymorphs(2);
        // The proxy answers for a server that does not exist.
        PipelineResult result = Run($"Get-MPStructure MgO -ApiKey env:ATOMPRONET_TEST_KEY -Uri http://127.0.0.1:9 -Proxy http://user:secret@127.0.0.1:{proxy.Address.Port} -Verbose");
        Assert.Empty(result.Errors);
        Assert.Equal(2, result.Output.Count);
        Assert.NotEmpty(proxy.Requests);
        Assert.DoesNotContain("secret", string.Join('\n', result.Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_stops_at_once()
    {
        server.Faults.Enqueue(FakeServer.Silence(TimeSpan.FromMinutes(1)));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
        var watch = Stopwatch.StartNew();
        PipelineResult result = PipelineHost.Run($"Get-MPStructure MgO -ApiKey env:ATOMPRONET_TEST_KEY -Uri {server.Address}", folder, cancellationToken: stop.Token);
        Assert.Equal(130, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.True(watch.Elapsed.TotalSeconds >= 0.3, $"{watch.Elapsed}");
    }

    [Fact]
    public void What_the_bundled_set_cannot_answer_is_an_error()
    {
        PipelineResult result = Run("Get-MPStructure TiO2 -Source Bundled -EnergyAboveHullMaximum 0.1");
        Assert.StartsWith("BundledFilterUnanswerable,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["bundled:TiO2-rutile"], Ids(Run("Get-MPStructure TiO2 -Source Bundled -Stable")));
        Assert.StartsWith("MaterialNotFound,", Assert.Single(Run("Get-MPStructure mp-1143 -Source Bundled").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(Run("Get-MPStructure Al-U -Source Bundled").Warnings);
    }

    [Fact]
    public void Clear_MPCache_says_how_much_it_removed_and_WhatIf_removes_nothing()
    {
        server.AddPolymorphs(3);
        RunOnServer("Get-MPStructure MgO");
        RunOnServer("Get-MPStructure Mg-O");
        PipelineResult whatIf = Run("Clear-MPCache -WhatIf");
        Assert.Empty(whatIf.Output);
        Assert.Contains("2 queries", Assert.Single(whatIf.WhatIf), StringComparison.Ordinal);
        var content = Assert.IsType<QueryCacheContent>(Assert.Single(Run("Clear-MPCache").Output));
        Assert.Equal((2, 4), (content.QueryCount, content.FileCount));
        Assert.True(content.ByteCount > 100);
        Assert.StartsWith(folder, content.Folder, StringComparison.Ordinal);
        Assert.False(Directory.Exists(content.Folder));
        Assert.Equal(0, Assert.IsType<QueryCacheContent>(Assert.Single(Run("Clear-MPCache").Output)).FileCount);
    }

    private static IEnumerable<string> Ids(PipelineResult result) => result.Output.Cast<Structure>().Select(s => s.Provenance!.RootId);

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder, cancellationToken: TestContext.Current.CancellationToken);

    private PipelineResult RunOnServer(string command, params object?[] input) => PipelineHost.Run(
        $"{command} -ApiKey env:ATOMPRONET_TEST_KEY -Uri {server.Address}",
        folder,
        input.Length > 0 ? new PipelineOptions { Input = input } : null,
        TestContext.Current.CancellationToken);
}
