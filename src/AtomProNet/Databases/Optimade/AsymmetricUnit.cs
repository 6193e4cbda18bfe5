using AtomProNet.Structures;

namespace AtomProNet.Databases.Optimade;

/// <summary>Makes a whole cell out of a part of it.</summary>
internal static class AsymmetricUnit
{
    // Å. Images of a site on a special position fall together up to the digits that its coordinates are given with.
    private const double SamePlace = 0.05;

    /// <summary>Applies symmetry operations to fractional positions and merges images that fall together.</summary>
    /// <exception cref="AtomProNetException">An operation cannot be read, or two different sites fall together.</exception>
    public static (Vector3D[] Positions, string[] Names) Expand(Lattice lattice, Vector3D[] positions, string[] names, IReadOnlyList<string> operations)
    {
        var images = new MinimumImage(lattice, Periodicity.Full);
        SymmetryOperation[] group = [.. operations.Select(Parse)];
        var all = new List<Vector3D>();
        var cartesian = new List<Vector3D>();
        var labels = new List<string>();
        for (int site = 0; site < positions.Length; site++)
        {
            int start = all.Count;
            foreach (SymmetryOperation operation in group)
            {
                (double x, double y, double z) = operation.Apply(positions[site].X, positions[site].Y, positions[site].Z);
                var image = new Vector3D(x - Math.Floor(x), y - Math.Floor(y), z - Math.Floor(z));
                Vector3D place = lattice.ToCartesian(image);
                int same = cartesian.FindIndex(c => images.Distance(c, place) < SamePlace);
                if (same >= 0 && same < start)
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "SitesCoincide", $"Symmetry puts {names[site]} and {labels[same]} of different sites in one place.");
                }

                if (same < 0)
                {
                    all.Add(image);
                    cartesian.Add(place);
                    labels.Add(names[site]);
                }
            }
        }

        return ([.. all], [.. labels]);
    }

    private static SymmetryOperation Parse(string text)
    {
        try
        {
            return SymmetryOperation.Parse(text);
        }
        catch (FormatException)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "SymmetryUnreadable", "A symmetry operation cannot be read.", value: text);
        }
    }
}
