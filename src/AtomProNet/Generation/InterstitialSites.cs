using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Generation;

/// <summary>The places in a structure where one more atom could sit.</summary>
internal static class InterstitialSites
{
    // Beyond this distance from every atom a place is in the vacuum, not in the crystal.
    private const double VacuumDistance = 4.0;

    // Two voids whose centres are this close are one.
    private const double MergeDistance = 0.25;

    private const long MaximumGridPoints = 2_000_000;

    /// <summary>A place.</summary>
    /// <param name="Fractional">Where it is.</param>
    /// <param name="Clearance">Its distance from the nearest atom, Å.</param>
    /// <param name="Multiplicity">How many places of the cell are equivalent to it; null where nobody asked.</param>
    internal sealed record Site(Vector3D Fractional, double Clearance, int? Multiplicity);

    /// <summary>Takes places that somebody named.</summary>
    /// <exception cref="AtomProNetException">One is too close to an atom.</exception>
    internal static IReadOnlyList<Site> Check(Structure parent, Element guest, ImmutableArray<Vector3D> positions, DefectOptions options)
    {
        var image = new MinimumImage(parent.Lattice, parent.Periodicity);
        var sites = new List<Site>();
        foreach (Vector3D f in positions)
        {
            if (!f.IsFinite)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "PositionNotFinite", "The place of an interstitial atom is not finite.", value: f.ToString());
            }

            Vector3D r = parent.Lattice!.ToCartesian(f);
            double clearance = double.PositiveInfinity;
            for (int i = 0; i < parent.AtomCount; i++)
            {
                double d = image.Distance(parent.CartesianPositions[i], r);
                clearance = Math.Min(clearance, d);
                if (d < options.MinimumDistance.Limit(parent.Species[i], guest))
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "InterstitialTooClose", string.Create(CultureInfo.InvariantCulture, $"The place is {d:F3} Å from atom {i + 1} ({parent.Species[i]}), below the minimum distance."), value: f.ToString(), remedy: "Give another place or a smaller minimum distance.");
                }
            }

            sites.Add(new(f, clearance, null));
        }

        return sites;
    }

    /// <summary>Looks for places: the middles of the voids, or the points of a grid; the roomiest first.</summary>
    internal static IReadOnlyList<Site> Find(Structure parent, Element guest, CrystalSymmetry symmetry, DefectOptions options)
    {
        var space = new FreeSpace(parent, VacuumDistance);
        IEnumerable<Vector3D> places = options.Search == InterstitialSearch.Grid
            ? GridPoints(parent.Lattice!, options.GridSpacing)
            : Voids(parent, space, symmetry);
        List<Vector3D> roomy = places
            .Where(p => (parent.Periodicity.All || !OutsideOfAtoms(parent, parent.Lattice!.ToFractional(p))) && space.Fits(p, guest, options.MinimumDistance))
            .OrderByDescending(p => Math.Round(space.Clearance(p), 4))
            .ToList();
        return Classes(parent, roomy, space, symmetry, options);
    }

    private static IEnumerable<Vector3D> GridPoints(Lattice lattice, double spacing)
    {
        Vector3D lengths = lattice.Lengths;
        int[] n = [Points(lengths.X), Points(lengths.Y), Points(lengths.Z)];
        if ((long)n[0] * n[1] * n[2] > MaximumGridPoints)
        {
            throw new AtomProNetException(ErrorKind.LimitExceeded, "GridTooFine", $"The grid would have {n[0]} × {n[1]} × {n[2]} points.", remedy: "Give a larger spacing, or a smaller cell.");
        }

        return from i in Enumerable.Range(0, n[0])
               from j in Enumerable.Range(0, n[1])
               from k in Enumerable.Range(0, n[2])
               select lattice.ToCartesian(new((double)i / n[0], (double)j / n[1], (double)k / n[2]));

        // A multiple of 12, so that the translations by 1/2, 1/3, 1/4 and 1/6 that crystals have map the grid onto itself.
        int Points(double length) => Math.Max(12, (int)Math.Ceiling(length / spacing / 12 - 1e-9) * 12);
    }

    // Every void has an atom at its side that is equivalent to the first atom of its class: those of the first ones are all there are, up to symmetry.
    private static IEnumerable<Vector3D> Voids(Structure parent, FreeSpace space, CrystalSymmetry symmetry)
    {
        Structure wrapped = parent.Wrap();
        return Enumerable.Range(0, parent.AtomCount)
            .Where(i => symmetry.EquivalentSites[i] == i)
            .SelectMany(i => space.Voids(wrapped.CartesianPositions[i]));
    }

    // Where the structure does not repeat, only what lies between its outermost atoms is inside.
    private static bool OutsideOfAtoms(Structure parent, Vector3D f)
    {
        Periodicity p = parent.Periodicity;
        ImmutableArray<Vector3D> atoms = parent.FractionalPositions;
        return (!p.A && (f.X < atoms.Min(a => a.X) || f.X > atoms.Max(a => a.X)))
            || (!p.B && (f.Y < atoms.Min(a => a.Y) || f.Y > atoms.Max(a => a.Y)))
            || (!p.C && (f.Z < atoms.Min(a => a.Z) || f.Z > atoms.Max(a => a.Z)));
    }

    private static List<Site> Classes(Structure parent, List<Vector3D> places, FreeSpace space, CrystalSymmetry symmetry, DefectOptions options)
    {
        Lattice lattice = parent.Lattice!;
        var image = new MinimumImage(lattice, parent.Periodicity);
        double same = options.Search == InterstitialSearch.Voids ? MergeDistance : options.SymmetryTolerance;
        var sites = new List<Site>();
        var done = new bool[places.Count];
        for (int n = 0; n < places.Count; n++)
        {
            if (done[n])
            {
                continue;
            }

            List<Vector3D> orbit = Orbit(places[n], out Vector3D centre);
            for (int m = n; m < places.Count; m++)
            {
                done[m] |= orbit.Exists(o => image.Distance(o, places[m]) < same);
            }

            // Exactly on the symmetry element; and from there on again, so that all members of the class lie on theirs.
            orbit = Orbit(centre, out _);
            sites.AddRange((options.IncludeEquivalent ? orbit : orbit.Take(1)).Select(o => new Site(Tidy(lattice.ToFractional(o)), space.Clearance(centre), orbit.Count)));
        }

        return sites;

        // The places that a place is carried to, itself first, and the mean of those that are itself within the tolerance.
        List<Vector3D> Orbit(Vector3D place, out Vector3D mean)
        {
            List<Vector3D> orbit = [place];
            Vector3D shift = Vector3D.Zero;
            int count = 0;
            foreach (Vector3D copy in symmetry.Images(place))
            {
                Vector3D back = image.Difference(place, copy);
                if (back.Length < same)
                {
                    shift += back;
                    count++;
                }
                else if (!orbit.Exists(o => image.Distance(o, copy) < same))
                {
                    orbit.Add(copy);
                }
            }

            mean = place + shift / Math.Max(1, count);
            return orbit;
        }
    }

    // Into the cell, without the last digits that are rounding only.
    private static Vector3D Tidy(Vector3D f)
    {
        return new(One(f.X), One(f.Y), One(f.Z));

        static double One(double x)
        {
            double y = Math.Round(x - Math.Floor(x), 10);
            return y >= 1 ? 0 : y;
        }
    }
}
