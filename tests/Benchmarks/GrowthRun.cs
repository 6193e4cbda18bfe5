using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Benchmarks;

/// <summary>
/// How cost grows: the processor's time for reading and writing extended XYZ, over the number of frames and over their size. Prints CSV, of
/// which tests/Benchmarks/growth makes the figure of docs/performance.md:
/// <code>dotnet run -c Release --project tests/Benchmarks -- growth</code>
/// </summary>
internal static class GrowthRun
{
    private const int AtomsAtLeast = 2_000_000;

    public static int Run()
    {
        Console.WriteLine("frames,atoms,read_ns_per_atom,write_ns_per_atom");
        // Compiled and optimised before anything counts.
        Measure(20_000, 20, print: false);
        for (int frames = 10; frames <= 1_000_000; frames *= 10)
        {
            Measure(frames, 20, print: true);
        }

        for (int atoms = 1; atoms <= 10_000; atoms *= 10)
        {
            Measure(Math.Max(10, AtomsAtLeast / atoms / (atoms < 10 ? 4 : 1)), atoms, print: true);
        }

        return 0;
    }

    private static void Measure(int frames, int atoms, bool print)
    {
        Frame frame = Make(atoms);
        using var one = new MemoryStream();
        ExtendedXyzWriter.WriteAll(one, [frame]);
        // Few frames are read again and again, so that the clock has something to measure.
        int rounds = Math.Max(1, AtomsAtLeast / (frames * atoms));
        double read = Time(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                using var stream = new RepeatingStream(one.ToArray(), frames);
                if (ExtendedXyzReader.Read(stream, "growth").LongCount() != frames)
                {
                    throw new InvalidOperationException("Frames were lost.");
                }
            }
        });
        double write = Time(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                ExtendedXyzWriter.WriteAll(Stream.Null, Enumerable.Repeat(frame, frames));
            }
        });
        if (print)
        {
            double total = (double)rounds * frames * atoms;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{frames},{atoms},{read / total * 1e9:F2},{write / total * 1e9:F2}"));
        }
    }

    private static double Time(Action work)
    {
        GC.Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        work();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }

    private static Frame Make(int atoms)
    {
        var random = new Random(1);
        Vector3D Vector(double scale) => new(Math.Round((random.NextDouble() - 0.5) * scale, 8), Math.Round((random.NextDouble() - 0.5) * scale, 8), Math.Round((random.NextDouble() - 0.5) * scale, 8));
        Element al = Element.FromSymbol("Al"), o = Element.FromSymbol("O");
        var structure = new Structure(
            Lattice.Cubic(10 + Math.Cbrt(atoms)),
            [.. Enumerable.Range(0, atoms).Select(i => i % 5 < 2 ? al : o)],
            [.. Enumerable.Range(0, atoms).Select(_ => Vector(20))],
            CoordinateKind.Cartesian);
        return new Frame(structure) { FreeEnergy = -7.5 * atoms, Forces = [.. Enumerable.Range(0, atoms).Select(_ => Vector(4))], Stress = new(0.1, 0.2, 0.3, 0, 0, 0) };
    }

    /// <summary>The same bytes so many times, without a file.</summary>
    private sealed class RepeatingStream(byte[] bytes, int times) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int written = 0;
            long left = (long)bytes.Length * times - position;
            while (written < buffer.Length && left > 0)
            {
                int start = (int)(position % bytes.Length), count = Math.Min(buffer.Length - written, bytes.Length - start);
                bytes.AsSpan(start, count).CopyTo(buffer[written..]);
                written += count;
                position += count;
                left -= count;
            }

            return written;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
