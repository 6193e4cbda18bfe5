using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>
/// The places that are nearer to the origin than to any of some other points, a convex polyhedron: a cube, cut by the plane halfway to
/// each of the points in turn.
/// </summary>
internal sealed class VoronoiCell
{
    // Corners this close to a plane (Å) lie on it.
    private const double OnPlane = 1e-9;

    private List<List<Vector3D>> faces;

    /// <summary>Starts with the cube from −half to +half along each axis.</summary>
    internal VoronoiCell(double half)
    {
        Vector3D Corner(int i) => new((i & 1) == 0 ? -half : half, (i & 2) == 0 ? -half : half, (i & 4) == 0 ? -half : half);
        int[][] squares = [[0, 1, 3, 2], [4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5]];
        faces = squares.Select(square => square.Select(Corner).ToList()).ToList();
    }

    /// <summary>The corners; where more than three faces meet they can stand more than once, apart by rounding.</summary>
    internal IEnumerable<Vector3D> Corners => faces.SelectMany(f => f);

    /// <summary>The distance of the farthest corner from the origin.</summary>
    internal double Radius => Corners.Max(c => c.Length);

    /// <summary>Cuts away what is nearer to a point than to the origin.</summary>
    internal void Cut(Vector3D point)
    {
        Vector3D normal = point / point.Length;
        double middle = point.Length / 2;
        if (Corners.All(c => Vector3D.Dot(c, normal) <= middle + OnPlane))
        {
            return;
        }

        var kept = new List<List<Vector3D>>();
        var rim = new List<Vector3D>();
        foreach (List<Vector3D> face in faces)
        {
            var rest = new List<Vector3D>();
            for (int i = 0; i < face.Count; i++)
            {
                Vector3D a = face[i], b = face[(i + 1) % face.Count];
                double x = Vector3D.Dot(a, normal) - middle, y = Vector3D.Dot(b, normal) - middle;
                if (x <= OnPlane)
                {
                    rest.Add(a);
                }

                if (Math.Abs(x) <= OnPlane)
                {
                    Add(rim, a);
                }

                if ((x < -OnPlane && y > OnPlane) || (x > OnPlane && y < -OnPlane))
                {
                    Vector3D crossing = a + (b - a) * (x / (x - y));
                    rest.Add(crossing);
                    Add(rim, crossing);
                }
            }

            if (rest.Count >= 3)
            {
                kept.Add(rest);
            }
        }

        if (rim.Count >= 3)
        {
            kept.Add(Around(rim, normal));
        }

        faces = kept;
    }

    private static void Add(List<Vector3D> points, Vector3D point)
    {
        if (!points.Exists(p => (p - point).LengthSquared < 1e-16))
        {
            points.Add(point);
        }
    }

    // The corners of a convex face in the order in which one meets them going round.
    private static List<Vector3D> Around(List<Vector3D> points, Vector3D normal)
    {
        Vector3D centre = points.Aggregate((a, b) => a + b) / points.Count;
        Vector3D helper = Math.Abs(normal.X) < 0.7 ? new(1, 0, 0) : new(0, 1, 0);
        Vector3D u = Vector3D.Cross(normal, helper);
        u /= u.Length;
        Vector3D v = Vector3D.Cross(normal, u);
        return [.. points.OrderBy(p => Math.Atan2(Vector3D.Dot(p - centre, v), Vector3D.Dot(p - centre, u)))];
    }
}
