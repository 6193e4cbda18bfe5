using System.Text.Json;

namespace AtomProNet.Tests.Module;

/// <summary>Runs the Pester files under tests/Pester against the published module, where PowerShell and Pester 5 are found: all of them with ATOMPRONET_TEST=full.</summary>
[Collection(PowerShellCollection.Name)]
public sealed class PesterTests(PowerShellModule module)
{
    private const int PesterIsMissing = 42;

    [Fact]
    public async Task All_Pester_tests_pass()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var manifest = await module.ManifestAsync(cancellation);
        var results = Path.GetTempFileName();
        try
        {
            var (code, output) = await PowerShellModule.RunScriptAsync(Repository.File("tests", "Pester", "Invoke-Tests.ps1"), ["-Module", manifest, "-ResultPath", results, .. TestEffort.IsFull ? Array.Empty<string>() : ["-Quick"]], cancellation);
            Assert.SkipWhen(code == PesterIsMissing, "Pester 5 or later is not installed for pwsh.");
            Assert.True(new FileInfo(results).Length > 0, output);
            var counts = JsonSerializer.Deserialize<Counts>(await File.ReadAllTextAsync(results, cancellation))!;
            TestContext.Current.TestOutputHelper!.WriteLine($"Pester: {counts.Passed} passed, {counts.Failed} failed, {counts.Skipped} skipped{(TestEffort.IsFull ? "" : " (the files of single cmdlets with ATOMPRONET_TEST=full)")}");
            Assert.True(counts.Passed > 0, output);
            Assert.True(counts.Failed == 0 && code == 0, string.Join('\n', counts.Failures) + "\n" + output);
        }
        finally
        {
            File.Delete(results);
        }
    }

    private sealed record Counts(int Passed, int Failed, int Skipped, string[] Failures);
}
