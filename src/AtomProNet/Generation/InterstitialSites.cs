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

    private const long MaximumGridPoints = 5_000_000;

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

    /// <summary>Looks for places on a grid, and moves each to the middle of its void where that is asked for; the roomiest first.</summary>
    internal static IReadOnlyList<Site> Find(Structure parent, Element guest, CrystalSymmetry symmetry, DefectOptions options)
    {
        Lattice lattice = parent.Lattice!;
        Vector3D lengths = lattice.Lengths;
        int[] n = [Points(lengths.X), Points(lengths.Y), Points(lengths.Z)];
        if ((long)n[0] * n[1] * n[2] > MaximumGridPoints)
        {
            throw new AtomProNetException(ErrorKind.LimitExceeded, "GridTooFine", $"The grid would have {n[0]} × {n[1]} × {n[2]} points.", remedy: "Give a larger spacing, or a smaller cell.");
        }

        var space = new FreeSpace(parent, VacuumDistance);
        double[] clearance = Clearances(lattice, space, n);
        List<Vector3D> places = [];
        for (int at = 0; at < clearance.Length; at++)
        {
            (int i, int j, int k) = (at / (n[1] * n[2]), at / n[2] % n[1], at % n[2]);
            Vector3D fractional = new((double)i / n[0], (double)j / n[1], (double)k / n[2]);
            bool taken = options.Search == InterstitialSearch.Grid || IsTop(clearance, n, i, j, k);
            if (!taken || !double.IsFinite(clearance[at]) || !parent.Periodicity.All && OutsideOfAtoms(parent, fractional))
            {
                continue;
            }

            Vector3D place = lattice.ToCartesian(fractional);
            if (options.Search == InterstitialSearch.Voids)
            {
                place = space.Center(place, 2 * Math.Max(lengths.X / n[0], Math.Max(lengths.Y / n[1], lengths.Z / n[2])));
            }

            if (space.Fits(place, guest, options.MinimumDistance))
            {
                places.Add(place);
            }
        }

        return Classes(parent, places, space, symmetry, options);

        // A multiple of 12, so that the translations by 1/2, 1/3, 1/4 and 1/6 that crystals have map the grid onto itself.
        int Points(double length) => Math.Max(12, (int)Math.Ceiling(length / options.GridSpacing / 12 - 1e-9) * 12);
    }

    private static double[] Clearances(Lattice lattice, FreeSpace space, int[] n)
    {
        var clearance = new double[n[0] * n[1] * n[2]];
        Parallel.For(0, n[0], i =>
        {
            for (int j = 0; j < n[1]; j++)
            {
                for (int k = 0; k < n[2]; k++)
                {
                    clearance[(i * n[1] + j) * n[2] + k] = space.Clearance(lattice.ToCartesian(new((double)i / n[0], (double)j / n[1], (double)k / n[2])));
                }
            }
        });
        return clearance;
    }

    // Not below any of the 26 points around it.
    private static bool IsTop(double[] clearance, int[] n, int i, int j, int k)
    {
        double here = clearance[(i * n[1] + j) * n[2] + k];
        for (int a = -1; a <= 1; a++)
        {
            for (int b = -1; b <= 1; b++)
            {
                for (int c = -1; c <= 1; c++)
                {
                    double there = clearance[((i + a + n[0]) % n[0] * n[1] + (j + b + n[1]) % n[1]) * n[2] + (k + c + n[2]) % n[2]];
                    if (there > here + 1e-9)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
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
        // Each class is represented by the place that comes first in the cell; every place that an image of it meets is done.
        var done = new bool[places.Count];
        for (int n = 0; n < places.Count; n++)
        {
            if (done[n])
            {
                continue;
            }

            List<Vector3D> orbit = [];
            Vector3D shift = Vector3D.Zero;
            int stabilizers = 0;
            foreach (Vector3D copy in options.IncludeEquivalent ? [places[n]] : symmetry.Images(places[n]))
            {
                Vector3D back = image.Difference(places[n], copy);
                if (back.Length < same)
                {
                    shift += back;
                    stabilizers++;
                }

                if (!orbit.Exists(o => image.Distance(o, copy) < same))
                {
                    orbit.Add(copy);
                }
            }

            for (int m = n; m < places.Count; m++)
            {
                done[m] |= orbit.Exists(o => image.Distance(o, places[m]) < same);
            }

            // The mean of its images that lie on itself is exactly on the symmetry element.
            Vector3D centre = places[n] + shift / Math.Max(1, stabilizers);
            sites.Add(new(Tidy(lattice.ToFractional(centre)), space.Clearance(centre), options.IncludeEquivalent ? null : orbit.Count));
        }

        return [.. sites.OrderByDescending(s => Math.Round(s.Clearance, 3))];
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
