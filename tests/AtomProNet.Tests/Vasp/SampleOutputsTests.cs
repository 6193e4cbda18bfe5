using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp;

/// <summary>The samples of the checkout are the ones that the code makes. ATOMPRONET_WRITE_SAMPLES=1 writes them anew.</summary>
public sealed class SampleOutputsTests
{
    [Fact]
    public void TheSamplesAreWhatTheCodeMakes()
    {
        string folder = SampleOutputs.Folder();
        bool write = Environment.GetEnvironmentVariable("ATOMPRONET_WRITE_SAMPLES") == "1";
        Assert.SkipUnless(write || Directory.Exists(folder), "The checkout's samples are missing.");
        int files = 0;
        foreach ((string path, byte[] content) in SampleOutputs.Files())
        {
            string full = Path.Combine(folder, path);
            if (write)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                File.WriteAllBytes(full, content);
            }

            Assert.True(File.Exists(full), $"{path} is missing.");
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(full)), $"{path} differs from what the code makes.");
            Assert.InRange(content.Length, 1, 20_000);
            files++;
        }

        Assert.Equal(43, files);
    }

    [Fact]
    public void ASampleKeepsItsDescent()
    {
        string outcar = Path.Combine(SampleOutputs.Folder(), "al-strain", "strain_+0.0100", "OUTCAR");
        Assert.SkipUnless(File.Exists(outcar), "The checkout's samples are missing.");
        using OutcarReader reader = OutcarReader.Open(outcar);
        Frame frame = Assert.Single(reader.ReadFrames(TestContext.Current.CancellationToken));
        Assert.Empty(reader.Report.Findings);
        Assert.Equal("synthetic:Al4 → Strain", frame.Structure.Provenance!.ToString());
        Assert.Equal("synthetic:Al4", frame.GroupId);
        Assert.False(frame.Structure.Provenance.GroupInferred);
        Assert.Equal("strain_+0.0100", frame.Structure.Name);
        Assert.Contains("SYNTHETIC", File.ReadAllText(outcar), StringComparison.Ordinal);
    }
}
