using System.Management.Automation;
using AtomProNet.Cli;
using AtomProNet.Databases.Cache;
using AtomProNet.PS.Databases;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>Get-OptimadeStructure and Clear-OptimadeCache as users call them.</summary>
[Collection(ProcessEnvironment.Name)]
public sealed class GetOptimadeStructureTests : IAsyncLifetime
{
    private readonly FakeOptimade server = new();
    private readonly EnvironmentVariables environment = new();
    private readonly string folder = Directory.CreateTempSubdirectory("atompronet-").FullName;

    public async ValueTask InitializeAsync()
    {
        await server.StartAsync();
        environment["ATOMPRONET_HOME"] = folder;
    }

    public async ValueTask DisposeAsync()
    {
        environment.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("-Formula NaCl", "0 1 2")]
    [InlineData("-Element Na -First 2", "0 1")]
    [InlineData("-ChemicalSystem Ca-O", "5")]
    [InlineData("-Element O -ExcludeElement Na", "5")]
    [InlineData("-Id e/1,e/2", "1 2")]
    [InlineData("-Filter 'elements HAS ALL \"Ca\" AND nelements=2'", "5")]
    [InlineData("-Filter 'nelements=2' -Element Cl -SiteCountMaximum 2 -First 1", "0")]
    public void Ways_to_ask(string arguments, string ids)
    {
        server.Add(3);
        server.Entries.Add(FakeOptimade.RockSalt("e/5", "Ca", "O", 4.8));
        PipelineResult result = Run($"Get-OptimadeStructure {arguments} -Uri {server.Address}");
        Assert.Empty(result.Errors);
        Assert.Equal(ids.Split(' ').Select(i => $"127.0.0.1:e/{i}"), Ids(result));
    }

    [Fact]
    public void Formulas_come_down_the_pipeline_and_one_bad_one_does_not_stop_the_others()
    {
        server.Add(1);
        server.Entries.Add(FakeOptimade.RockSalt("e/5", "Ca", "O", 4.8));
        PipelineResult result = PipelineHost.Run($"Get-OptimadeStructure -Uri {server.Address}", folder, new() { Input = ["CaO", "Na2Xx", "NaCl", "MgO"] }, TestContext.Current.CancellationToken);
        Assert.Equal(["127.0.0.1:e/5", "127.0.0.1:e/0"], Ids(result));
        Assert.StartsWith("FormulaInvalid,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("MgO", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(1, server.Requests.Count(r => r == "/v1/info/structures"));
    }

    [Fact]
    public void A_flood_is_warned_of_and_everything_is_refused_without_a_selection()
    {
        server.Add(21);
        Assert.Contains("-First", Assert.Single(Run($"Get-OptimadeStructure -Formula NaCl -Uri {server.Address}").Warnings), StringComparison.Ordinal);
        Assert.Empty(Run($"Get-OptimadeStructure -Formula NaCl -First 30 -Uri {server.Address}").Warnings);
        Assert.StartsWith("QueryUnrestricted,", Assert.Single(Run($"Get-OptimadeStructure -Uri {server.Address}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_is_no_structure_is_an_error_with_its_id_and_the_rest_goes_on()
    {
        server.Add(3);
        server.Entries[1]["attributes"]!["species"]![0]!["concentration"]![0] = 0.5;
        PipelineResult result = Run($"Get-OptimadeStructure -Formula NaCl -Uri {server.Address}");
        Assert.Equal(["127.0.0.1:e/0", "127.0.0.1:e/2"], Ids(result));
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("PartialOccupancy,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("e/1", error.TargetObject);
    }

    [Fact]
    public void A_provider_that_is_not_known_is_an_error_that_lists_those_that_are()
    {
        ErrorRecord error = Assert.Single(Run("Get-OptimadeStructure icsd Al2O3").Errors);
        Assert.StartsWith("ProviderUnknown,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("cod, tcod, aflow", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_are_proposed()
    {
        string[] proposed = [.. new OptimadeProviderCompleter().CompleteArgument("Get-OptimadeStructure", "Provider", "o", null!, null!).Select(c => c.CompletionText)];
        Assert.Equal(["oqmd", "odbx", "omdb"], proposed);
    }

    [Fact]
    public void Clear_OptimadeCache_leaves_the_other_cache_alone()
    {
        server.Add(3);
        Run($"Get-OptimadeStructure -Formula NaCl -Uri {server.Address}");
        Directory.CreateDirectory(Path.Combine(folder, "cache", "materials-project", "x"));
        Assert.Empty(Run("Clear-OptimadeCache -WhatIf").Output);
        var content = Assert.IsType<QueryCacheContent>(Assert.Single(Run("Clear-OptimadeCache").Output));
        Assert.Equal((1, 2), (content.QueryCount, content.FileCount));
        Assert.False(Directory.Exists(content.Folder));
        Assert.True(Directory.Exists(Path.Combine(folder, "cache", "materials-project", "x")));
    }

    private static IEnumerable<string> Ids(PipelineResult result) => result.Output.Cast<Structure>().Select(s => s.Provenance!.RootId);

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder, cancellationToken: TestContext.Current.CancellationToken);
}
