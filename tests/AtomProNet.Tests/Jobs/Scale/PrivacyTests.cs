using System.Collections.Immutable;
using System.Text;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Store;
using AtomProNet.Tests.Rigs;

namespace AtomProNet.Tests.Jobs.Scale;

/// <summary>What a user has here and on a cluster is that user's alone, and what is secret shows in no list of processes, no log and no store.</summary>
[Collection(SlurmCollection.Name)]
public sealed class PrivacyTests : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private readonly SlurmRig rig;
    private readonly JobSandbox box = new();
    private readonly string secret = "s3cret" + Guid.NewGuid().ToString("N");

    public PrivacyTests(SlurmRig rig)
    {
        this.rig = rig;
        rig.SkipUnlessThere();
    }

    public void Dispose()
    {
        rig.Ssh.Reset();
        box.Dispose();
    }

    [Fact]
    public async Task Files_are_the_users_alone()
    {
        // The login has the usual mask, under which everybody could read.
        rig.Ssh.Hook = "umask 022\n";
        box.Register(new() { Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, WorkDirectory = box.Path("far", "jobs") });
        using DftJobs jobs = box.Jobs();
        ImmutableArray<DftJob> sent = await box.SubmitAsync(jobs, "rig", box.Folders(2, "mkdir made; echo result >made/file"));
        ImmutableArray<DftJob> local = await box.SubmitAsync(jobs, "local", box.Folders(1, prefix: "local"));
        await box.WaitAsync(jobs);
        Assert.Empty(box.Problems);

        using (JobStore store = JobStore.Open())
        {
            store.Write(t => t.Note("the log is there while somebody writes"));
            string[] files = Directory.GetFiles(box.Home, "jobs.db*");
            Assert.Contains(files, f => f.EndsWith("-wal", StringComparison.Ordinal));
            Assert.Contains(files, f => f.EndsWith("-shm", StringComparison.Ordinal));
            AssertPrivate(files);
        }

        // On a network file system there is a lease and a journal in their place.
        using (JobStore store = JobStore.Open(box.Path("shared"), isLocal: false, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))
        {
            store.Write(t =>
            {
                t.Note("the journal is there meanwhile");
                string[] files = Directory.GetFiles(box.Path("shared"));
                Assert.Contains(files, f => f.EndsWith(".lease", StringComparison.Ordinal));
                Assert.Contains(files, f => f.EndsWith("-journal", StringComparison.Ordinal));
                AssertPrivate(files);
            });
        }

        AssertPrivate([box.Home, .. Directory.GetFiles(Path.Combine(box.Home, "clusters")), Path.Combine(box.Home, "clusters")]);
        // Everything that we made on the cluster, and the folder in which jobs make more; nobody else comes into it.
        foreach (DftJob job in sent.Concat(local))
        {
            string batch = Path.GetDirectoryName(job.RemoteFolder)!;
            AssertPrivate([Path.GetDirectoryName(batch)!, batch, Path.Combine(batch, "run.sh"), Path.Combine(batch, "about.jsonl"), Path.Combine(batch, "state"), job.RemoteFolder!, Path.Combine(job.RemoteFolder!, "job.sh"), Path.Combine(job.RemoteFolder!, "input.txt")]);
        }

        AssertPrivate(Directory.GetDirectories(box.Home, "queue-*"));
    }

    [Fact]
    public async Task A_secret_is_in_no_process_list_no_log_and_no_store()
    {
        // A line of the profile sets a key for the job; the script and an input file hold it, too.
        box.Register(new()
        {
            Name = "rig", Scheduler = SchedulerKind.Slurm, SshHost = "login", SshConfig = rig.Ssh.ConfigFile, Setup = [$"export LICENCE_KEY={secret}"], SettleTime = TimeSpan.FromSeconds(5),
        });
        string[] folders = box.Folders(2, $"KEY={secret}; [ \"$KEY\" = \"$LICENCE_KEY\" ] || exit 9; sleep 1");
        await File.WriteAllTextAsync(Path.Combine(folders[0], "input.txt"), secret, TestContext.Current.CancellationToken);
        // Each step is slow enough for somebody to look.
        foreach (string program in new[] { "sbatch", "squeue", "tar" })
        {
            rig.Ssh.PutProgram(program, $"#!/bin/bash\nsleep .3\nexec /usr/bin/{program} \"$@\"\n");
        }

        using var ending = new CancellationTokenSource();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int looks = 0;
        Task looking = Task.Run(
            () =>
            {
                while (!ending.IsCancellationRequested)
                {
                    looks++;
                    foreach (string line in CommandLines())
                    {
                        if (line.Contains(secret, StringComparison.Ordinal))
                        {
                            seen.Add(line);
                        }
                    }

                    Thread.Sleep(20);
                }
            },
            TestContext.Current.CancellationToken);
        using (DftJobs jobs = box.Jobs())
        {
            await box.SubmitAsync(jobs, "rig", folders);
            ImmutableArray<DftJob> ended = await box.WaitAsync(jobs);
            Assert.All(ended, j => Assert.Equal((JobState.Finished, 0), (j.State, j.ExitCode)));
            await jobs.ReceiveAsync([.. ended.Select(j => j.Id)], new(), _ => { }, (_, e) => box.Problems.Add(e), TestContext.Current.CancellationToken);
            Assert.DoesNotContain(jobs.List(), j => j.ToString().Contains(secret, StringComparison.Ordinal) || j.Message?.Contains(secret, StringComparison.Ordinal) == true);
        }

        await ending.CancelAsync();
        await looking;
        Assert.Empty(box.Problems);
        Assert.True(looks > 10);
        Assert.Empty(seen);
        Assert.DoesNotContain(box.Findings, f => f.ToString().Contains(secret, StringComparison.Ordinal));
        // The profile is where the user put it; nothing else here has it.
        byte[] bytes = Encoding.UTF8.GetBytes(secret);
        string[] holding = [.. Directory.EnumerateFiles(box.Home, "*", SearchOption.AllDirectories).Where(f => Contains(f, bytes))];
        Assert.Equal([Path.Combine(box.Home, "clusters", "rig.json")], holding);
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            string text;
            try
            {
                text = char.IsAsciiDigit(Path.GetFileName(process)[0]) ? File.ReadAllText(Path.Combine(process, "cmdline")) : "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return text;
        }
    }

    private static bool Contains(string file, byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray().AsSpan().IndexOf(bytes) >= 0;
    }

    private static void AssertPrivate(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            Assert.True(File.Exists(path) || Directory.Exists(path), path);
            if (!OperatingSystem.IsWindows())
            {
                Assert.True((File.GetUnixFileMode(path) & Others) == 0, $"{path}: {File.GetUnixFileMode(path)}");
            }
        }
    }
}
