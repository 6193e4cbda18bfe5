using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AtomProNet.Structures.Symmetry;

/// <summary>
/// The space-group operations of a structure in its own cell, and which of its sites they make equivalent. Immutable.
/// <para>
/// They are found as in Grosse-Kunstleve (Acta Cryst. A55, 383 (1999)) and spglib: rotations of the lattice from its reduced cell;
/// for each one the translations that carry a site of the rarest kind to another; kept where every atom lands on one of its kind.
/// In a supercell the lattice translations of the crystal are among them, and operations that the supercell's shape breaks are not:
/// two sites are equivalent where the whole periodic arrangement looks the same from both.
/// </para>
/// <para>
/// A direction that does not repeat takes no part: there an operation must map the atoms onto each other without periodic images.
/// </para>
/// </summary>
public sealed class CrystalSymmetry
{
    /// <summary>How far an atom may be from where an operation puts it, Å, unless told otherwise.</summary>
    public const double DefaultTolerance = 0.01;

    private readonly SymmetryBasis basis;

    private CrystalSymmetry(SymmetryBasis basis, int siteCount, double tolerance, List<Found> rotations, List<Found> translations)
    {
        this.basis = basis;
        Tolerance = tolerance;
        Rotations = rotations.Select(r => r.Operation).ToImmutableArray();
        Translations = translations.Select(t => t.Operation.Translation).ToImmutableArray();
        Generators = translations.Concat(rotations).Select(f => ImmutableCollectionsMarshal.AsImmutableArray(f.Permutation)).ToImmutableArray();
        EquivalentSites = Orbits(siteCount, Generators);
    }

    /// <summary>
    /// One operation for each rotation; all operations are these followed by each of the <see cref="Translations"/>. In terms of the
    /// lattice vectors (of unit vectors at right angles to them where the structure does not repeat).
    /// </summary>
    public ImmutableArray<SymmetryOperation> Rotations { get; }

    /// <summary>The translations that map the structure onto itself, the zero first; more than one where the cell is not primitive.</summary>
    public ImmutableArray<Vector3D> Translations { get; }

    /// <summary>The number of all operations: rotations times translations.</summary>
    public int OperationCount => Rotations.Length * Translations.Length;

    /// <summary>The tolerance that was used, Å: the one asked for, or a smaller one where that gave operations that make no group.</summary>
    public double Tolerance { get; }

    /// <summary>For each site the lowest index among the sites that are equivalent to it.</summary>
    public ImmutableArray<int> EquivalentSites { get; }

    /// <summary>
    /// The permutations of the sites (site i goes to p[i]) by the translations and by one operation for each rotation: together they
    /// generate all others.
    /// </summary>
    internal ImmutableArray<ImmutableArray<int>> Generators { get; }

    /// <summary>Finds the symmetry of a structure.</summary>
    /// <param name="structure">Any structure; without a cell only rotations that map the Cartesian axes onto each other are found.</param>
    /// <param name="tolerance">How far an atom may be from where an operation puts it, Å.</param>
    /// <param name="siteLabels">Tells sites of one element apart that shall not count as the same (spins); null: the elements alone.</param>
    /// <exception cref="AtomProNetException">The tolerance is not positive, or two atoms are closer than it.</exception>
    public static CrystalSymmetry Find(Structure structure, double tolerance = DefaultTolerance, IReadOnlyList<int>? siteLabels = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (!(tolerance > 0) || !double.IsFinite(tolerance))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SymmetryToleranceInvalid", "The tolerance of symmetry is not a positive length.", value: tolerance.ToString(System.Globalization.CultureInfo.InvariantCulture), remedy: "Give it in Å, such as 0.01.");
        }

        if (siteLabels is not null && siteLabels.Count != structure.AtomCount)
        {
            throw new ArgumentException("There must be one label for each site.", nameof(siteLabels));
        }

        SymmetryBasis basis = SymmetryBasis.Of(structure);
        Vector3D[] positions = structure.CartesianPositions.Select(p => p * basis.Inverse).ToArray();
        int[] labels = structure.Species.Select((e, i) => siteLabels is null ? e.Number : HashLabels(e.Number, siteLabels[i])).ToArray();
        int[] dense = Dense(labels);
        var index = new SiteIndex(basis, positions, dense);
        for (double t = tolerance; t > tolerance * 1e-3; t *= 0.9)
        {
            if (Search(basis, index, positions, dense, t) is { } found)
            {
                return new(basis, positions.Length, t, found.Rotations, found.Translations);
            }
        }

