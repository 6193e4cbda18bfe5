using System.Security.Cryptography;
using System.Text;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Transfer;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Transfer;

/// <summary>Through a real shell and a real tar of this machine.</summary>
public sealed class FileTransferTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LocalHost host = new();

    public FileTransferTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Hostile_names_go_up_and_down_and_nothing_is_executed()
    {
        var random = new Random(11);
        string[] names = [.. HostileNames.Known, .. HostileNames.Random(random, 150)];
        names = [.. names.Distinct(StringComparer.Ordinal)];
        string[] folders = [.. HostileNames.Known.Where(n => n.Length < 100).Take(40)];
        var files = names.Select((n, i) => (Path: i % 3 == 0 ? n : i % 3 == 1 ? $"{folders[i % folders.Length]}/{n}" : $"deep/{folders[i % folders.Length]}/{n}", Content: Content(random)))
            .GroupBy(f => f.Path, StringComparer.Ordinal).Select(g => g.First()).ToDictionary(f => f.Path, f => f.Content, StringComparer.Ordinal);
        // A path that is a folder cannot be a file as well.
        foreach (string path in files.Keys.Where(p => files.Keys.Any(q => q.StartsWith(p + "/", StringComparison.Ordinal))).ToList())
        {
            files.Remove(path);
        }

        Assert.True(files.Count > 120);
        foreach (string top in new[] { "plain", "-rf $(touch owned)\n'\"` ;" })
        {
            string remote = folder.Path("there", top);
            UploadReport sent = await FileTransfer.UploadAsync(host, new(remote, [.. files.Select(f => new UploadFile(f.Key, null, f.Value))]));
            Assert.Equal(files.Count, sent.FilesSent);
            Assert.Equal(files.Keys.Order(StringComparer.Ordinal), Files(remote));

            // Each folder of the first level by itself, into places of its own.
            string local = folder.Path("back", top.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
            DownloadReport got = await FileTransfer.DownloadAsync(host, new(folder.Path("there"), [new(top, local)]));
            Assert.All(got.Files, f => Assert.Equal(DownloadOutcome.Fetched, f.Outcome));
            Assert.Equal(files.Keys.Order(StringComparer.Ordinal), Files(local).Where(f => f != ".atompronet-received.json"));
            Assert.All(files, f => Assert.Equal(f.Value, File.ReadAllBytes(Path.Combine(local, f.Key))));
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Root, "owned*", SearchOption.AllDirectories));
        Assert.False(File.Exists("/owned"));
    }

    [Fact]
    public async Task A_folder_that_is_there_is_not_sent_twice()
    {
        UploadRequest request = Request("job", ("a/INCAR", "ENCUT = 520"), ("b/INCAR", "ENCUT = 680"), ("job.sh", "#!/bin/sh"));
        Assert.Equal(new UploadReport(3, 31, 0), await FileTransfer.UploadAsync(host, request));
        Assert.Equal(new UploadReport(0, 0, 3), await FileTransfer.UploadAsync(host, request));
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.UploadAsync(host, Request("job", ("a/INCAR", "ENCUT = 521"))));
        Assert.Equal("RemoteFolderDiffers", error.ErrorId);
        Assert.Equal("ENCUT = 520", File.ReadAllText(folder.Path("job", "a", "INCAR")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Names_that_are_one_on_this_computer_do_not_overwrite_each_other(bool ignoresCase)
    {
        foreach (string name in new[] { "outcar", "OUTCAR", "sub/x", "Sub/X", "other" })
        {
            folder.Write(Path.Combine("there", "job", name), name);
        }

        var download = new FileDownload(host, new(folder.Path("there"), [new("job", folder.Path("back"))]), null) { IgnoresCase = ignoresCase };
        DownloadReport got = await download.RunAsync(TestContext.Current.CancellationToken);
        string[] refused = [.. got.Files.Where(f => f.Outcome == DownloadOutcome.Refused).Select(f => $"{f.RelativePath}: {f.Problem}").Order(StringComparer.Ordinal)];
        Assert.Equal(ignoresCase ? ["outcar: It would be the same file as OUTCAR here.", "sub/x: It would be the same file as Sub/X here."] : [], refused);
        Assert.Equal("OUTCAR", await File.ReadAllTextAsync(folder.Path("back", "OUTCAR"), TestContext.Current.CancellationToken));
        Assert.Equal(!ignoresCase, File.Exists(folder.Path("back", "outcar")));
    }

    [Fact]
    public async Task Files_are_private_and_scripts_executable()
    {
        await FileTransfer.UploadAsync(host, new(folder.Path("job"), [new("sub/INCAR", null, "x"u8.ToArray()), new("job.sh", null, "x"u8.ToArray(), IsExecutable: true)]));
        Assert.Equal(["600", "700", "700", "700"], (await host.RunAsync($"cd {folder.Path("job")} && stat -c %a sub/INCAR job.sh sub .")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("")]
    [InlineData("a\0b")]
    public async Task Paths_that_lead_elsewhere_are_not_sent(string path)
    {
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.UploadAsync(host, Request("job", (path, "x"))));
        Assert.Equal("UploadPathInvalid", error.ErrorId);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public async Task What_a_cut_upload_left_is_not_sent_again()
    {
        byte[] big = RandomNumberGenerator.GetBytes(2_000_000);
        UploadFile[] files = [.. Enumerable.Range(0, 10).Select(i => new UploadFile($"f{i}", null, big))];
        var cut = new CuttingHost(host, inputBytes: 9_000_000, outputBytes: long.MaxValue);
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.UploadAsync(cut, new(folder.Path("job"), [.. files])));
        Assert.Equal("HostConnectionLost", error.ErrorId);
        Assert.False(Directory.Exists(folder.Path("job")));
        UploadReport report = await FileTransfer.UploadAsync(host, new(folder.Path("job"), [.. files]));
        Assert.InRange(report.FilesThere, 3, 5);
        Assert.Equal(10, report.FilesSent + report.FilesThere);
        Assert.All(files, f => Assert.Equal(big, File.ReadAllBytes(folder.Path("job", f.RelativePath))));
        Assert.Equal(["job"], folder.Names);
    }

    [Fact]
    public async Task An_upload_that_was_cut_before_the_folder_got_its_name_goes_on()
    {
        UploadRequest request = Request("job", ("a/INCAR", "ENCUT = 520"), ("job.sh", "#!/bin/sh"));
        await FileTransfer.UploadAsync(host, request);
        // As a client leaves it that is killed between the last file and the name.
        Directory.Move(folder.Path("job"), folder.Path("job.part.0123abcd"));
        Assert.Equal(new UploadReport(0, 0, 2), await FileTransfer.UploadAsync(host, request));
        Assert.Equal("ENCUT = 520", File.ReadAllText(folder.Path("job", "a", "INCAR")));
        Assert.Equal(["job"], folder.Names);
    }

    [Fact]
    public async Task The_tar_of_a_client_that_was_killed_harms_nobody()
    {
        // What was on its way when the client was killed stands still for a while, arrives when the next client is done, and ends in the middle of a file.
        UploadFile[] files = [.. Enumerable.Range(0, 5).Select(i => new UploadFile($"d{i}/f", null, RandomNumberGenerator.GetBytes(2_000_000)))];
        var late = new LateHost(host, before: 3_000_000, after: 2_500_000);
        Task killed = FileTransfer.UploadAsync(late, new(folder.Path("job"), [.. files]));
        await late.Stands;
        UploadReport report = await FileTransfer.UploadAsync(host, new(folder.Path("job"), [.. files]));
        Assert.Equal(5, report.FilesSent + report.FilesThere);
        late.GoOn();
        await Assert.ThrowsAnyAsync<Exception>(() => killed);
        Assert.All(files, f => Assert.Equal(f.Content.ToArray(), File.ReadAllBytes(folder.Path("job", f.RelativePath))));
        Assert.Equal(["job"], folder.Names);
    }

    [Fact]
    public void An_error_shows_what_was_said_first()
    {
        HostAnswer answer = HostAnswer.Of("", 2, "tar: 00001-a/job.sh: Cannot open: File exists\ntar: 00002-b/job.sh: Cannot open: File exists\ntar: three\ntar: four\ntar: Exiting with failure status due to previous errors\n");
        AtomProNetException error = Assert.Throws<AtomProNetException>(() => TransferErrors.ThrowUnlessDone(host, answer, "/scratch/job"));
        Assert.Equal("TransferFailed", error.ErrorId);
        Assert.Contains("exit code 2: tar: 00001-a/job.sh: Cannot open: File exists; tar: 00002-b", error.Message, StringComparison.Ordinal);
        Assert.Contains("(and 2 lines more)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_changed_comes_again()
    {
        folder.Write("there/1/OUTCAR", "one");
        folder.Write("there/1/CONTCAR", "geometry");
        folder.Write("there/1/sub/WAVECAR", "big");
        folder.Write("there/2/OUTCAR", "two");
        var request = new DownloadRequest(folder.Path("there"), [new("1", folder.Path("here", "a")), new("2", folder.Path("here", "b")), new("3", folder.Path("here", "c"))]) { Exclude = ["WAVECAR"] };
        DownloadReport first = await FileTransfer.DownloadAsync(host, request);
        Assert.Equal([("CONTCAR", DownloadOutcome.Fetched), ("OUTCAR", DownloadOutcome.Fetched), ("OUTCAR", DownloadOutcome.Fetched)], first.Files.Select(f => (f.RelativePath, f.Outcome)).Order());
        Assert.Equal(["3"], first.MissingFolders.Select(m => m.RemoteFolder));
        Assert.Equal(14, first.BytesReceived);
        Assert.All(first.Files, f => Assert.Equal(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(f.Folder.LocalFolder, f.RelativePath)))).ToLowerInvariant(), f.Sha256));

        folder.Write("there/1/OUTCAR", "one and more");
        File.Delete(folder.Path("here", "b", "OUTCAR"));
        DownloadReport second = await FileTransfer.DownloadAsync(host, request with { Exclude = [], Include = ["OUTCAR", "CONT*"] });
        Assert.Equal([("CONTCAR", DownloadOutcome.Unchanged), ("OUTCAR", DownloadOutcome.Fetched), ("OUTCAR", DownloadOutcome.Fetched)], second.Files.Select(f => (f.RelativePath, f.Outcome)).Order());
        Assert.Equal("one and more", File.ReadAllText(folder.Path("here", "a", "OUTCAR")));
        Assert.Equal("two", File.ReadAllText(folder.Path("here", "b", "OUTCAR")));

        DownloadReport third = await FileTransfer.DownloadAsync(host, request with { Exclude = [], Include = ["sub/*"] });
        Assert.Equal("sub/WAVECAR", Assert.Single(third.Files).RelativePath);
    }

    [Fact]
    public async Task A_cut_download_keeps_whole_files_and_goes_on()
    {
        Directory.CreateDirectory(folder.Path("there", "1"));
        var random = new Random(5);
        for (int i = 0; i < 20; i++)
        {
            var bytes = new byte[500_000];
            random.NextBytes(bytes);
            await File.WriteAllBytesAsync(folder.Path("there", "1", $"f{i:00}"), bytes);
        }

        var request = new DownloadRequest(folder.Path("there"), [new("1", folder.Path("here"))]);
        int whole = 0;
        foreach (int limit in new[] { 0, 1000, 700_000, 2_100_000, 2_600_000 })
        {
            var cut = new CuttingHost(host, long.MaxValue, limit, only: "tar");
            AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.DownloadAsync(cut, request));
            Assert.Equal("HostConnectionLost", error.ErrorId);
            string[] here = Directory.Exists(folder.Path("here")) ? [.. Directory.GetFiles(folder.Path("here"), "f*").Select(f => Path.GetFileName(f)!)] : [];
            Assert.All(here, f => Assert.Equal(File.ReadAllBytes(folder.Path("there", "1", f)), File.ReadAllBytes(folder.Path("here", f))));
            Assert.True(here.Length >= whole);
            whole = here.Length;
        }

        Assert.InRange(whole, 4, 19);
        DownloadReport report = await FileTransfer.DownloadAsync(host, request);
        Assert.Equal(whole, report.Files.Count(f => f.Outcome == DownloadOutcome.Unchanged));
        Assert.Equal(20 - whole, report.Files.Count(f => f.Outcome == DownloadOutcome.Fetched));
        Assert.Equal(20, Directory.GetFiles(folder.Path("here"), "f*").Length);
        Assert.Empty(Directory.GetFiles(folder.Path("here"), "*.tmp"));
    }

    [Fact]
    public async Task Links_pipes_and_names_that_are_no_text_are_refused_by_name()
    {
        folder.Write("secret", "not for you");
        await host.RunAsync($"mkdir -p {folder.Path("there", "1")} && cd {folder.Path("there", "1")} && echo x >plain && ln -s ../../secret link && ln -s /etc absolute && mkfifo pipe && echo y >\"$(printf 'bad\\377name')\" && ln plain twin && echo z >.atompronet-received.json");
        DownloadReport report = await FileTransfer.DownloadAsync(host, new(folder.Path("there"), [new("1", folder.Path("here"))]));
        Assert.Equal(
            [(".atompronet-received.json", DownloadOutcome.Refused), ("absolute", DownloadOutcome.Refused), ("bad\uFFFDname", DownloadOutcome.Refused), ("link", DownloadOutcome.Refused), ("pipe", DownloadOutcome.Refused), ("plain", DownloadOutcome.Fetched), ("twin", DownloadOutcome.Fetched)],
            report.Files.Select(f => (f.RelativePath, f.Outcome)).OrderBy(f => f.RelativePath, StringComparer.Ordinal));
        Assert.All(report.Files.Where(f => f.Outcome == DownloadOutcome.Refused), f => Assert.NotNull(f.Problem));
        Assert.Equal("x\n", File.ReadAllText(folder.Path("here", "twin")));
        // .NET cannot name the file whose name is no text.
        await host.RunAsync($"rm -rf {folder.Path("there")}");
    }

    [Theory]
    [InlineData("../escaped", "x", "leads out")]
    [InlineData("/tmp/escaped-absolute", "x", "absolute")]
    [InlineData("./1/wanted", null, "no file")]
    [InlineData("./1/other", "x", "not asked for")]
    public async Task A_tar_that_leads_elsewhere_is_refused_by_name(string name, string? content, string reason)
    {
        folder.Write("there/1/wanted", "x");
        Directory.CreateDirectory(folder.Path("there", "2"));
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.DownloadAsync(new EvilHost(host, name, content), new(folder.Path("there"), [new("1", folder.Path("here"))])));
        Assert.Equal("TarEntryRefused", error.ErrorId);
        Assert.Equal(name, error.Value);
        Assert.Contains(reason, error.Problem, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("escaped")));
        Assert.False(File.Exists("/tmp/escaped-absolute"));
        Assert.False(Directory.Exists(folder.Path("here")) && Directory.EnumerateFileSystemEntries(folder.Path("here")).Any());
    }

    [Fact]
    public async Task A_file_that_changes_meanwhile_is_told_and_left_for_the_next_call()
    {
        folder.Write("there/1/OUTCAR", "one");
        folder.Write("there/1/CONTCAR", "two");
        var request = new DownloadRequest(folder.Path("there"), [new("1", folder.Path("here"))]);
        // It grows after its hash was taken.
        var changing = new PreparedHost(host, $"tar() {{ printf ' and more' >>{folder.Path("there", "1", "OUTCAR")}; command tar \"$@\"; }}\n");
        DownloadReport report = await FileTransfer.DownloadAsync(changing, request);
        Assert.Equal([("CONTCAR", DownloadOutcome.Fetched), ("OUTCAR", DownloadOutcome.Changing)], report.Files.Select(f => (f.RelativePath, f.Outcome)).Order());
        Assert.False(File.Exists(folder.Path("here", "OUTCAR")));
        var vanishing = new PreparedHost(host, $"tar() {{ rm {folder.Path("there", "1", "OUTCAR")}; command tar \"$@\"; }}\n");
        report = await FileTransfer.DownloadAsync(vanishing, request);
        Assert.Equal([("CONTCAR", DownloadOutcome.Unchanged), ("OUTCAR", DownloadOutcome.Changing)], report.Files.Select(f => (f.RelativePath, f.Outcome)).Order());
    }

    [Fact]
    public async Task A_full_disk_over_there_leaves_nothing_half_written()
    {
        await using var disk = await SmallDisk.MountAsync(host, folder.Path("small"));
        UploadFile[] files = [.. Enumerable.Range(0, 8).Select(i => new UploadFile($"f{i}", null, RandomNumberGenerator.GetBytes(400_000)))];
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.UploadAsync(host, new(folder.Path("small", "job"), [.. files])));
        Assert.Equal(("RemoteDiskFull", ErrorKind.LimitExceeded), (error.ErrorId, error.Kind));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path("small")));
        Assert.Equal(2, (await FileTransfer.UploadAsync(host, new(folder.Path("small", "job"), [.. files.Take(2)]))).FilesSent);
    }

    [Fact]
    public async Task A_full_disk_here_leaves_whole_files_alone()
    {
        await using var disk = await SmallDisk.MountAsync(host, folder.Path("small"));
        Directory.CreateDirectory(folder.Path("there", "1"));
        for (int i = 0; i < 8; i++)
        {
            await File.WriteAllBytesAsync(folder.Path("there", "1", $"f{i}"), RandomNumberGenerator.GetBytes(400_000));
        }

        var request = new DownloadRequest(folder.Path("there"), [new("1", folder.Path("small", "here"))]);
        AtomProNetException error = await Assert.ThrowsAsync<AtomProNetException>(() => FileTransfer.DownloadAsync(host, request));
        Assert.Equal(("LocalDiskFull", ErrorKind.LimitExceeded), (error.ErrorId, error.Kind));
        string[] here = Directory.GetFiles(folder.Path("small", "here"));
        Assert.All(here.Where(f => Path.GetFileName(f)[0] == 'f'), f => Assert.Equal(File.ReadAllBytes(folder.Path("there", "1", Path.GetFileName(f))), File.ReadAllBytes(f)));
        Assert.DoesNotContain(here, f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_GNU_find_the_same_comes()
    {
        folder.Write("there/1/a b\nc", "one");
        folder.Write("there/1/sub/d", "two");
        await host.RunAsync($"ln -s x {folder.Path("there", "1", "link")}");
        // What BSD's find says to -printf.
        var bsd = new PreparedHost(host, "find() { case \"$*\" in *-printf*) echo 'find: -printf: unknown primary' >&2; return 1;; esac; command find \"$@\"; }\n");
        var request = new DownloadRequest(folder.Path("there"), [new("1", folder.Path("here")), new("2", folder.Path("here2"))]);
        DownloadReport report = await FileTransfer.DownloadAsync(bsd, request);
        Assert.Equal([("a b\nc", DownloadOutcome.Fetched), ("link", DownloadOutcome.Refused), ("sub/d", DownloadOutcome.Fetched)], report.Files.Select(f => (f.RelativePath, f.Outcome)).Order());
        Assert.Single(report.MissingFolders);
        report = await FileTransfer.DownloadAsync(bsd, request);
        Assert.Equal(2, report.Files.Count(f => f.Outcome == DownloadOutcome.Unchanged));
    }

    [Fact]
    public async Task Progress_ends_at_all_of_it()
    {
        var seen = new Recorder();
        await FileTransfer.UploadAsync(host, Request("job", ("a", "12345"), ("b", "678")), seen);
        Assert.Equal(new TransferProgress(8, 8, 2, 2), seen.Last);
        await FileTransfer.DownloadAsync(host, new(folder.Root, [new("job", folder.Path("here"))]), seen);
        Assert.Equal(new TransferProgress(8, 8, 2, 2), seen.Last);
    }

    [Theory]
    [InlineData("OUTCAR", "a/OUTCAR", true)]
    [InlineData("OUTCAR", "OUTCAR.gz", false)]
    [InlineData("OUT*", "a/OUTCAR.gz", true)]
    [InlineData("outcar", "OUTCAR", false)]
    [InlineData("a/*", "a/x", true)]
    [InlineData("a/*", "b/x", false)]
    [InlineData("?.out", "p.out", true)]
    [InlineData("a\\b*", "a\\bc", true)]
    public void Patterns_are_those_of_a_shell(string pattern, string path, bool fits) => Assert.Equal(fits, NamePattern.Matches(pattern, path));

    private UploadRequest Request(string name, params (string Path, string Content)[] files) => new(folder.Path(name), [.. files.Select(f => new UploadFile(f.Path, null, Encoding.UTF8.GetBytes(f.Content)))]);

    private static byte[] Content(Random random)
    {
        var bytes = new byte[random.Next(0, 2000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static IEnumerable<string> Files(string root) => Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(f => f[(root.Length + 1)..]).Order(StringComparer.Ordinal);

    private sealed class Recorder : IProgress<TransferProgress>
    {
        public TransferProgress? Last { get; private set; }

        public void Report(TransferProgress value) => Last = value;
    }
}
