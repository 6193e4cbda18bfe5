using AtomProNet.Datasets;
using AtomProNet.Datasets.Checks;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

/// <summary>What is wrong with a set is found in its file, too, wherever that was copied to: nothing that a rule needs is lost by writing.</summary>
public class WrittenFaultTests
{
    // What a rule needs besides labels and geometry: method, source, group, basis cell, verdicts. The others take a minute.
    private static readonly string[] Quick =
    [
        "two potentials of one element", "a variable-cell run whose basis has drifted", "one frame that is not converged", "one trajectory on both sides", "energies for σ→0 beside forces",
    ];

    public static TheoryData<string> Names => [.. PlantedFaults.All.Select(f => f.Name).Where(n => TestEffort.IsFull || Quick.Contains(n))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_planted_fault_is_found_in_an_extended_xyz_file(string name)
    {
        PlantedFault fault = PlantedFaults.All.Single(f => f.Name == name);
        TrainingSetCheck direct = new(), written = new();
        using var stream = new MemoryStream();
        var parts = new List<DatasetPart?>();
        using (var writer = new ExtendedXyzWriter(stream, new() { KeyStyle = KeyStyle.Mace }))
        {
            foreach ((Frame frame, DatasetPart? part) in fault.Plant(CleanSet.All))
            {
                direct.Add(frame, part);
                writer.Write(frame);
                parts.Add(part);
            }
        }

        stream.Position = 0;
        int i = 0;
        foreach (Frame frame in ExtendedXyzReader.Read(stream, "copied.extxyz"))
        {
            written.Add(frame, parts[i++]);
        }

        Assert.Equal(Codes(direct), Codes(written));

        static string[] Codes(TrainingSetCheck check) => [.. check.Conclude().Select(f => FormattableString.Invariant($"{f.Severity} {f.Code} {f.FrameCount}")).Order(StringComparer.Ordinal)];
    }
}
