using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public class ExtendedXyzPropertyTests
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("ATOMPRONET_TEST") == "soak";

    [Fact]
    public void What_was_written_reads_back_bit_for_bit_and_type_for_type()
    {
        for (int seed = 0; seed < (Soak ? 100_000 : 1000); seed++)
        {
            var random = new Random(seed);
            Frame[] frames = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomFrames.Any(random))];
            var style = (KeyStyle)random.Next(3);
            Frame[] back = [.. Read(Write(frames, style))];
            Assert.Equal(frames.Length, back.Length);
            for (int i = 0; i < frames.Length; i++)
            {
                RandomFrames.AssertSame(frames[i], back[i]);
            }
        }
    }

    [Fact]
    public void The_virial_of_the_seeds_files_keeps_the_stress_to_the_last_but_one_bit()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            Frame frame = RandomFrames.Any(random);
            if (frame.Structure.Lattice is null || frame.Stress is not { } stress)
            {
                continue;
            }

            StressTensor back = Assert.Single(Read(Write([frame], KeyStyle.Seed))).Stress!.Value;
            foreach ((double a, double b) in stress.ToVoigt().Zip(back.ToVoigt()))
            {
                Assert.InRange(Math.Abs(a - b), 0, Math.Abs(a) * 4.5e-16);
            }
        }
    }

    [Fact]
    public void Of_a_cut_file_the_frames_before_the_cut_are_right_and_the_rest_is_refused()
    {
        for (int seed = 0; seed < (Soak ? 10_000 : 200); seed++)
        {
            var random = new Random(seed);
            Frame[] frames = [.. Enumerable.Range(0, 3).Select(_ => RandomFrames.Any(random))];
            byte[][] parts = [.. frames.Select(f => Write([f], KeyStyle.Mace))];
            byte[] bytes = [.. parts.SelectMany(p => p)];
            for (int k = 0; k < 10; k++)
            {
                int cut = random.Next(bytes.Length);
                int whole = 0;
                for (int at = 0; whole < 3 && (at += parts[whole].Length) <= cut; whole++)
                {
                }

                var read = new List<Frame>();
                try
                {
                    read.AddRange(Enumerate(bytes[..cut], read));
                }
                catch (AtomProNetException)
                {
                }

                // A file cut before its very last line end is whole.
                Assert.InRange(read.Count, whole, whole + 1);
                for (int i = 0; i < read.Count; i++)
                {
                    RandomFrames.AssertSame(frames[i], read[i]);
                }
            }
        }

        static IEnumerable<Frame> Enumerate(byte[] bytes, List<Frame> read)
        {
            foreach (Frame f in Read(bytes))
            {
                read.Add(f);
            }

            return [];
        }
    }

    /// <summary>Fixed decimals and no line end at the end of the file: a cut number is a number, but a shorter one.</summary>
    [Theory]
    [InlineData("DFT_data.extxyz")]
    [InlineData("MLIP_validation.xyz")]
    public void Of_a_cut_real_file_every_frame_that_is_returned_is_right(string name)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.Path("data", "mlip", name));
        Frame[] whole = [.. Read(bytes)];
        var random = new Random(1);
        for (int k = 0; k < (Soak ? 100_000 : 500); k++)
        {
            // Half of the cuts within the last frame's last line, where only the digits tell.
            int cut = k % 2 == 0 ? random.Next(bytes.Length) : bytes.Length - random.Next(1, 90);
            var read = new List<Frame>();
            try
            {
                foreach (Frame frame in Read(bytes[..cut]))
                {
                    read.Add(frame);
                }
            }
            catch (AtomProNetException)
            {
            }

            Assert.True(read.Count < whole.Length);
            for (int i = 0; i < read.Count; i++)
            {
                RandomFrames.AssertSame(whole[i], read[i]);
            }
        }
    }

    [Fact]
    public void A_flipped_byte_gives_no_other_error_than_ours()
    {
        for (int seed = 0; seed < (Soak ? 100_000 : 500); seed++)
        {
            var random = new Random(seed);
            byte[] bytes = Write([RandomFrames.Any(random), RandomFrames.Any(random)], (KeyStyle)random.Next(3));
            for (int k = 0; k < 10; k++)
            {
                byte[] damaged = [.. bytes];
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    foreach (Frame _ in Read(damaged))
                    {
                    }
                }
                catch (AtomProNetException e)
                {
                    Assert.Equal("random.xyz", e.File);
                }
            }
        }
    }

    private static byte[] Write(Frame[] frames, KeyStyle style)
    {
        using var stream = new MemoryStream();
        ExtendedXyzWriter.WriteAll(stream, frames, new() { KeyStyle = style });
        return stream.ToArray();
    }

    private static IEnumerable<Frame> Read(byte[] bytes) => ExtendedXyzReader.Read(new MemoryStream(bytes), "random.xyz");
}
