using AtomProNet.Cli;
using AtomProNet.Cli.Commands;

namespace AtomProNet.Tests.Module;

/// <summary>The names of the cmdlets beside those of other modules, which users have loaded, too.</summary>
public sealed class NameTests
{
    private static readonly string[] Ours = [.. new CommandCatalogue([typeof(PipelineHost).Assembly]).All.Select(command => command.Name)];

    [Fact]
    public void Take_none_of_another_module()
    {
        var taken = File.ReadLines(Repository.File("tests", "AtomProNet.Tests", "Module", "TakenNames.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Superset(new HashSet<string> { "Get-MpThreat", "New-SSHSession", "Invoke-DbaQuery", "Import-Excel", "Get-ChildItem", "Test-NetConnection" }, taken);
        Assert.DoesNotContain(Ours, taken.Contains);
        Assert.DoesNotContain(Ours, name => name.Split('-')[1].StartsWith("Slurm", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Have_singular_nouns() =>
        // Series is its own singular; analysis, basis and the like end so, too.
        Assert.All(Ours, name => Assert.True(!name.EndsWith('s') || name.EndsWith("ss", StringComparison.Ordinal) || name.EndsWith("Series", StringComparison.Ordinal) || name.EndsWith("sis", StringComparison.Ordinal), $"{name} is a plural."));
}
