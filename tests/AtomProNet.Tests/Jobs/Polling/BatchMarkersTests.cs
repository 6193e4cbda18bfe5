using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Polling;

namespace AtomProNet.Tests.Jobs.Polling;

public sealed class BatchMarkersTests
{
    [Fact]
    public async Task The_shell_lists_what_lies_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The clusters' shells are POSIX.");
        using var folder = new TemporaryFolder();
        string work = Directory.CreateDirectory(folder.Path("a 'b' $(touch owned);\n-é")).FullName;
        string one = Path.Combine(work, "apn1"), two = Path.Combine(work, "apn2"), gone = Path.Combine(work, "apn3"), elsewhere = folder.Path("not mounted", "apn4");
        Directory.CreateDirectory(Path.Combine(one, "state", "0.run"));
        Directory.CreateDirectory(Path.Combine(one, "state", "11.run"));
        Directory.CreateDirectory(Path.Combine(two, "state"));
        foreach (string name in new[] { "0.exit.0.1700000000.1700000100", "11.term.1700000050", "11.twice.4711_12@node.site", "7.exit.x.1.2", "junk", ".keep", "8.exit.1.2" })
        {
            await File.WriteAllTextAsync(Path.Combine(one, "state", name), "", TestContext.Current.CancellationToken);
        }

        HostAnswer answer = await new LocalHost().RunAsync(BatchMarkers.ListingCommand([one, two, gone, elsewhere]), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccess, answer.Describe());
        Dictionary<string, BatchMarkers> markers = BatchMarkers.Parse(answer.Output);
        Assert.Equal(["apn1", "apn2", "apn3", "apn4"], markers.Keys.Order(StringComparer.Ordinal));
        Assert.True(markers["apn1"].HasBegun(0) && markers["apn1"].HasBegun(11) && !markers["apn1"].HasBegun(1));
        Assert.Equal(new(0, DateTimeOffset.FromUnixTimeSeconds(1700000000), DateTimeOffset.FromUnixTimeSeconds(1700000100)), markers["apn1"].Exit(0));
        Assert.Null(markers["apn1"].Exit(7));
        Assert.Null(markers["apn1"].Exit(8));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700000050), markers["apn1"].Term(11));
        Assert.Equal([(11, "4711_12@node.site")], markers["apn1"].Twice);
        Assert.False(markers["apn2"].HasBegun(0) || markers["apn2"].IsGone || markers["apn2"].IsUnreachable);
        Assert.True(markers["apn3"].IsGone);
        Assert.True(markers["apn4"].IsUnreachable && !markers["apn4"].IsGone);
        Assert.False(File.Exists(Path.Combine(work, "owned")) || File.Exists("owned"));
    }
}
