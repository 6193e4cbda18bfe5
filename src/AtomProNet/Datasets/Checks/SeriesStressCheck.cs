using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Holds the stress against the derivative of the energy: along a series of affine images of one structure, dE = V σ : G with
/// G = F⁻¹ dF. A fit of at least five energies is compared with the stress of each frame; neighbours are never differenced, since the
/// FFT grid jumps between volumes. A constant positive difference × V is Pulay stress, a constant ratio a sign or a unit.
/// </summary>
internal sealed class SeriesStressCheck : ICheck
{
    // How far structure factors of the fractional coordinates, and then the coordinates themselves, may lie apart within one series.
    private const double SignatureTolerance = 1e-3;
    private const int MinimumFrames = 5, MaximumFrames = 200_000;

    private readonly Dictionary<(ulong Species, string? Method), List<(double[] Signature, float[] Fractional, List<SeriesPoint> Points)>> series = [];
    private int taken;

    public void Add(CheckedFrame f)
    {
        if (f.Energy is not { } energy || f.Frame.Stress is not { } stress || f.IsIsolatedAtom || !f.Structure.Periodicity.All || taken >= MaximumFrames)
        {
            return;
        }

        taken++;
        // A mesh that changes along a series is a jump in the energies, and so is another method: only like is fitted with like.
        var key = (SpeciesHash(f.Structure), f.Frame.Method is { } m ? m.Fingerprint + m.KPointMesh : null);
        if (!series.TryGetValue(key, out var list))
        {
            series.Add(key, list = []);
        }

        double[] signature = Signature(f.Structure);
        // Among thousands of frames of trajectories some have the same few numbers by chance.
        int found = list.FindIndex(s => Distance(s.Signature, signature) < SignatureTolerance && IsSame(s.Fractional, f.Structure));
        if (found < 0)
        {
            // Rattled structures and trajectories are each a series of one: what has not found a partner among so many will not.
            if (list.Count >= 2000)
            {
                return;
            }

            list.Add((signature, [.. f.Structure.FractionalPositions.SelectMany(r => new[] { (float)r.X, (float)r.Y, (float)r.Z })], []));
            found = list.Count - 1;
        }

        list[found].Points.Add(new(f.Structure.Lattice!.Rows, energy, stress, f.Atoms, f.Register, f.Index));
    }

    public IEnumerable<TrainingSetFinding> Conclude() => series.Values
        .SelectMany(list => list)
        .Where(s => s.Points.Count >= MinimumFrames)
        .SelectMany(s => SeriesPaths.Find(s.Points))
        .Select(SeriesComparison.Judge)
        .OfType<TrainingSetFinding>();

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
}

/// <summary>What is kept of a frame of a series.</summary>
internal readonly record struct SeriesPoint(Matrix3x3 Lattice, double Energy, StressTensor Stress, int Atoms, FrameRegister Register, int Index)
{
    public FrameReference Reference => Register[Index];
}
