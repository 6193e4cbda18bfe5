using AtomProNet.Jobs;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Submission;

namespace AtomProNet.Tests.Jobs.Submission;

/// <summary>What is looked at before a folder becomes a job; nothing runs.</summary>
public sealed class InputFolderTests : IDisposable
{
    private readonly JobSandbox box = new();

    public void Dispose() => box.Dispose();

    /// <summary>On the cluster a carriage return would be a part of the last word of each line.</summary>
    [Theory]
    [InlineData("#!/bin/sh\r\nsrun vasp_std\r\n")]
    [InlineData("\uFEFF#!/bin/sh\nsrun vasp_std\n")]
    public void A_script_that_Windows_has_written_is_refused(string script)
    {
        string folder = box.Folders(1)[0];
        File.WriteAllText(Path.Combine(folder, "job.sh"), script);
        AtomProNetException error = Assert.Throws<AtomProNetException>(() => InputFolder.Plan(folder, null, null, [], CancellationToken.None));
        Assert.Equal("JobScriptLineEnds", error.ErrorId);
        Assert.Equal(Path.Combine(folder, "job.sh"), error.File);
        Assert.Contains("ReplaceLineEndings", error.Remedy, StringComparison.Ordinal);
    }

    /// <summary>Runs\a is runs\A, where case does not matter: it is not computed twice.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_in_another_spelling_is_the_same_one_where_case_does_not_matter(bool ignoresCase)
    {
        StringComparer names = ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        string folder = box.Folders(1)[0], other = folder.Replace("job-0000", "JOB-0000", StringComparison.Ordinal);
        Directory.CreateDirectory(other);
        foreach (string file in Directory.GetFiles(folder))
        {
            File.Copy(file, Path.Combine(other, Path.GetFileName(file)), overwrite: true);
        }

        DftJobs jobs = box.Jobs();
        DftJob first = Assert.Single(Plan([folder])), second = Assert.Single(Plan([other])), third = Assert.Single(Plan([folder]));
        Assert.Equal(ignoresCase, first.Id == second.Id);
        Assert.Equal(first.Id, third.Id);
        if (ignoresCase)
        {
            Assert.Equal("JobFolderTwice", Assert.Throws<AtomProNetException>(() => Plan([folder, other])).ErrorId);
        }

        IEnumerable<DftJob> Plan(string[] folders)
        {
            var submission = new JobSubmission(new() { Cluster = "local" }, ClusterProfile.Local, [], names);
            Array.ForEach(folders, f => submission.Add(f));
            return jobs.Plan(submission, box.Problems.Add);
        }
    }

    [Fact]
    public void Lines_for_the_shell_come_without_the_line_ends_of_Windows()
    {
        var batch = new AtomProNet.Jobs.Store.StoredBatch { Id = 1, Token = "apn0", Cluster = "c", Folder = "/w", RequestId = 1, Phase = AtomProNet.Jobs.Store.BatchPhase.Sent, Size = 1, Bundle = 1, Created = DateTimeOffset.UnixEpoch };
        string body = RunnerScript.Body(batch, new() { Script = "job.sh" }, new() { Name = "c", Setup = ["export A=1\r\nexport B=2"] });
        Assert.Contains("\nexport A=1\nexport B=2\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', body);
    }

    /// <summary>con.json cannot be a file on Windows.</summary>
    [Fact]
    public void A_cluster_may_be_called_as_a_device_of_Windows()
    {
        ClusterProfiles.Save(new() { Name = "con", SshHost = "con.example.org" }, overwrite: false);
        Assert.Equal(["_con.json"], Directory.GetFiles(Path.Combine(box.Home, "clusters")).Select(Path.GetFileName));
        Assert.Equal("con.example.org", ClusterProfiles.Get("CON").SshHost);
        Assert.Throws<AtomProNetException>(() => ClusterProfiles.Save(new() { Name = "Con" }, overwrite: false));
        ClusterProfiles.Remove("con");
        Assert.False(ClusterProfiles.Exists("con"));
    }
}
