using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Holds the stress against the derivative of the energy: along a series of affine images of one structure, dE = V σ : G with
/// G = F⁻¹ dF. A fit of at least five energies is compared with the stress of each frame; neighbours are never differenced, since the
/// FFT grid jumps between volumes. A constant positive difference × V is Pulay stress, a constant ratio a sign or a unit. Frames of a
/// series may stand anywhere in the set, up to 5000 steps of trajectories apart from the next one. Memory sets a limit, beyond which
/// frames are not compared; a finding says so.
/// </summary>
/// <param name="maximumPoints">So many frames of series are kept, besides the first of each.</param>
internal sealed class SeriesStressCheck(int maximumPoints = 200_000) : ICheck
{
    // How far structure factors of the fractional coordinates, and then the coordinates themselves, may lie apart within one series.
    private const double SignatureTolerance = 1e-3, GridWidth = 2 * SignatureTolerance;
    private const int MinimumFrames = 5, MaximumCoordinates = 4_000_000;
    // Steps of trajectories are each a series of one. So many of the last ones, or so many of their coordinates, wait for a partner.
    private const int MaximumWaiting = 5000;

    private readonly Dictionary<(ulong Species, string? Method), int> kinds = [];
    private readonly Dictionary<(int Kind, int X, int Y), List<Series>> grid = [];
    private readonly Queue<Series> waiting = new();
    private readonly List<Series> found = [];
    private readonly FrameTally beyond = new();
    private int points, waitingCoordinates, foundCoordinates;
    private (DftMethod? Method, string? Text) last;

    public void Add(CheckedFrame f)
    {
        if (f.Energy is not { } energy || f.Frame.Stress is not { } stress || f.IsIsolatedAtom || !f.Structure.Periodicity.All)
        {
            return;
        }

        if (points >= maximumPoints || foundCoordinates >= MaximumCoordinates)
        {
            beyond.Add(f);
            return;
        }

        // A mesh that changes along a series is a jump in the energies, and so is another method: only like is fitted with like.
        var like = (SpeciesHash(f.Structure), MethodOf(f.Frame));
        if (!kinds.TryGetValue(like, out int kind))
        {
            kinds.Add(like, kind = kinds.Count);
        }

        double[] signature = Signature(f.Structure);
        var point = new SeriesPoint(f.Structure.Lattice!.Rows, energy, stress, f.Atoms, f.Register, f.Index);
        if (Partner(kind, signature, f.Structure) is { } series)
        {
            if (series.Points.Count == 1)
            {
                found.Add(series);
                foundCoordinates += series.Fractional.Length;
            }

            series.Points.Add(point);
            points++;
        }
        else
        {
            Wait(new(kind, signature, [.. f.Structure.FractionalPositions.SelectMany(r => new[] { (float)r.X, (float)r.Y, (float)r.Z })], [point]));
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. found
            .Where(s => s.Points.Count >= MinimumFrames)
            .SelectMany(s => SeriesPaths.Find(s.Points))
            .Select(SeriesComparison.Judge)
            .OfType<TrainingSetFinding>(),
        .. beyond.ToFinding(
            FindingSeverity.Warning,
            "SeriesNotCompared",
            $"The stress of {beyond.Count} frames was not held against −dE/dV: the set holds more strain series than are kept in memory (the {points + found.Count} frames before them that belong to series).",
            "Check the rest by itself: Import-TrainingSet FILE | Select-Object -Skip N | Test-TrainingSet, with the number of the first of these frames less one for N."),
    ];

    private string? MethodOf(Frame frame)
    {
        if (!ReferenceEquals(frame.Method, last.Method))
        {
            last = (frame.Method, frame.Method is { } m ? m.Fingerprint + m.KPointMesh : null);
        }

        return last.Text;
    }

    // Neighbours in a grid over the first structure factor: among thousands of frames of trajectories some have the same few numbers by chance.
    private Series? Partner(int kind, double[] signature, Structure structure)
    {
        (int x, int y) = Cell(signature);
        for (int dx = -1; dx <= 1; dx++)
        {
            for (int dy = -1; dy <= 1; dy++)
            {
                if (grid.TryGetValue((kind, x + dx, y + dy), out List<Series>? cell)
                    && cell.Find(s => Distance(s.Signature, signature) < SignatureTolerance && IsSame(s.Fractional, structure)) is { } partner)
                {
                    return partner;
                }
            }
        }

        return null;
    }

    private void Wait(Series series)
    {
        var place = (series.Kind, Cell(series.Signature).X, Cell(series.Signature).Y);
        if (!grid.TryGetValue(place, out List<Series>? cell))
        {
            grid.Add(place, cell = []);
        }

        cell.Add(series);
        waiting.Enqueue(series);
        waitingCoordinates += series.Fractional.Length;
        while (waiting.Count > MaximumWaiting || (waitingCoordinates > MaximumCoordinates && waiting.Count > 1))
        {
            // What has found a partner meanwhile waits no longer; what has found none among so many will not.
            Series oldest = waiting.Dequeue();
            waitingCoordinates -= oldest.Fractional.Length;
            if (oldest.Points.Count == 1)
            {
                var left = (oldest.Kind, Cell(oldest.Signature).X, Cell(oldest.Signature).Y);
                grid[left].Remove(oldest);
                if (grid[left].Count == 0)
                {
                    grid.Remove(left);
                }
            }
        }
    }

    private static (int X, int Y) Cell(double[] signature) => ((int)Math.Floor(signature[0] / GridWidth), (int)Math.Floor(signature[1] / GridWidth));

    /// <summary>Structure factors over the fractional coordinates, each atom with a weight of its own: the same for affine images, whatever the cell.</summary>
    private static double[] Signature(Structure structure)
    {
        var s = new double[6];
        for (int i = 0; i < structure.AtomCount; i++)
        {
            Vector3D f = structure.FractionalPositions[i];
            double golden = (i + 1) * 0.6180339887498949, weight = (0.5 + golden - Math.Floor(golden)) / structure.AtomCount;
            for (int k = 0; k < 3; k++)
            {
                (double sin, double cos) = Math.SinCos(2 * Math.PI * f[k]);
                s[2 * k] += weight * cos;
                s[2 * k + 1] += weight * sin;
            }
        }

        return s;
    }

    private static bool IsSame(float[] fractional, Structure structure)
    {
        for (int i = 0; i < structure.AtomCount; i++)
        {
            Vector3D f = structure.FractionalPositions[i];
            for (int k = 0; k < 3; k++)
            {
                double d = f[k] - fractional[3 * i + k];
                if (Math.Abs(d - Math.Round(d)) > SignatureTolerance)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static double Distance(double[] a, double[] b)
    {
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return largest;
    }

    private static ulong SpeciesHash(Structure structure)
    {
        ulong hash = 14695981039346656037;
        foreach (Element element in structure.Species)
        {
            hash = (hash ^ (byte)element.Number) * 1099511628211;
        }

        return hash;
    }

    private sealed record Series(int Kind, double[] Signature, float[] Fractional, List<SeriesPoint> Points);
}

/// <summary>What is kept of a frame of a series.</summary>
internal readonly record struct SeriesPoint(Matrix3x3 Lattice, double Energy, StressTensor Stress, int Atoms, FrameRegister Register, int Index)
{
    public FrameReference Reference => Register[Index];
}
