using System.Security.Cryptography;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Transfer;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Transfer;

/// <summary>Through a real sshd, by the system's ssh.</summary>
[Collection(SshCollection.Name)]
public sealed class OpenSshTransferTests(SshRig rig) : SshTransferSuite(rig)
{
    protected override IHost Open(string alias) => Rig.Host(alias, o => o with { Persist = TimeSpan.FromSeconds(34) });
}

/// <summary>Through a real sshd, by SSH.NET.</summary>
[Collection(SshCollection.Name)]
public sealed class SshNetTransferTests(SshRig rig) : SshTransferSuite(rig)
{
    protected override IHost Open(string alias) => Rig.SshNet(alias);
}

/// <summary>Files through a real sshd.</summary>
public abstract class SshTransferSuite : IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected SshTransferSuite(SshRig rig)
    {
        Rig = rig;
        rig.SkipUnlessThere();
        rig.Reset();
    }

    protected SshRig Rig { get; }

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract IHost Open(string alias);

    [Theory]
    [InlineData("login")]
    [InlineData("compute")]
    public async Task Files_go_up_and_down_through_banners(string alias)
    {
        Rig.Banner = "Welcome\n\0\u0001binary\n";
        IHost host = Open(alias);
        var random = new Random(2);
        var files = HostileNames.Random(random, 60).Concat(HostileNames.Known).Distinct(StringComparer.Ordinal).Select(n => new UploadFile($"job/{n}", null, RandomNumberGenerator.GetBytes(random.Next(0, 100_000)))).ToArray();
        await FileTransfer.UploadAsync(host, new(folder.Path("there"), [.. files]));
        DownloadReport report = await FileTransfer.DownloadAsync(host, new(folder.Path("there"), [new("job", folder.Path("here"))]));
        Assert.Equal(files.Length, report.Files.Length);
        Assert.All(files, f => Assert.Equal(f.Content.ToArray(), File.ReadAllBytes(folder.Path("here", f.RelativePath[4..]))));
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_of_a_tar_is_carried_on()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes five seconds; runs with ATOMPRONET_TEST=full.");
        IHost host = Open("login");
        UploadFile[] files = [.. Enumerable.Range(0, 30).Select(i => new UploadFile($"f{i:00}", null, RandomNumberGenerator.GetBytes(1_000_000)))];
        using (var cutting = new Cutter(Rig, 12_000_000))
        {
            AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.UploadAsync(host, new(folder.Path("there"), [.. files]), cutting));
            Assert.Equal("HostConnectionLost", error.ErrorId);
        }

        Assert.False(Directory.Exists(folder.Path("there")));
        UploadReport sent = await FileTransfer.UploadAsync(host, new(folder.Path("there"), [.. files]));
        Assert.InRange(sent.FilesThere, 1, 29);
        Assert.Equal(30, sent.FilesThere + sent.FilesSent);

        var request = new DownloadRequest(folder.Root, [new("there", folder.Path("here"))]);
        using (var cutting = new Cutter(Rig, 12_000_000))
        {
            AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.DownloadAsync(host, request, cutting));
            Assert.Equal("HostConnectionLost", error.ErrorId);
        }

        DownloadReport got = await FileTransfer.DownloadAsync(host, request);
        Assert.InRange(got.Files.Count(f => f.Outcome == DownloadOutcome.Unchanged), 1, 29);
        Assert.All(files, f => Assert.Equal(f.Content.ToArray(), File.ReadAllBytes(folder.Path("here", f.RelativePath))));
    }

    /// <summary>Cuts the connection when so many bytes have passed.</summary>
    private sealed class Cutter(SshRig rig, long after) : IProgress<TransferProgress>, IDisposable
    {
        private Task? cutting;

        public void Report(TransferProgress value)
        {
            if (value.Bytes >= after && cutting is null)
            {
                // Whoever transfers stands still until it is done.
                cutting = rig.CutAsync();
                cutting.GetAwaiter().GetResult();
            }
        }

        public void Dispose() => Assert.NotNull(cutting);
    }
}
