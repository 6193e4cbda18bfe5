using AtomProNet.Structures;
using MathNet.Numerics.LinearAlgebra;

namespace AtomProNet.Generation;

/// <summary>The space between the atoms of a structure: how far a place is from the nearest of them.</summary>
internal sealed class FreeSpace
{
    private readonly List<(Vector3D Position, Element Element)>?[] boxes;
    private readonly Vector3D origin;
    private readonly int[] counts;
    private readonly double reach;

    /// <summary>Lists the atoms and those of their images that are within the reach of a place in the cell.</summary>
    internal FreeSpace(Structure structure, double reach)
    {
        this.reach = reach;
        Lattice lattice = structure.Lattice!;
        Vector3D[] corners = (from i in new[] { 0, 1 } from j in new[] { 0, 1 } from k in new[] { 0, 1 } select lattice.ToCartesian(new(i, j, k))).ToArray();
        Vector3D margin = new(reach, reach, reach);
        origin = new Vector3D(corners.Min(c => c.X), corners.Min(c => c.Y), corners.Min(c => c.Z)) - margin;
        Vector3D size = new Vector3D(corners.Max(c => c.X), corners.Max(c => c.Y), corners.Max(c => c.Z)) + margin - origin;
        counts = [Math.Max(1, (int)Math.Ceiling(size.X / reach)), Math.Max(1, (int)Math.Ceiling(size.Y / reach)), Math.Max(1, (int)Math.Ceiling(size.Z / reach))];
        boxes = new List<(Vector3D, Element)>?[counts[0] * counts[1] * counts[2]];

        Structure wrapped = structure.Wrap();
        int[] images = [Images(structure.Periodicity.A, 0), Images(structure.Periodicity.B, 1), Images(structure.Periodicity.C, 2)];
        for (int i = -images[0]; i <= images[0]; i++)
        {
            for (int j = -images[1]; j <= images[1]; j++)
            {
                for (int k = -images[2]; k <= images[2]; k++)
                {
                    Vector3D shift = lattice.ToCartesian(new(i, j, k));
                    for (int site = 0; site < wrapped.AtomCount; site++)
                    {
                        Vector3D r = wrapped.CartesianPositions[site] + shift;
                        if (BoxOf(r) is { } box)
                        {
                            (boxes[box] ??= []).Add((r, wrapped.Species[site]));
                        }
                    }
                }
            }
        }

        // Enough images that everything within reach of the cell is there.
        int Images(bool periodic, int axis) => periodic ? (int)Math.Ceiling(reach * lattice.Reciprocal[axis].Length) : 0;
    }

    /// <summary>The distance to the nearest atom, Å; negative infinity where none is within reach.</summary>
    internal double Clearance(Vector3D place)
    {
        double clearance = double.PositiveInfinity;
        foreach ((Vector3D position, _) in Around(place))
        {
            clearance = Math.Min(clearance, (position - place).Length);
        }

        return double.IsPositiveInfinity(clearance) ? double.NegativeInfinity : clearance;
    }

    /// <summary>Whether an atom at that place keeps its distance from all others.</summary>
    internal bool Fits(Vector3D place, Element guest, CovalentContact contact) =>
        double.IsFinite(Clearance(place)) && Around(place).All(a => (a.Position - place).Length >= contact.Limit(a.Element, guest));

    /// <summary>
    /// The centre of the void around a place: where the distances to the nearest atoms are all the same, a corner of their Voronoi cells
    /// (Newton's method on |x − rᵢ| = λ for the atoms that are about nearest, least squares). The place itself where that leads
    /// further away than allowed, or to less room.
    /// </summary>
    internal Vector3D Center(Vector3D place, double farthest)
    {
        Vector3D x = place;
        double slack = farthest;
        for (int round = 0; round < 40; round++)
        {
            double clearance = Clearance(x);
            (Vector3D Position, Element Element)[] near = Around(x).Where(a => (a.Position - x).Length < clearance + slack).ToArray();
            if (near.Length < 2)
            {
                break;
            }

            Matrix<double> slopes = Matrix<double>.Build.Dense(near.Length, 4);
            Vector<double> rest = Vector<double>.Build.Dense(near.Length);
            for (int i = 0; i < near.Length; i++)
            {
                Vector3D d = x - near[i].Position;
                Vector3D unit = d / Math.Max(d.Length, 1e-9);
                slopes.SetRow(i, [unit.X, unit.Y, unit.Z, -1]);
                rest[i] = -(d.Length - clearance);
            }

            // The pseudo-inverse takes the shortest step where a void is a channel or a layer and has no one centre.
            Vector<double> step = slopes.PseudoInverse() * rest;
            var move = new Vector3D(step[0], step[1], step[2]);
            x += move.Length > farthest / 4 ? move * (farthest / 4 / move.Length) : move;
            slack = Math.Max(0.02, slack * 0.7);
            if (move.Length < 1e-12)
            {
                break;
            }
        }

        return (x - place).Length <= farthest && Clearance(x) >= Clearance(place) - 1e-9 ? x : place;
    }

    private IEnumerable<(Vector3D Position, Element Element)> Around(Vector3D place)
    {
        Vector3D p = place - origin;
        int i = (int)Math.Floor(p.X / reach), j = (int)Math.Floor(p.Y / reach), k = (int)Math.Floor(p.Z / reach);
        for (int a = Math.Max(0, i - 1); a <= Math.Min(counts[0] - 1, i + 1); a++)
        {
            for (int b = Math.Max(0, j - 1); b <= Math.Min(counts[1] - 1, j + 1); b++)
            {
                for (int c = Math.Max(0, k - 1); c <= Math.Min(counts[2] - 1, k + 1); c++)
                {
                    if (boxes[(a * counts[1] + b) * counts[2] + c] is { } list)
                    {
                        foreach ((Vector3D Position, Element Element) atom in list)
                        {
                            if ((atom.Position - place).LengthSquared <= reach * reach)
                            {
                                yield return atom;
                            }
                        }
                    }
                }
            }
        }
    }

    private int? BoxOf(Vector3D r)
    {
        Vector3D p = r - origin;
        int i = (int)Math.Floor(p.X / reach), j = (int)Math.Floor(p.Y / reach), k = (int)Math.Floor(p.Z / reach);
        return i >= 0 && j >= 0 && k >= 0 && i < counts[0] && j < counts[1] && k < counts[2] ? (i * counts[1] + j) * counts[2] + k : null;
    }
}
