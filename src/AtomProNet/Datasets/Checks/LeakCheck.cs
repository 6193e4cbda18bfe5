using AtomProNet.Datasets.Spooling;

namespace AtomProNet.Datasets.Checks;

/// <summary>Neighbours in strain or time that stand in different parts of a set, so that the test knows what was trained on.</summary>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
internal sealed class LeakCheck(int memoryLimit) : ICheck, IDisposable
{
    // The numbers of the frames that have a part, from 1.
    private readonly ChunkedList<int> frames = new(memoryLimit);
    private readonly HashSet<DatasetPart> parts = [];
    private FrameRegister? register;

    public void Add(CheckedFrame f)
    {
        if (f.Part is { } part && !f.IsIsolatedAtom)
        {
            register = f.Register;
            parts.Add(part);
            frames.Add(f.Index);
        }
    }

    public void Dispose() => frames.Dispose();

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        if (parts.Count < 2)
        {
            return [];
        }

        FrameTally neighbours = new(), apart = new();
        IReadOnlyList<SplitItem> items = register!.ToItems();
        int torn = 0, cut = 0;
        foreach (IGrouping<string, int> group in Enumerable.Range(0, frames.Count).Select(k => frames[k] - 1).GroupBy(i => items[i].Group, StringComparer.Ordinal))
        {
            int[] line = [.. group.OrderBy(i => items[i].Position).ThenBy(i => items[i].Key)];
            if (line.Select(Part).Distinct().Take(2).Count() < 2)
            {
                continue;
            }

            // The stride is what lies between two frames of one part; a cut without a gap is no wider.
            double?[] steps = [.. line.Skip(1).Select((i, k) => Step(items[line[k]].Position, items[i].Position))];
            double[] inside = [.. Enumerable.Range(1, line.Length - 1).Where(k => Part(line[k]) == Part(line[k - 1]) && steps[k - 1] is > 0).Select(k => steps[k - 1]!.Value)];
            double stride = inside.Length > 0 ? Evaluation.OrderStatistics.Percentiles(inside, [50])[0] : steps.Min() ?? 0;
            bool leaks = false;
            for (int k = 1; k < line.Length; k++)
            {
                if (Part(line[k]) != Part(line[k - 1]) && !(steps[k - 1] > 1.5 * stride))
                {
                    leaks = true;
                    neighbours.Add(Reference(line[k]) with { Detail = $"next to {Reference(line[k - 1])}" });
                }
            }

            torn += leaks ? 1 : 0;
            cut += leaks ? 0 : 1;
            if (!leaks)
            {
                apart.Add(Reference(line[0]) with { Detail = $"group {group.Key}" });
            }
        }

        return
        [
            .. neighbours.ToFinding(FindingSeverity.Error, "NeighboursAcrossParts", $"{torn} strain series or trajectories stand in more than one part with no gap between ({neighbours.Count} places): what is tested on is next to what was trained on.", "Split by group, or into blocks with a gap (Split-TrainingSet)."),
            .. apart.ToFinding(FindingSeverity.Information, "GroupAcrossParts", $"{cut} strain series or trajectories are cut into blocks with a gap, one part each.", "Errors on another crystal or trajectory will be larger than those on this test part."),
        ];
    }

    private DatasetPart? Part(int frame) => register!.PartOf(frame + 1);

    private FrameReference Reference(int frame) => register![frame + 1];

    // How far two frames lie apart along their series; null where that cannot be told (different files of one strain).
    private static double? Step(SeriesPosition a, SeriesPosition b)
    {
        if (a.File is not null && a.File == b.File)
        {
            return b.Step - a.Step;
        }

        double[] x = a.Strain ?? [], y = b.Strain ?? [];
        return x.Length > 0 && x.Length == y.Length ? Math.Sqrt(x.Zip(y, (p, q) => (p - q) * (p - q)).Sum()) : null;
    }
}
