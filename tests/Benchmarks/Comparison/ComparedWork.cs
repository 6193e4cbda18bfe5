using System.Globalization;
using System.Runtime.InteropServices;
using AtomProNet.Structures;

namespace AtomProNet.Benchmarks.Comparison;

/// <summary>A piece of work that tests/Benchmarks/compare measures, and the numbers by which it tells whether both sides did the same.</summary>
/// <param name="Run">Does it once.</param>
/// <param name="Numbers">The numbers that it gives, in the order that the other side keeps, too.</param>
internal sealed record ComparedWork(Action Run, Func<IEnumerable<double>> Numbers)
{
    /// <summary>The work of a row: its name, then its files and sizes.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static ComparedWork Find(string[] words) => words switch
    {
        ["outcar", var file] => FrameWork.Read(() => Vasp.Outputs.OutcarReader.Open(file), withStress: false),
        ["vasprun", var file] => FrameWork.Read(() => Vasp.Outputs.VasprunReader.Open(file), withStress: false),
        ["pw.out", var file] => FrameWork.Read(() => QuantumEspresso.Outputs.PwOutputReader.Open(file, mergeXml: false), withStress: true),
        ["xyz-read", var file] => FrameWork.ReadXyz(file),
        ["xyz-write", var file, var target] => FrameWork.WriteXyz(file, target),
        ["npz" or "deepmd", var file, var target] => ArrayWork.Write(words[0], file, target),
        ["errors", var reference, var prediction] => ArrayWork.Errors(reference, prediction),
        _ => throw new ArgumentException($"No work of the name {string.Join(' ', words)}."),
    };

    /// <summary>Energy, positions, forces and, where it is wanted, the stress of frames.</summary>
    public static IEnumerable<double> NumbersOf(IEnumerable<Frame> frames, bool withStress) =>
        from frame in frames
        from number in (double[])
        [
            frame.Energy ?? double.NaN,
            .. MemoryMarshal.Cast<Vector3D, double>(frame.Structure.CartesianPositions.AsSpan()),
            .. MemoryMarshal.Cast<Vector3D, double>(frame.Forces!.Value.AsSpan()),
            .. withStress && frame.Stress is { } s ? [s.XX, s.YY, s.ZZ, s.YZ, s.XZ, s.XY] : (ReadOnlySpan<double>)[],
        ]
        select number;
}

/// <summary>
/// One side of a comparison: a process that stays, so that both sides can take turns. It reads lines: <c>run</c> does the work and
/// answers with the seconds of the clock and of the processor, <c>numbers FILE</c> writes the numbers as doubles.
/// </summary>
internal static class ComparisonServer
{
    /// <summary>Serves until the input ends.</summary>
    public static int Serve(string[] words)
    {
        ComparedWork work = ComparedWork.Find(words);
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            if (line == "run")
            {
                GC.Collect();
                TimeSpan processor = ProcessorTime();
                long start = System.Diagnostics.Stopwatch.GetTimestamp();
                work.Run();
                TimeSpan wall = System.Diagnostics.Stopwatch.GetElapsedTime(start);
                processor = ProcessorTime() - processor;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wall.TotalSeconds} {processor.TotalSeconds}"));
            }
            else
            {
                using var stream = new BufferedStream(File.Create(line["numbers ".Length..]), 1 << 20);
                foreach (double number in work.Numbers())
                {
                    stream.Write(BitConverter.GetBytes(number));
                }

                stream.Flush();
                Console.WriteLine("done");
            }
        }

        return 0;
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
