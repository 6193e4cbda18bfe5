using System.Runtime.InteropServices;
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
    private readonly Dictionary<(int Kind, int X, int Y), Cell> grid = [];
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

        ReadOnlySpan<Vector3D> fractional = f.Structure.FractionalPositions.AsSpan();
        double[] signature = Signature(fractional);
        var point = new SeriesPoint(f.Structure.Lattice!.Rows, energy, stress, f.Atoms, f.Register, f.Index);
        if (Partner(kind, signature, fractional) is { } series)
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
            Wait(new(kind, signature, ToSingle(fractional), [point]));
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. found
            .Where(s => s.Points.Count >= MinimumFrames)
            .SelectMany(s => SeriesPaths.Find(s.Points))
            .SelectMany(SeriesComparison.Judge),
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
    private Series? Partner(int kind, double[] signature, ReadOnlySpan<Vector3D> fractional)
    {
        (int x, int y) = PlaceOf(signature);
        for (int dx = -1; dx <= 1; dx++)
        {
            for (int dy = -1; dy <= 1; dy++)
            {
                if (grid.TryGetValue((kind, x + dx, y + dy), out Cell? cell) && cell.Find(signature, fractional) is { } partner)
                {
                    return partner;
                }
            }
        }

        return null;
    }

    private void Wait(Series series)
    {
        (int x, int y) = PlaceOf(series.Signature);
        if (!grid.TryGetValue((series.Kind, x, y), out Cell? cell))
        {
            grid.Add((series.Kind, x, y), cell = new());
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
                (x, y) = PlaceOf(oldest.Signature);
                Cell left = grid[(oldest.Kind, x, y)];
                left.Remove(oldest);
                if (left.IsEmpty)
                {
                    grid.Remove((oldest.Kind, x, y));
                }
            }
        }
    }

    private static (int X, int Y) PlaceOf(double[] signature) => ((int)Math.Floor(signature[0] / GridWidth), (int)Math.Floor(signature[1] / GridWidth));

    /// <summary>Structure factors over the fractional coordinates, each atom with a weight of its own: the same for affine images, whatever the cell.</summary>
    private static double[] Signature(ReadOnlySpan<Vector3D> fractional)
    {
        double ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0;
        for (int i = 0; i < fractional.Length; i++)
        {
            double golden = (i + 1) * 0.6180339887498949, weight = (0.5 + golden - Math.Floor(golden)) / fractional.Length;
            Sum(fractional[i].X, weight, ref ax, ref ay);
            Sum(fractional[i].Y, weight, ref bx, ref by);
            Sum(fractional[i].Z, weight, ref cx, ref cy);
        }

        return [ax, ay, bx, by, cx, cy];

        static void Sum(double f, double weight, ref double x, ref double y)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * f);
            x += weight * cos;
            y += weight * sin;
        }
    }

    private static float[] ToSingle(ReadOnlySpan<Vector3D> fractional)
    {
        ReadOnlySpan<double> numbers = MemoryMarshal.Cast<Vector3D, double>(fractional);
        var singles = new float[numbers.Length];
        for (int i = 0; i < singles.Length; i++)
        {
            singles[i] = (float)numbers[i];
        }

        return singles;
    }

    private static bool IsSame(float[] one, ReadOnlySpan<Vector3D> other)
    {
        ReadOnlySpan<double> numbers = MemoryMarshal.Cast<Vector3D, double>(other);
        for (int i = 0; i < numbers.Length; i++)
        {
            double d = numbers[i] - one[i];
            if (Math.Abs(d - Math.Round(d)) > SignatureTolerance)
            {
                return false;
            }
        }

        return true;
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

    /// <summary>The series in one place of the grid. Thousands of steps of a trajectory may share it: their signatures lie one behind the other, since to fetch each from where it is takes ten times as long as to compare it.</summary>
    private sealed class Cell
    {
        private readonly List<Series> series = [];
        private readonly List<double> signatures = [];

        public bool IsEmpty => series.Count == 0;

        public void Add(Series one)
        {
            series.Add(one);
            signatures.AddRange(one.Signature);
        }

        public void Remove(Series one)
        {
            int at = series.IndexOf(one);
            series.RemoveAt(at);
            signatures.RemoveRange(at * one.Signature.Length, one.Signature.Length);
        }

        /// <summary>The first series whose frames are affine images of a structure.</summary>
        public Series? Find(ReadOnlySpan<double> signature, ReadOnlySpan<Vector3D> fractional)
        {
            ReadOnlySpan<double> known = CollectionsMarshal.AsSpan(signatures);
            for (int i = 0; i < series.Count; i++)
            {
                if (IsNear(known.Slice(i * signature.Length, signature.Length), signature) && IsSame(series[i].Fractional, fractional))
                {
                    return series[i];
                }
            }

            return null;
        }

        // The last numbers first: in the first two all of a place are alike.
        private static bool IsNear(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
        {
            for (int i = one.Length - 1; i >= 0; i--)
            {
                if (!(Math.Abs(one[i] - other[i]) < SignatureTolerance))
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>What is kept of a frame of a series.</summary>
internal readonly record struct SeriesPoint(Matrix3x3 Lattice, double Energy, StressTensor Stress, int Atoms, FrameRegister Register, int Index)
{
    public FrameReference Reference => Register[Index];
}
