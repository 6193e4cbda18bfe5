using System.Text.RegularExpressions;
using AtomProNet.Files;

namespace AtomProNet.Tests.Files;

public sealed partial class SharedFileTests
{
    /// <summary>On Windows .NET's short forms keep the programs that write a file from going on; Linux does not tell, so the source is looked at.</summary>
    [Fact]
    public void Files_of_others_are_read_so_that_others_can_go_on()
    {
        string[] rooms = ["Calculations", "Datasets", "Formats", "Lammps", "QuantumEspresso", "Vasp"];
        string[] found = [.. rooms.SelectMany(r => Directory.GetFiles(Repository.File("src", "AtomProNet", r), "*.cs", SearchOption.AllDirectories))
            .SelectMany(f => File.ReadLines(f).Where(l => Unshared().IsMatch(l)).Select(l => $"{Path.GetFileName(f)}: {l.Trim()}"))
            // Its own spool, which nobody else knows.
            .Where(l => !l.StartsWith("GrowingArray.cs", StringComparison.Ordinal))];
        Assert.Empty(found);
    }

    [Fact]
    public void A_byte_order_mark_is_no_text()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Path("a"), [0xEF, 0xBB, 0xBF, (byte)'x']);
        Assert.Equal("x", SharedFile.ReadAllText(folder.Path("a")));
        Assert.Equal(4, SharedFile.ReadAllBytes(folder.Path("a")).Length);
    }

    [GeneratedRegex(@"(?<![A-Za-z])File\.(OpenRead|OpenText|ReadAllText|ReadAllBytes|ReadAllLines|ReadLines)\(|FileMode\.Open, FileAccess\.Read, FileShare\.Read\b|new StreamReader\((file|path)\)")]
    private static partial Regex Unshared();
}
