using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation.Energies;

/// <summary>Whether two cells were computed with k-points of one density, as far as meshes of whole numbers allow.</summary>
internal static class MeshComparison
{
    /// <summary>
    /// True where one k-spacing gives both meshes by rounding up, down, or to the nearest number; null where a frame does not tell its
    /// mesh.
    /// </summary>
    internal static bool? IsOneDensity(Frame first, Frame second)
    {
        if (KPointMeshText.Divisions(first.Method?.KPointMesh) is not { } n || KPointMeshText.Divisions(second.Method?.KPointMesh) is not { } m
            || first.Structure.Lattice is not { } a || second.Structure.Lattice is not { } b)
        {
            return null;
        }

        // Divisions n along a vector of length g (of the reciprocal lattice) come from spacings between these two.
        (double Below, double Above)[] roundings = [(0, 1), (1, 0), (0.5, 0.5)];
        return roundings.Any(r =>
        {
            double low = 0, high = double.PositiveInfinity;
            foreach ((Lattice lattice, int[] divisions) in new[] { (a, n), (b, m) })
            {
                for (int i = 0; i < 3; i++)
                {
                    double g = lattice.Reciprocal[i].Length;
                    low = Math.Max(low, g / (divisions[i] + r.Below));
                    // One division is the least there is, however wide the spacing.
                    high = Math.Min(high, divisions[i] == 1 ? double.PositiveInfinity : g / (divisions[i] - r.Above));
                }
            }

            // Ranges that only touch have no spacing in common: each holds one of its two ends.
            return low < high * (1 - 1e-9);
        });
    }
}
