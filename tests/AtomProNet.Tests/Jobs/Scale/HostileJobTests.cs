using System.Collections.Immutable;
using System.Text;
using AtomProNet.Files;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Submission;
using AtomProNet.Tests.Jobs.Transfer;
using AtomProNet.Tests.Rigs;
using FsCheck;
using FsCheck.Fluent;

namespace AtomProNet.Tests.Jobs.Scale;

/// <summary>
/// Names that a shell could take for commands, options or patterns, in every place of the engine that a name can stand in, from the folder to the cluster and
/// back: nothing is executed, nothing lost. Programs of such names lie on every path and leave a canary.
/// </summary>
[Collection(SlurmCollection.Name)]
public sealed class HostileJobTests : IDisposable
{
    private const string Alphabet = "ab'\"\\$`!*?[]{}()<>|&;#~= \t\n\r%^-+,.:@_éÅ中😀\u0001\u001b\u00a0";
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();

    public HostileJobTests(SlurmRig rig)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The engine needs a POSIX shell.");
        this.rig = rig;
    }

    public void Dispose()
    {
        if (rig.Missing is null && rig.Ssh.Missing is null)
        {
            rig.Ssh.Reset();
        }

        box.Dispose();
    }

    private string Canary => box.Path("canary");

    /// <summary>One user's names.</summary>
    /// <param name="WorkDirectory">A folder on the cluster.</param>
    /// <param name="Home">The user's data directory.</param>
    /// <param name="Script">The script of each job.</param>
    /// <param name="Folders">The folders, and so the jobs' names.</param>
    /// <param name="Files">Files in each, and in a folder of such a name in it.</param>
    public sealed record Names(string WorkDirectory, string Home, string Script, string[] Folders, string[] Files)
    {
        public override string ToString() => string.Join(" ", new[] { WorkDirectory, Home, Script }.Concat(Folders).Concat(Files).Select(n => System.Text.Json.JsonSerializer.Serialize(n)));
    }

    private static Gen<string> Name => Gen.OneOf(
            Gen.Elements(HostileNames.Known),
            from length in Gen.Choose(1, 20) from runes in Gen.Elements(Alphabet.EnumerateRunes().ToArray()).ArrayOf(length) select string.Concat(runes))
        .Where(n => n is not ("." or ".." or "job.sh" or "job.out") && !n.Contains('/', StringComparison.Ordinal) && !n.StartsWith(InputFolder.AttemptPrefix, StringComparison.Ordinal) && !n.EndsWith(".tmp", StringComparison.Ordinal)
            && Encoding.UTF8.GetByteCount(n) <= 200);

    private static Gen<Names> Cases =>
        // A line break in the work directory is refused when the cluster is registered; see below.
        from work in Name.Where(n => n.AsSpan().IndexOfAny('\r', '\n') < 0)
        from home in Name
        from script in Name
        from folders in Name.ArrayOf(4)
        from files in Name.ArrayOf(6)
        select new Names(work, home, script, [.. folders.Distinct(StringComparer.Ordinal)], [.. files.Where(f => f != script).Distinct(StringComparer.Ordinal)]);

    private static IEnumerable<Names> Some(ulong seed, int quick, int full)
    {
        // Each known name once, then what chance finds.
        string[] plain = [.. HostileNames.Known.Where(n => Encoding.UTF8.GetByteCount(n) <= 200)];
        return Cases.Sample(TestEffort.Of(quick, full, full * 4), new Rnd(seed), 50).Prepend(new("work $(touch owned) %a", "home `touch owned`", "-x ;touch owned.sh", ["$(touch owned)", "-rf", "a\nb"], plain));
    }

    [Fact]
    public async Task On_this_machine()
    {
        string bin = box.Path("bin");
        PutCanaries((name, text) => Put(bin, name, text));
        var host = new PreparedHost(new LocalHost(), $"PATH='{bin}':$PATH; export PATH\n");
        foreach (Names names in Some(4711, quick: 1, full: 12))
        {
            await GoThereAndBack(names, new() { Name = "local" }, new TestAccess(_ => host));
        }
    }

    [Fact]
    public async Task On_Slurm_over_ssh()
    {
        Assert.SkipUnless(TestEffort.IsFull, "Takes ten seconds, most of it waiting; runs with ATOMPRONET_TEST=full.");
        rig.SkipUnlessThere();
        PutCanaries(rig.Ssh.PutProgram);
        foreach (Names names in Some(4712, quick: 1, full: 12))
        {
            await GoThereAndBack(names, new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, Resources = new() { WallTime = TimeSpan.FromMinutes(5) } }, null);
        }
    }

    [Fact]
    public void Names_of_clusters_are_plain_words_or_refused_by_name()
    {
        foreach (string name in Name.Sample(TestEffort.Of(200, 2000, 20_000), new Rnd(4713), 50))
        {
            string? refusal = Refusal(() => new ClusterProfile { Name = name });
            Assert.Equal(name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') && char.IsAsciiLetterOrDigit(name[0]) ? null : "ClusterNameInvalid", refusal);
            // What goes into the header of a script, or to ssh.
            Assert.Equal(IsWord("._@:%+[]-") && name.Length <= 255 && name.Count(c => c == ':') != 1 ? null : "SshHostInvalid", Refusal(() => new ClusterProfile { Name = "a", SshHost = name }));
            Assert.Equal(IsWord("._,+@-") ? null : "JobHeaderInvalid", Refusal(() => new ClusterProfile { Name = "a", Resources = new() { Partition = name } }));
            Assert.Equal(name.AsSpan().IndexOfAny('\r', '\n') < 0 ? null : "WorkDirectoryInvalid", Refusal(() => new ClusterProfile { Name = "a", WorkDirectory = "/scratch/" + name }));

            bool IsWord(string others) => (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_header_that_cannot_be_kept_is_one_jobs_trouble_alone()
    {
        string[] folders = box.Folders(3);
        await File.WriteAllTextAsync(Path.Combine(folders[1], "job.sh"), "#!/bin/sh\n#SBATCH --partition=$(touch owned)\nexit 0\n", TestContext.Current.CancellationToken);
        using DftJobs jobs = box.Jobs();
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm });
        ImmutableArray<DftJob> planned = box.Plan(jobs, "rig", folders);
        Assert.Equal(["job-0000", "job-0002"], planned.Select(j => j.Name));
        AtomProNetException problem = Assert.Single(box.Problems);
        Assert.Equal(("JobHeaderInvalid", Path.Combine(folders[1], "job.sh")), (problem.ErrorId, problem.File));
    }

    private async Task GoThereAndBack(Names names, ClusterProfile profile, IClusterAccess? access)
    {
        UserDirectory.MovedHere.Value = box.Path("homes", names.Home);
        string work = box.Path("work", Guid.NewGuid().ToString("N"), names.WorkDirectory);
        string runs = box.Path("runs", Guid.NewGuid().ToString("N"));
        ClusterProfiles.Save(profile with { WorkDirectory = work, SettleTime = TimeSpan.FromSeconds(5) }, overwrite: true);
        var random = new Random(names.Files.Length);
        var given = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        string[] folders = [.. names.Folders.Select(f => Path.Combine(runs, f))];
        foreach (string folder in folders)
        {
            string inner = Path.Combine(folder, names.Folders[0] == names.Script ? "inner" : names.Folders[0]);
            Directory.CreateDirectory(inner);
            // Everything that came is copied under another folder, so that it comes back again as a result.
            await File.WriteAllTextAsync(Path.Combine(folder, names.Script), "mkdir results && for f in ./* ./.[!.]* ./..?*; do case $f in ./results | ./job.out) ;; *) [ ! -e \"$f\" ] || cp -R \"$f\" results/ || exit 1 ;; esac; done\n", TestContext.Current.CancellationToken);
            foreach (string file in names.Files.Where(f => f != Path.GetFileName(inner)).SelectMany(f => new[] { Path.Combine(folder, f), Path.Combine(inner, f) }))
            {
                byte[] bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
                given.Add(Path.GetRelativePath(runs, file), bytes);
            }
        }

        using DftJobs jobs = box.Jobs(access);
        ImmutableArray<DftJob> sent = await box.SubmitAsync(jobs, profile.Name, folders, new() { Script = names.Script });
        Assert.Empty(box.Problems);
        Assert.Equal(names.Folders, sent.Select(j => j.Name));
        ImmutableArray<DftJob> ended = await box.WaitAsync(jobs, seconds: 120);
        Assert.True(ended.All(j => j is { State: JobState.Finished, ExitCode: 0 }), $"{JobSandbox.Summary(ended)}\n{names}\n{string.Join('\n', box.Findings)}");
        var received = new List<DftJob>();
        await jobs.ReceiveAsync([.. ended.Select(j => j.Id)], new(), received.Add, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.True(box.Problems.Count == 0, $"{string.Join('\n', box.Problems)}\n{names}");
        Assert.Equal(names.Folders.Length, received.Count(j => j.State == JobState.Received));
        foreach ((string path, byte[] bytes) in given)
        {
            string[] parts = path.Split('/');
            string result = Path.Combine([runs, parts[0], "results", .. parts[1..]]);
            Assert.True(File.Exists(result), $"Lost: {path}\n{names}");
            Assert.Equal(bytes, await File.ReadAllBytesAsync(result, TestContext.Current.CancellationToken));
            Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(runs, path), TestContext.Current.CancellationToken));
        }

        Assert.False(File.Exists(Canary), File.Exists(Canary) ? $"Executed: {await File.ReadAllTextAsync(Canary, TestContext.Current.CancellationToken)}\n{names}" : "");
        await jobs.RemoveAsync([.. ended.Select(j => j.Id)], keepRemote: false, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
        Assert.Empty(box.Problems);
        Assert.Empty(Directory.GetFileSystemEntries(work));
    }

    /// <summary>What the names would call.</summary>
    private void PutCanaries(Action<string, string> put)
    {
        foreach (string program in new[] { "touch", "a", "b", "ab", "owned" })
        {
            put(program, $"#!/bin/sh\necho \"$0 $* in $PWD\" >>'{Canary}'\n");
        }
    }

    private static void Put(string folder, string name, string text)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string? Refusal(Func<object> make)
    {
        try
        {
            make();
            return null;
        }
        catch (AtomProNetException e)
        {
            return e.ErrorId;
        }
    }
}