        int[] identity = Enumerable.Range(0, positions.Length).ToArray();
        List<Found> none = [new(SymmetryOperation.Identity, identity)];
        return new(basis, positions.Length, tolerance * 1e-3, none, none);
    }

    /// <summary>The orbits of a set of things under permutations: for each the lowest index that it can be carried to.</summary>
    internal static ImmutableArray<int> Orbits(int count, IEnumerable<ImmutableArray<int>> permutations)
    {
        var union = new DisjointSets(count);
        foreach (ImmutableArray<int> p in permutations)
        {
            for (int i = 0; i < p.Length; i++)
            {
                union.Join(i, p[i]);
            }
        }

        return union.Lowest();
    }

    /// <summary>The images of a Cartesian position (Å) under all operations, as Cartesian positions, not wrapped.</summary>
    internal IEnumerable<Vector3D> Images(Vector3D cartesian)
    {
        Vector3D x = cartesian * basis.Inverse;
        foreach (SymmetryOperation rotation in Rotations)
        {
            Vector3D turned = rotation.Apply(x);
            foreach (Vector3D translation in Translations)
            {
                yield return (turned + translation) * basis.Rows;
            }
        }
    }

    private static (List<Found> Rotations, List<Found> Translations)? Search(SymmetryBasis basis, SiteIndex index, Vector3D[] positions, int[] labels, double tolerance)
    {
        if (positions.Length == 0)
        {
            List<Found> only = [new(SymmetryOperation.Identity, [])];
            return (only, only);
        }

        CheckDistances(index, positions, labels, tolerance);
        int[] rarest = Enumerable.Range(0, labels.Length).GroupBy(i => labels[i]).OrderBy(g => g.Count()).ThenBy(g => g.First()).First().ToArray();
        List<Found> translations = [];
        foreach (int target in rarest)
        {
            if (Match(IntegerMatrix3x3.Identity, rarest[0], target) is { } found)
            {
                translations.Add(found);
            }
        }

        // The targets that a translation leads to from another target need not be tried for the rotations.
        ImmutableArray<int> classes = Orbits(positions.Length, translations.Select(t => ImmutableCollectionsMarshal.AsImmutableArray(t.Permutation)));
        int[] targets = rarest.Where(site => classes[site] == site).ToArray();
        if (translations.Count == 0 || positions.Length % translations.Count != 0 || targets.Length * translations.Count != rarest.Length)
        {
            return null;
        }

        List<Found> rotations = [];
        foreach (IntegerMatrix3x3 w in LatticeSymmetry.Rotations(basis, tolerance))
        {
            foreach (int target in targets)
            {
                if (Match(w, rarest[0], target) is { } found)
                {
                    rotations.Add(found);
                    break;
                }
            }
        }

        return IsGroup(rotations) ? (rotations, translations) : null;

        Found? Match(IntegerMatrix3x3 w, int from, int to)
        {
            Matrix3x3 matrix = w.ToMatrix();
            Vector3D translation = basis.Near(positions[to] - positions[from] * matrix);
            var permutation = new int[positions.Length];
            var taken = new bool[positions.Length];
            Vector3D correction = Vector3D.Zero;
            for (int i = 0; i < positions.Length; i++)
            {
                Vector3D image = positions[i] * matrix + translation;
                int hit = index.Find(image, labels[i], tolerance);
                if (hit < 0 || taken[hit])
                {
                    return null;
                }

                taken[hit] = true;
                permutation[i] = hit;
                correction += basis.Near(positions[hit] - image);
            }

            return new(new(w, basis.Near(translation + correction / positions.Length)), permutation);
        }
    }

    // Within the tolerance everything lies on everything: an answer would be meaningless.
    private static void CheckDistances(SiteIndex index, Vector3D[] positions, int[] labels, double tolerance)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            int nearest = index.Find(positions[i], labels[i], tolerance, except: i);
            if (nearest >= 0)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "SitesCoincide", $"The atoms {Math.Min(i, nearest) + 1} and {Math.Max(i, nearest) + 1} lie within the tolerance of symmetry of each other.", remedy: "Remove duplicate atoms, or give a smaller tolerance.");
            }
        }
    }

    private static bool IsGroup(List<Found> rotations)
    {
        var set = rotations.Select(r => r.Operation.Rotation).ToHashSet();
        return set.Count == rotations.Count && rotations.All(a => rotations.All(b => set.Contains(a.Operation.Rotation * b.Operation.Rotation)));
    }

    private static int HashLabels(int number, int label) => checked(number + 200 * label);

    private static int[] Dense(int[] labels)
    {
        var numbers = new Dictionary<int, int>();
        return labels.Select(l => numbers.TryGetValue(l, out int n) ? n : numbers[l] = numbers.Count).ToArray();
    }

    private sealed record Found(SymmetryOperation Operation, int[] Permutation);
}
