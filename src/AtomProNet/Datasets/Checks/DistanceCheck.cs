using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Atoms that lie in each other (fractional coordinates taken for Å, a lattice transposed, Å taken for bohr), far apart from everything
/// (bohr taken for Å), or closer than the same elements are anywhere else in the set (elements shuffled).
/// </summary>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
internal sealed class DistanceCheck(int memoryLimit) : ICheck, IDisposable
{
    // Of the sum of covalent radii. Bonds are at 0.9 to 1.1, hot or strained ones above 0.7.
    internal const double Far = 1.6;
    private const double Overlap = 0.55, Close = 0.65;
    private const double OutlierShare = 0.75;
    private const int FramesForComparison = 10;

    private readonly FrameTally overlap = new(), close = new();
    private readonly Dictionary<(string Formula, int A, int B), int> pairs = [];
    // The shortest distances of each pair of elements in each formula, by the pair's number, and all of them.
    private readonly List<ValueSample<float>> samples = [];
    private readonly ChunkedList<(int Pair, float Distance, int Frame)> distances = new(memoryLimit);
    private readonly FrameTally far = new();
    private FrameRegister? register;
    private int frames;

    public void Add(CheckedFrame f)
    {
        if (f.Atoms < 2)
        {
            return;
        }

        frames++;
        register = f.Register;
        double ratio = f.Contacts.Ratio;
        if (ratio < Overlap)
        {
            overlap.Add(f, FormattableString.Invariant($"{ratio:F2} of the covalent radii"));
        }
        else if (ratio < Close)
        {
            close.Add(f, FormattableString.Invariant($"{ratio:F2} of the covalent radii"));
        }
        else if (ratio > Far && !f.Structure.Species.All(e => e.Number is 2 or 10 or 18 or 36 or 54 or 86))
        {
            far.Add(f, double.IsInfinity(ratio) ? "no neighbour within 4.5 Å" : FormattableString.Invariant($"{ratio:F2} of the covalent radii"));
        }

        // Two atoms cannot be exchanged so that it shows, and a molecule that is pulled apart has every distance.
        if (f.Atoms == 2)
        {
            return;
        }

        string formula = f.Structure.Composition.Formula;
        foreach ((Element a, Element b, double distance) in f.Contacts.Pairs)
        {
            if (!pairs.TryGetValue((formula, a.Number, b.Number), out int pair))
            {
                pairs.Add((formula, a.Number, b.Number), pair = samples.Count);
                samples.Add(new());
            }

            samples[pair].Add(f.Index, (float)distance);
            distances.Add((pair, (float)distance, f.Index));
        }
    }

    public void Dispose() => distances.Dispose();

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        var outliers = new FrameTally();
        float[] medians = [.. samples.Select(s => s.Count < FramesForComparison ? float.NaN : MedianOf(s.ToArray()))];
        (string Formula, int A, int B)[] names = [.. pairs.OrderBy(p => p.Value).Select(p => p.Key)];
        for (int i = 0; i < distances.Count; i++)
        {
            (int pair, float distance, int frame) = distances[i];
            double median = medians[pair];
            if (distance < OutlierShare * median)
            {
                outliers.Add(register![frame] with
                {
                    Detail = FormattableString.Invariant($"{Element.FromNumber(names[pair].A)}–{Element.FromNumber(names[pair].B)} {distance:F2} Å, elsewhere {median:F2} Å"),
                });
            }
        }

        return
        [
            .. overlap.ToFinding(FindingSeverity.Error, "AtomsOverlap", $"In {overlap.Count} frames atoms lie closer than {Overlap} of the sum of their covalent radii.", "Check that positions are Cartesian and in Å, and that rows of the lattice are a, b, c."),
            .. close.ToFinding(FindingSeverity.Warning, "AtomsClose", $"In {close.Count} frames atoms lie closer than {Close} of the sum of their covalent radii.", "Look at them: few structures worth learning from are that dense."),
            .. outliers.ToFinding(FindingSeverity.Warning, "DistanceOutlier", $"In {outliers.Count} frames two elements lie much closer than in the other frames of the same formula.", "Check the order of the elements against that of the positions."),
            .. far.Count > 0.9 * frames
                ? far.ToFinding(FindingSeverity.Error, "AtomsFarApart", "No atom has a neighbour near enough for a bond, in nearly all frames.", "Positions and lattice are probably in bohr: multiply by 0.529177.")
                : far.ToFinding(FindingSeverity.Information, "AtomsWithoutNeighbour", $"In {far.Count} frames no atom has a neighbour near enough for a bond.", "Fine for gases and separated fragments; otherwise check the unit of length."),
        ];
    }

    private static float MedianOf(float[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
