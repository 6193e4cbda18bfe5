using AtomProNet.Structures;

namespace AtomProNet.Datasets.Duplicates;

/// <summary>A geometry with its forces in few bytes, and whether another one is the same up to wrapping, translation and the order of its atoms.</summary>
internal sealed class CompactGeometry
{
    private readonly byte[] elements;
    private readonly float[] positions;
    private readonly float[]? forces;
    private readonly Matrix3x3? lattice;
    private readonly Periodicity periodicity;

    public CompactGeometry(Frame frame)
    {
        Structure structure = frame.Structure;
        // Atoms by element, so that the rarest one is quickly found and only like ones are compared.
        int[] order = [.. Enumerable.Range(0, structure.AtomCount).OrderBy(i => structure.Species[i].Number)];
        elements = [.. order.Select(i => (byte)structure.Species[i].Number)];
        positions = new float[3 * order.Length];
        forces = frame.Forces is null ? null : new float[3 * order.Length];
        periodicity = structure.Periodicity;
        // A box that does not repeat is no part of a geometry: a cluster is the same in any.
        lattice = periodicity.Any ? structure.Lattice?.Rows : null;
        for (int k = 0; k < order.Length; k++)
        {
            Vector3D r = structure.Lattice is null || !periodicity.Any ? structure.CartesianPositions[order[k]] : Fraction(structure.FractionalPositions[order[k]]);
            positions[3 * k] = (float)r.X;
            positions[3 * k + 1] = (float)r.Y;
            positions[3 * k + 2] = (float)r.Z;
            if (forces is not null)
            {
                Vector3D f = frame.Forces!.Value[order[k]];
                (forces[3 * k], forces[3 * k + 1], forces[3 * k + 2]) = ((float)f.X, (float)f.Y, (float)f.Z);
            }
        }

        // Only directions that repeat are wrapped.
        Vector3D Fraction(Vector3D f) => new(periodicity.A ? f.X - Math.Floor(f.X) : f.X, periodicity.B ? f.Y - Math.Floor(f.Y) : f.Y, periodicity.C ? f.Z - Math.Floor(f.Z) : f.Z);
    }

    /// <summary>Whether both are the same geometry.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="tolerance">How far atoms and ends of lattice vectors may lie apart, Å.</param>
    /// <param name="forceTolerance">How far forces may differ, eV/Å, before another way to lay the atoms onto each other is tried: symmetric crystals have several.</param>
    /// <param name="forceDifference">The length of the largest difference of the forces on an atom, eV/Å; null where one has none.</param>
    public bool IsSameAs(CompactGeometry other, double tolerance, double forceTolerance, out double? forceDifference)
    {
        forceDifference = null;
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
        bool fits = elements.Length == 0;
        for (int k = start; k < start + count; k++)
        {
            if (Match(other, At(other, k) - At(this, start), tolerance) is { } partners)
            {
                fits = true;
                double? difference = ForceDifference(other, partners);
                forceDifference = forceDifference is null || difference < forceDifference ? difference : forceDifference;
                if (!(forceDifference > forceTolerance))
                {
                    return true;
                }
            }
        }

        return fits;
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

    private double? ForceDifference(CompactGeometry other, int[] partners)
    {
        if (forces is null || other.forces is null)
        {
            return null;
        }

        double largest = 0;
        for (int i = 0; i < partners.Length; i++)
        {
            int j = partners[i];
            largest = Math.Max(largest, new Vector3D(forces[3 * i] - other.forces[3 * j], forces[3 * i + 1] - other.forces[3 * j + 1], forces[3 * i + 2] - other.forces[3 * j + 2]).Length);
        }

        return largest;
    }

    // The atom of the other geometry that each atom lies on; null where one lies on none.
    private int[]? Match(CompactGeometry other, Vector3D shift, double tolerance)
    {
        var used = new bool[elements.Length];
        var partners = new int[elements.Length];
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
                return null;
            }

            used[found] = true;
            partners[i] = found;
        }

        return partners;
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
