using AtomProNet.Structures;

namespace AtomProNet.Datasets.Duplicates;

/// <summary>A geometry in few bytes, and whether another one is the same up to wrapping, translation and the order of its atoms.</summary>
internal sealed class CompactGeometry
{
    private readonly byte[] elements;
    private readonly float[] positions;
    private readonly Matrix3x3? lattice;
    private readonly Periodicity periodicity;

    public CompactGeometry(Structure structure)
    {
        // Atoms by element, so that the rarest one is quickly found and only like ones are compared.
        int[] order = [.. Enumerable.Range(0, structure.AtomCount).OrderBy(i => structure.Species[i].Number)];
        elements = [.. order.Select(i => (byte)structure.Species[i].Number)];
        positions = new float[3 * order.Length];
        lattice = structure.Lattice?.Rows;
        periodicity = structure.Periodicity;
        for (int k = 0; k < order.Length; k++)
        {
            Vector3D r = structure.Lattice is null || !periodicity.Any ? structure.CartesianPositions[order[k]] : Fraction(structure.FractionalPositions[order[k]]);
            positions[3 * k] = (float)r.X;
            positions[3 * k + 1] = (float)r.Y;
            positions[3 * k + 2] = (float)r.Z;
        }

        // Only directions that repeat are wrapped.
        Vector3D Fraction(Vector3D f) => new(periodicity.A ? f.X - Math.Floor(f.X) : f.X, periodicity.B ? f.Y - Math.Floor(f.Y) : f.Y, periodicity.C ? f.Z - Math.Floor(f.Z) : f.Z);
    }

    /// <summary>Whether both are the same geometry.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="tolerance">How far atoms and ends of lattice vectors may lie apart, Å.</param>
    public bool IsSameAs(CompactGeometry other, double tolerance)
    {
        if (!elements.AsSpan().SequenceEqual(other.elements) || periodicity != other.periodicity || lattice is null != other.lattice is null)
        {
            return false;
        }

        if (lattice is { } a && other.lattice is { } b && (a - b).ToRowMajor().Any(x => Math.Abs(x) > tolerance))
        {
            return false;
        }

        // Some atom of the rarest element is the image of the first one of that element: each choice gives a translation to try.
        (int start, int count) = Rarest();
        for (int k = start; k < start + count; k++)
        {
            if (Fits(other, At(other, k) - At(this, start), tolerance))
            {
                return true;
            }
        }

        return elements.Length == 0;
    }

    private static Vector3D At(CompactGeometry g, int k) => new(g.positions[3 * k], g.positions[3 * k + 1], g.positions[3 * k + 2]);

    private (int Start, int Count) Rarest()
    {
        (int, int) best = (0, int.MaxValue);
        for (int start = 0; start < elements.Length;)
        {
            int end = start;
            while (end < elements.Length && elements[end] == elements[start])
            {
                end++;
            }

            best = end - start < best.Item2 ? (start, end - start) : best;
            start = end;
        }

        return best;
    }

    private bool Fits(CompactGeometry other, Vector3D shift, double tolerance)
    {
        var used = new bool[elements.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            Vector3D target = At(this, i) + shift;
            int found = -1;
            for (int j = 0; j < elements.Length && found < 0; j++)
            {
                if (!used[j] && other.elements[j] == elements[i] && Distance(target, At(other, j)) <= tolerance)
                {
                    found = j;
                }
            }

            if (found < 0)
            {
                return false;
            }

            used[found] = true;
        }

        return true;
    }

    // Fractions are turned into Å by the lattice; both lie so near to each other, if at all, that the nearest image is that of the fractions.
    private double Distance(Vector3D a, Vector3D b)
    {
        Vector3D d = b - a;
        if (lattice is not { } rows || !periodicity.Any)
        {
            return d.Length;
        }

        d = new(periodicity.A ? d.X - Math.Round(d.X) : d.X, periodicity.B ? d.Y - Math.Round(d.Y) : d.Y, periodicity.C ? d.Z - Math.Round(d.Z) : d.Z);
        return (d * rows).Length;
    }
}
