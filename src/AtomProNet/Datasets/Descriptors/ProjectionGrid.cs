namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// Projected descriptors in a grid over three of their numbers, in which all that lie within a relative distance of one are found among
/// 27 boxes. Distances are relative to the mean length, so the width of the boxes follows the length, octave by octave.
/// </summary>
/// <param name="threshold">The largest relative distance that will be asked for.</param>
internal sealed class ProjectionGrid(double threshold)
{
    private readonly Dictionary<(int Octave, long X, long Y, long Z), List<int>> boxes = [];
    private readonly Dictionary<int, float[]> vectors = [];

    /// <summary>The distance of two projections over the mean of their lengths.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double length = (Length(a) + Length(b)) / 2;
        return length > 0 ? Math.Sqrt(DescriptorProjection.SquaredDistance(a, b)) / length : 0;
    }

    public float[]? Find(int id) => vectors.GetValueOrDefault(id);

    public void Add(ReadOnlySpan<float> projection, int id)
    {
        (int octave, double width) = Scale(Length(projection));
        var key = (octave, Box(projection[0], width), Box(projection[1], width), Box(projection[2], width));
        if (!boxes.TryGetValue(key, out List<int>? list))
        {
            boxes.Add(key, list = []);
        }

        list.Add(id);
        vectors.Add(id, projection.ToArray());
    }

    /// <summary>All that lie within the distance.</summary>
    public List<int> Near(ReadOnlySpan<float> projection, double distance)
    {
        var found = new List<int>();
        int home = Scale(Length(projection)).Octave;
        // A neighbour's length differs by no more than the threshold: it may fall into the next octave.
        for (int octave = home - 1; octave <= home + 1; octave++)
        {
            double width = Width(octave);
            long x = Box(projection[0], width), y = Box(projection[1], width), z = Box(projection[2], width);
            for (long i = x - 1; i <= x + 1; i++)
            {
                for (long j = y - 1; j <= y + 1; j++)
                {
                    for (long k = z - 1; k <= z + 1; k++)
                    {
                        if (!boxes.TryGetValue((octave, i, j, k), out List<int>? list))
                        {
                            continue;
                        }

                        foreach (int id in list)
                        {
                            if (Distance(projection, vectors[id]) <= distance)
                            {
                                found.Add(id);
                            }
                        }
                    }
                }
            }
        }

        return found;
    }

    private static double Length(ReadOnlySpan<float> a)
    {
        double sum = 0;
        foreach (float x in a)
        {
            sum += (double)x * x;
        }

        return Math.Sqrt(sum);
    }

    private static long Box(float value, double width) => (long)Math.Floor(value / width);

    private (int Octave, double Width) Scale(double length)
    {
        int octave = length > 1e-30 ? (int)Math.Floor(Math.Log2(length)) : -100;
        return (octave, Width(octave));
    }

    // Vectors of an octave are shorter than its upper end; the threshold times 1.5 of that covers a neighbour from the next octave.
    private double Width(int octave) => Math.Max(threshold, 1e-7) * 1.5 * Math.Pow(2, octave + 1);
}
