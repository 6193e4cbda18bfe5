using System.Collections.Immutable;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;
using BenchmarkDotNet.Attributes;

namespace AtomProNet.Benchmarks;

/// <summary>
/// Extended XYZ of one frame of 200,000 atoms with positions and forces: MB/s is the file's size over the time. <see cref="Digits"/>
/// 8 is what ASE writes, 17 are all the digits of random doubles.
/// </summary>
[MemoryDiagnoser]
public class ExtendedXyzBenchmarks
{
    private const int Atoms = 200_000;
    private byte[] file = [];
    private Frame frame = null!;

    /// <summary>How many decimals the numbers have; 17 for all.</summary>
    [Params(8, 17)]
    public int Digits { get; set; }

    /// <summary>Makes the frame and the file in memory.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        double Number(double scale)
        {
            double x = (random.NextDouble() - 0.5) * scale;
            return Digits < 17 ? Math.Round(x, Digits) : x;
        }

        Vector3D Vector(double scale) => new(Number(scale), Number(scale), Number(scale));
        Element[] species = [Element.FromSymbol("Al"), Element.FromSymbol("O")];
        var structure = new Structure(
            Lattice.Cubic(130),
            [.. Enumerable.Range(0, Atoms).Select(i => species[i * 2 / Atoms])],
            [.. Enumerable.Range(0, Atoms).Select(_ => Vector(260))],
            CoordinateKind.Cartesian);
        frame = new Frame(structure) { FreeEnergy = -1.25e6, Forces = [.. Enumerable.Range(0, Atoms).Select(_ => Vector(4))], Stress = new(0.1, 0.2, 0.3, 0, 0, 0) };
        using var stream = new MemoryStream();
        ExtendedXyzWriter.WriteAll(stream, [frame]);
        file = stream.ToArray();
        Console.WriteLine(FormattableString.Invariant($"// The file has {file.Length / 1e6:F1} MB."));
    }

    /// <summary>Reads the file.</summary>
    [Benchmark]
    public int Read() => ExtendedXyzReader.Read(new MemoryStream(file), "benchmark.xyz").Sum(f => f.Structure.AtomCount);

    /// <summary>Writes the frame.</summary>
    [Benchmark]
    public long Write() => ExtendedXyzWriter.WriteAll(Stream.Null, [frame]);
}
