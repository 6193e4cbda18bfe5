using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>The space between the atoms of a structure: how far a place is from the nearest of them, and where that is farthest.</summary>
internal sealed class FreeSpace
{
    // A corner of Voronoi cells has atoms on all its sides where every plane through it and two of its atoms has others on both sides, this far
    // (as the sine of an angle) from it.
    private const double AllSides = 1e-3;

    // Atoms count as equally far within this distance, Å.
    private const double EquallyFar = 1e-5;

    private readonly List<(Vector3D Position, Element Element)>?[] boxes;
    private readonly Vector3D origin;
    private readonly int[] counts;
    private readonly double reach;

    /// <summary>Lists the atoms and those of their images that are within twice the reach of a place in the cell.</summary>
    /// <param name="structure">A structure with a cell.</param>
    /// <param name="reach">Places that are farther than this from every atom are of no interest, Å.</param>
    internal FreeSpace(Structure structure, double reach)
    {
        this.reach = reach;
        Lattice lattice = structure.Lattice!;
        Vector3D[] corners = (from i in new[] { 0, 1 } from j in new[] { 0, 1 } from k in new[] { 0, 1 } select lattice.ToCartesian(new(i, j, k))).ToArray();
        Vector3D margin = new Vector3D(reach, reach, reach) * 2;
        origin = new Vector3D(corners.Min(c => c.X), corners.Min(c => c.Y), corners.Min(c => c.Z)) - margin;
        Vector3D size = new Vector3D(corners.Max(c => c.X), corners.Max(c => c.Y), corners.Max(c => c.Z)) + margin - origin;
        counts = [(int)(size.X / reach) + 1, (int)(size.Y / reach) + 1, (int)(size.Z / reach) + 1];
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
                        (int x, int y, int z) = BoxOf(r);
                        if (x >= 0 && y >= 0 && z >= 0 && x < counts[0] && y < counts[1] && z < counts[2])
                        {
                            (boxes[(x * counts[1] + y) * counts[2] + z] ??= []).Add((r, wrapped.Species[site]));
                        }
                    }
                }
            }
        }

        // Enough images that everything within twice the reach of the cell is there.
        int Images(bool periodic, int axis) => periodic ? (int)Math.Ceiling(2 * reach * lattice.Reciprocal[axis].Length) : 0;
    }

    /// <summary>The distance to the nearest atom, Å; negative infinity where none is within reach.</summary>
    internal double Clearance(Vector3D place)
    {
        double squared = double.PositiveInfinity;
        foreach ((Vector3D position, _) in Around(place, 1))
        {
            squared = Math.Min(squared, (position - place).LengthSquared);
        }

        return squared <= reach * reach ? Math.Sqrt(squared) : double.NegativeInfinity;
    }

    /// <summary>Whether an atom at that place keeps its distance from all others, and is not out in the vacuum.</summary>
    internal bool Fits(Vector3D place, Element guest, CovalentContact contact) =>
        double.IsFinite(Clearance(place)) && Around(place, 1).All(a => (a.Position - place).Length >= contact.Limit(a.Element, guest));

    /// <summary>
    /// The middles of the voids that an atom borders on: the corners of its Voronoi cell that are farther from their nearest atoms than all
    /// places around them are, which is so where a corner lies inside the hull of these atoms.
    /// </summary>
    /// <param name="atom">The position of an atom in the cell, Å.</param>
    internal IReadOnlyList<Vector3D> Voids(Vector3D atom)
    {
        var cell = new VoronoiCell(reach);
        foreach (Vector3D other in Around(atom, 2).Select(a => a.Position - atom).Where(d => d.LengthSquared > 1e-12).OrderBy(d => d.LengthSquared))
        {
            if (other.Length > 2 * cell.Radius)
            {
                break;
            }

            cell.Cut(other);
        }

        var voids = new List<Vector3D>();
        foreach (Vector3D corner in cell.Corners)
        {
            Vector3D place = atom + corner;
            // The cube that the cell was cut from has corners and edges of its own; all of them are out of reach.
            if (corner.Length < reach && !voids.Exists(v => (v - place).Length < EquallyFar) && IsTop(place))
            {
                voids.Add(place);
            }
        }

        return voids;
    }

    private bool IsTop(Vector3D place)
    {
        double clearance = Clearance(place);
        Vector3D[] units = Around(place, 1).Select(a => a.Position - place).Where(d => d.Length < clearance + EquallyFar).Select(d => d / d.Length).ToArray();
        for (int i = 0; i < units.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Vector3D normal = Vector3D.Cross(units[i], units[j]);
                if (normal.Length > AllSides)
                {
                    normal /= normal.Length;
                    if (!units.Any(u => Vector3D.Dot(u, normal) > AllSides) || !units.Any(u => Vector3D.Dot(u, normal) < -AllSides))
                    {
                        return false;
                    }
                }
            }
        }

        return units.Length >= 4;
    }

    private IEnumerable<(Vector3D Position, Element Element)> Around(Vector3D place, int rings)
    {
        (int i, int j, int k) = BoxOf(place);
        for (int a = Math.Max(0, i - rings); a <= Math.Min(counts[0] - 1, i + rings); a++)
        {
            for (int b = Math.Max(0, j - rings); b <= Math.Min(counts[1] - 1, j + rings); b++)
            {
                for (int c = Math.Max(0, k - rings); c <= Math.Min(counts[2] - 1, k + rings); c++)
                {
                    foreach ((Vector3D Position, Element Element) atom in boxes[(a * counts[1] + b) * counts[2] + c] ?? [])
                    {
                        yield return atom;
                    }
                }
            }
        }
    }

    private (int X, int Y, int Z) BoxOf(Vector3D r)
    {
        Vector3D p = (r - origin) / reach;
        return ((int)Math.Floor(p.X), (int)Math.Floor(p.Y), (int)Math.Floor(p.Z));
    }
}
