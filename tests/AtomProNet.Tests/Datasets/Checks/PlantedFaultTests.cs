using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Checks;

public class PlantedFaultTests
{
    // Each is checked once, for its own test and for the table.
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<TrainingSetFinding>>> Found = new(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. PlantedFaults.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_planted_fault_is_found(string name)
    {
        PlantedFault fault = PlantedFaults.All.Single(f => f.Name == name);
        IReadOnlyList<TrainingSetFinding> findings = Check(fault);
        TrainingSetFinding? finding = findings.FirstOrDefault(f => f.Code == fault.Code);
        Assert.True(finding is not null, $"Wanted {fault.Code}, found: {(findings.Count == 0 ? "nothing" : string.Join('\n', findings.Select(f => $"{f.Code}: {f}")))}");
        Assert.NotEmpty(finding.Frames);
        Assert.InRange(finding.Frames.Length, 1, TrainingSetFinding.ListedFrames);
        Assert.NotEmpty(finding.Advice);
    }

    [Theory]
    [MemberData(nameof(WrittenFaultTests.Names), MemberType = typeof(WrittenFaultTests))]
    public void The_same_is_found_where_most_of_what_is_kept_waits_on_disk(string name)
    {
        PlantedFault fault = PlantedFaults.All.Single(f => f.Name == name);
        var check = new TrainingSetCheck(null, null, memoryLimit: 10);
        foreach ((Frame frame, DatasetPart? part) in fault.Plant(CleanSet.All))
        {
            check.Add(frame, part);
        }

        Assert.Equal(Check(fault).Select(Text), check.Conclude().Select(Text));

        static string Text(TrainingSetFinding f) => $"{f} {string.Join(' ', f.Frames.Select(r => $"{r.Index} {r.Detail}"))}";
    }

    /// <summary>Beyond the limit of memory labels are counted in several passes: each of them exactly, wherever it stands.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(7)]
    public void Labels_that_came_back_are_counted_exactly_however_many_there_are(int memoryLimit)
    {
        var check = new RepeatedLabelCheck(memoryLimit);
        var register = new FrameRegister();
        // 150 energies that stand twice, and one that stands four times; 400 that stand once.
        double[] energies = [.. Enumerable.Range(0, 150).SelectMany(i => new[] { -10.0 - i, -10.0 - i }), .. Enumerable.Range(0, 400).Select(i => -1000.0 - i)];
        foreach (int at in (int[])[3, 120, 333, 600])
        {
            energies = [.. energies[..at], -5.5, .. energies[at..]];
        }

        var random = new Random(2);
        Structure cell = CleanSet.RockSalt();
        foreach (double energy in energies)
        {
            Frame frame = new(CleanSet.Rattled(cell, random, 0.05)) { FreeEnergy = energy, Source = new("/runs/a/OUTCAR", register.Count + 1) };
            register.Add(frame, null);
            check.Add(new(frame, register.Count, null, EnergyKind.Free, new ShortestDistances(), register));
        }

        TrainingSetFinding finding = Assert.Single(check.Conclude());
        Assert.Equal(("EnergyRepeated", FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.StartsWith("304 frames share", finding.Message, StringComparison.Ordinal);
        Assert.Equal([121, 334, 601], finding.Frames.Select(f => f.Index));
    }

    [Fact]
    public void There_are_sixty_or_more_and_the_table_in_docs_names_them_all()
    {
        Assert.True(PlantedFaults.All.Length >= 60);
        Assert.Equal(PlantedFaults.All.Length, PlantedFaults.All.Select(f => f.Name).Distinct().Count());
        var table = new StringBuilder("| # | fault | finding | severity | other findings |\n|---|---|---|---|---|\n");
        int number = 0;
        foreach (PlantedFault fault in PlantedFaults.All)
        {
            IReadOnlyList<TrainingSetFinding> findings = Check(fault);
            string others = string.Join(", ", findings.Select(f => f.Code).Where(c => c != fault.Code).Distinct().Order(StringComparer.Ordinal));
            table.Append(CultureInfo.InvariantCulture, $"| {++number} | {fault.Name} | {fault.Code} | {findings.FirstOrDefault(f => f.Code == fault.Code)?.Severity} | {others} |\n");
        }

        string path = Repository.File("docs", "training-set-checks.md"), text = File.ReadAllText(path);
        const string begin = "<!-- made by PlantedFaultTests; ATOMPRONET_UPDATE_DOCS=1 writes it anew -->\n";
        int at = text.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(at >= 0);
        string expected = text[..(at + begin.Length)] + table;
        if (Environment.GetEnvironmentVariable("ATOMPRONET_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }
        else
        {
            Assert.Equal(expected, text);
        }
    }

    private static IReadOnlyList<TrainingSetFinding> Check(PlantedFault fault) => Found.GetOrAdd(fault.Name, _ => new(() => Run(fault))).Value;

    private static IReadOnlyList<TrainingSetFinding> Run(PlantedFault fault)
    {
        var check = new TrainingSetCheck();
        foreach ((Frame frame, DatasetPart? part) in fault.Plant(CleanSet.All))
        {
            check.Add(frame, part);
        }

        return check.Conclude();
    }
}
