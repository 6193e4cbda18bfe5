using System.Globalization;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Schedulers.Slurm;
using AtomProNet.Jobs.Store;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Tests.Jobs;

/// <summary>Stores with as many jobs as nobody would submit for a test, and a Slurm that tells of as many.</summary>
internal static class ManyJobs
{
    private const int ArraySize = 1000;

    /// <summary>Writes planned jobs into the user's store.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cluster">For which cluster.</param>
    /// <param name="folder">What their folders lie in; none of them is made.</param>
    /// <param name="maxQueued">How many may be out.</param>
    public static void Plan(int count, string cluster, string folder, int? maxQueued = null)
    {
        using JobStore store = JobStore.Open();
        store.Write(t =>
        {
            long request = t.AddRequest(new() { Script = "job.sh", Call = Guid.NewGuid().ToString("N"), MaxQueued = maxQueued, Resources = new() { WallTime = TimeSpan.FromHours(1) } });
            for (int i = 0; i < count; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"strain_{i:D5}");
                t.AddJob(new() { Name = name, Code = "pw.x", Folder = System.IO.Path.Combine(folder, name), Script = "job.sh", Files = ["job.sh", "pw.in"], Digest = new('0', 64), Header = new() }, cluster, request);
            }
        });
    }

    /// <summary>Makes planned jobs of a cluster into jobs that Slurm has, in arrays of a thousand, and makes their folders of markers.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="workDirectory">Its work directory.</param>
    /// <param name="ended">How many of each array have left the marker of a good end.</param>
    /// <returns>The arrays: token, and tasks.</returns>
    public static List<(string Token, int Tasks)> Send(int count, string cluster, string workDirectory, int ended)
    {
        var arrays = new List<(string, int)>();
        using JobStore store = JobStore.Open();
        store.Write(t =>
        {
            var jobs = t.Query("SELECT id, request FROM job WHERE cluster = ?1 AND state = 0 ORDER BY id LIMIT ?2", r => (Id: r.Long(0), Request: r.Long(1)), cluster, count);
            foreach (var chunk in jobs.Chunk(ArraySize))
            {
                string token = BatchToken.Create(), folder = $"{workDirectory}/{token}";
                string id = string.Create(CultureInfo.InvariantCulture, $"{1000 + arrays.Count}");
                long batch = t.Insert(
                    "INSERT INTO batch (token, cluster, request, phase, sendings, scheduler_id, size, bundle, created, sent, asked, folder) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, 1, ?7, ?7, ?7, ?8)",
                    token, cluster, chunk[0].Request, BatchPhase.Sent, id, chunk.Length, t.Now, folder);
                for (int place = 0; place < chunk.Length; place++)
                {
                    t.Execute("UPDATE job SET state = ?2, batch = ?3, place = ?4, submitted = ?5, scheduler_id = ?6 WHERE id = ?1", chunk[place].Id, JobState.Queued, batch, place, t.Now, string.Create(CultureInfo.InvariantCulture, $"{id}_{place + 1}"));
                }

                arrays.Add((token, chunk.Length));
                string state = Directory.CreateDirectory($"{folder}/{RunnerScript.StateFolder}").FullName;
                long now = t.Now.ToUnixTimeSeconds();
                for (int place = 0; place < Math.Min(ended, chunk.Length); place++)
                {
                    Directory.CreateDirectory($"{state}/{place}.run");
                    File.WriteAllBytes(string.Create(CultureInfo.InvariantCulture, $"{state}/{place}.exit.0.{now - 10}.{now - 5}"), []);
                }
            }
        });
        return arrays;
    }

    /// <summary>Puts a squeue into a folder that has all tasks of arrays, but for the first few of each.</summary>
    public static void PutQueue(string folder, IEnumerable<(string Token, int Tasks)> arrays, int ended)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(folder);
        using (var list = new StreamWriter(System.IO.Path.Combine(folder, "queue")) { NewLine = "\n" })
        {
            int job = 1000;
            foreach ((string token, int tasks) in arrays)
            {
                for (int task = ended + 1; task <= tasks; task++)
                {
                    // As SlurmAnswers.QueueFormat asks for it.
                    bool runs = task <= ended + 20;
                    list.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{job}{task:D4}|{job}|{task}|{(runs ? "RUNNING" : "PENDING")}|me|2026-11-29T08:00:00|{(runs ? "2026-11-29T08:01:00" : "N/A")}|N/A|{(runs ? "node7" : "")}|{(runs ? "None" : "Resources")}|{token}|{token}"));
                }

                job++;
            }
        }

        string program = System.IO.Path.Combine(folder, "squeue");
        File.WriteAllText(program, $"#!/bin/sh\ncase \"$*\" in *'{SlurmAnswers.QueueFormat}'*) exec cat '{folder}/queue';; esac\nexit 1\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
