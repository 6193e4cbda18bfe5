using AtomProNet.Tests.Lammps;

namespace AtomProNet.Tests.Module;

/// <summary>The loop of docs/silicon-loop.ps1, as a user runs it: pw.x, LAMMPS and a page, with nothing prepared.</summary>
[Collection(PowerShellCollection.Name)]
public sealed class SiliconLoopTests(PowerShellModule module)
{
    [Fact]
    public async Task The_whole_loop_ends_with_a_page_that_compares_two_potentials()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Minutes of pw.x: ATOMPRONET_TEST=full.");
        SystemLammps.SkipUnlessThere("Si.sw", SystemLammps.SnapSilicon);
        Assert.SkipUnless(File.Exists("/usr/bin/pw.x") && File.Exists("/usr/share/espresso/pseudo/Si.pbe-rrkj.UPF"), "pw.x or its pseudopotentials are missing (Debian: quantum-espresso, quantum-espresso-data).");
        string manifest = await module.ManifestAsync(TestContext.Current.CancellationToken);
        using var work = new TemporaryFolder();
        string script = work.Write("run.ps1", $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{manifest}}'
            $r = & '{{Repository.File("docs", "silicon-loop.ps1")}}' -Destination '{{work.Path("loop")}}'
            "structures $($r.Structures) frames $($r.Frames) findings $($r.Findings)"
            foreach ($e in $r.Errors) { [string]::Format([cultureinfo]::InvariantCulture, '{0} {1} {2} {3:R}', $e.Model, $e.Quantity, $e.Count, $e.RMSE) }
            """);
        (int code, string output) = await PowerShellModule.RunScriptAsync(script, [], TestContext.Current.CancellationToken);
        Assert.True(code == 0, output);
        Assert.Contains("structures 14 frames 14", output, StringComparison.Ordinal);
        Dictionary<string, double> rmse = output.Split('\n').Select(l => l.Trim().Split(' ')).Where(w => w.Length == 4 && w[0] is "SNAP" or "Stillinger-Weber")
            .ToDictionary(w => $"{w[0]} {w[1]}", w => double.Parse(w[3], System.Globalization.CultureInfo.InvariantCulture));
        // A potential that was fitted to DFT is nearer to it than one from 1985, and neither is exact.
        Assert.InRange(rmse["SNAP ForceComponent"], 0.01, rmse["Stillinger-Weber ForceComponent"]);
        Assert.InRange(rmse["Stillinger-Weber ForceComponent"], 0.05, 3);
        Assert.InRange(rmse["SNAP EnergyPerAtom"], 1e-4, 0.3);
        string page = File.ReadAllText(work.Path("loop", "report.html"));
        Assert.Contains("SNAP", page, StringComparison.Ordinal);
        Assert.Contains("Stillinger-Weber", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
    }
}
