using System.Text.Json;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>The frames are the ones that ASE reads, where ASE is there.</summary>
public sealed class OutcarAseTests
{
    private const string Script = """
        from ase.io import read
        import numpy
        frames = []
        for atoms in read(data['file'], index=':', format='vasp-out'):
            results = atoms.calc.results
            frames.append(dict(symbols=list(atoms.symbols), cell=atoms.cell.tolist(), positions=atoms.positions.tolist(),
                free=results.get('free_energy'), energy=results.get('energy'), forces=results['forces'].tolist(),
                stress=results['stress'].tolist() if 'stress' in results else None))
        result = frames
        """;

    public static readonly TheoryData<string> Files = new("vasp/relaxation", "vasp/strain/strain_0.1000", "vasp/strain/strain_-0.0500", "synthetic/relaxation", "synthetic/dynamics");

    [Theory]
    [MemberData(nameof(Files))]
    public void AseReadsTheSameNumbers(string name)
    {
        SystemPython.SkipUnlessThere("ase");
        using var folder = new Formats.ScratchFolder();
        string file = name switch
        {
            "synthetic/relaxation" => folder.Write("OUTCAR", SyntheticRuns.Relaxation(41, 3).ToText()),
            "synthetic/dynamics" => folder.Write("OUTCAR", (SyntheticRuns.Dynamics(42, 3) with { Dialect = OutcarDialect.Vasp544 }).ToText()),
            _ => SharedData.Path(["data", .. name.Split('/'), "OUTCAR"]),
        };
        using OutcarReader reader = new(File.OpenRead(file), file);
        List<Frame> frames = [.. reader.ReadFrames(TestContext.Current.CancellationToken)];
        JsonElement ase = SystemPython.Run(Script, new { file });

        Assert.Equal(ase.GetArrayLength(), frames.Count);
        foreach ((Frame frame, JsonElement other) in frames.Zip(ase.EnumerateArray()))
        {
            Assert.Equal(other.GetProperty("symbols").EnumerateArray().Select(s => s.GetString()), frame.Structure.Species.Select(e => e.Symbol));
            Assert.Equal(other.GetProperty("free").GetDouble(), frame.FreeEnergy);
            // ASE's energy is the one for σ→0.
            Assert.Equal(other.GetProperty("energy").GetDouble(), frame.EnergySigmaToZero);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(Numbers(other.GetProperty("cell")[i]), Components(frame.Structure.Lattice!.Rows[i]));
            }

            for (int i = 0; i < frame.Structure.AtomCount; i++)
            {
                Assert.Equal(Numbers(other.GetProperty("positions")[i]), Components(frame.Structure.CartesianPositions[i]));
                Assert.Equal(Numbers(other.GetProperty("forces")[i]), Components(frame.Forces!.Value[i]));
            }

            double[] stress = Numbers(other.GetProperty("stress")), found = frame.Stress!.Value.ToVoigt();
            for (int i = 0; i < 6; i++)
            {
                // ASE multiplies by 0.1 GPa with CODATA 2014.
                Assert.Equal(stress[i], found[i], 1e-7 * Math.Abs(stress[i]) + 1e-15);
            }
        }
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    private static double[] Components(Vector3D v) => [v.X, v.Y, v.Z];
}
