using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Databases.Optimade;

/// <summary>Reads lattice vectors, of which those in directions that do not repeat may be missing.</summary>
internal static class OptimadeCell
{
    /// <summary>The lattice; null for a molecule without one.</summary>
    /// <param name="rows">The three vectors; one of nulls is missing.</param>
    /// <param name="periodicity">Which directions repeat.</param>
    /// <param name="positions">The sites, Å, for the size of what is filled in.</param>
    /// <exception cref="AtomProNetException">A vector of a direction that repeats is missing.</exception>
    public static Lattice? Read(JsonElement[] rows, Periodicity periodicity, Vector3D[]? positions)
    {
        if (rows.Length is not (0 or 3))
        {
            throw Unreadable("The lattice has no three vectors.");
        }

        bool[] repeats = [periodicity.A, periodicity.B, periodicity.C];
        var vectors = new Vector3D?[3];
        for (int i = 0; i < rows.Length; i++)
        {
            bool missing = rows[i].ValueKind == JsonValueKind.Null || rows[i].EnumerateArray().All(x => x.ValueKind == JsonValueKind.Null);
            vectors[i] = missing ? null : Vector(rows[i]);
        }

        if (Enumerable.Range(0, 3).Any(i => repeats[i] && vectors[i] is null))
        {
            throw Unreadable("A lattice vector of a direction that repeats is missing.");
        }

        if (vectors.All(v => v is null))
        {
            return null;
        }

        // "The vectors in the non-periodic directions have no significance": normals, long enough for all atoms, complete the cell.
        double extent = Math.Max(1, positions is null ? 0 : positions.SelectMany(p => positions.Select(q => (p - q).Length)).DefaultIfEmpty(0).Max());
        for (int i = 0; i < 3; i++)
        {
            if (vectors[i] is null)
            {
                Vector3D[] others = [.. Enumerable.Range(1, 2).Select(k => vectors[(i + k) % 3]).OfType<Vector3D>()];
                Vector3D first = others[0];
                Vector3D helper = others.Length > 1 ? others[1] : Math.Abs(first.X) < 0.7 * first.Length ? new(1, 0, 0) : new(0, 1, 0);
                Vector3D normal = Vector3D.Cross(first, helper);
                vectors[i] = normal / normal.Length * extent;
            }
        }

        return new(vectors[0]!.Value, vectors[1]!.Value, vectors[2]!.Value);
    }

    /// <summary>Three numbers.</summary>
    public static Vector3D Vector(JsonElement row)
    {
        double[] numbers = [.. row.EnumerateArray().Select(x => x.GetDouble())];
        return numbers.Length == 3 ? new(numbers[0], numbers[1], numbers[2]) : throw Unreadable("A vector has no three components.");
    }

    private static AtomProNetException Unreadable(string problem) => new(ErrorKind.InvalidData, "MaterialUnreadable", problem);
}
