using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>Meshes from rules.</summary>
public static class KPointMeshes
{
    /// <summary>The tolerance (Å) within which a structure counts as face-centred: pymatgen's.</summary>
    private const double CentringTolerance = 0.01;

    /// <summary>The mesh that a rule makes.</summary>
    /// <param name="rule">The rule; the divisions of an explicit mesh belong to the vectors of the structure's cell.</param>
    /// <param name="structure">The structure.</param>
    /// <exception cref="AtomProNetException">The rule is impossible.</exception>
    public static KPointMesh Make(KPointRule rule, Structure structure)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(structure);
        Lattice lattice = structure.Lattice ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "A structure without a cell has no k-points.", value: structure.ToString());
        return rule switch
        {
            KPointRule.Mesh mesh => Explicit(mesh, structure, lattice),
            KPointRule.ReciprocalDensity density => ByReciprocalDensity(density.Density, structure, lattice),
            KPointRule.Spacing spacing => BySpacing(spacing.Value, lattice),
            _ => throw new ArgumentOutOfRangeException(nameof(rule)),
        };
    }

    /// <summary>
    /// pymatgen's mesh for a reciprocal density (Kpoints.automatic_density_by_vol): g = d·(2π)³/V points, enlarged by 1 % where g·N lies
    /// within 1 of a cube; m = (g·|a||b||c|)^⅓; nᵢ = ⌊max(m/|aᵢ|, 1)⌋. Γ-centred for hexagonal and face-centred cells and where a
    /// division is odd, else Monkhorst–Pack.
    /// </summary>
    /// <param name="density">Points in a reciprocal volume of 1 Å⁻³ (2π included).</param>
    /// <param name="structure">The structure: its number of sites and its centring count.</param>
    /// <param name="lattice">Its cell.</param>
    private static KPointMesh ByReciprocalDensity(double density, Structure structure, Lattice lattice)
    {
        Positive(density, "KPointDensityInvalid", "The density of k-points");
        double reciprocalVolume = Math.Pow(2 * Math.PI, 3) / lattice.Volume;
        double perAtom = density * reciprocalVolume * structure.AtomCount;
        if (Math.Abs(Math.Pow(Math.Floor(Math.Pow(perAtom, 1.0 / 3) + 0.5), 3) - perAtom) < 1)
        {
            perAtom += perAtom * 0.01;
        }

        Vector3D l = lattice.Lengths;
        double m = Math.Pow(perAtom / structure.AtomCount * l.X * l.Y * l.Z, 1.0 / 3);
        int n1 = Divisions(m / l.X), n2 = Divisions(m / l.Y), n3 = Divisions(m / l.Z);
        bool gamma = n1 % 2 == 1 || n2 % 2 == 1 || n3 % 2 == 1 || IsHexagonal(lattice) || IsFaceCentred(structure);
        return new(n1, n2, n3, gamma);
    }

    /// <summary>VASP's mesh for KSPACING (VASP manual, KSPACING): nᵢ = max(1, ⌈2π|bᵢ|/KSPACING⌉), Γ-centred.</summary>
    /// <param name="spacing">1/Å, with the factor 2π.</param>
    /// <param name="lattice">The cell.</param>
    public static KPointMesh BySpacing(double spacing, Lattice lattice)
    {
        Positive(spacing, "KPointSpacingInvalid", "The spacing of k-points");
        Matrix3x3 b = lattice.Reciprocal;
        return new(Count(b.Row1), Count(b.Row2), Count(b.Row3), GammaCentred: true);

        // A spacing that divides the edge exactly must not be rounded up by the last bit.
        int Count(Vector3D vector) => Limited(Math.Max(1, Math.Ceiling(2 * Math.PI * vector.Length / spacing * (1 - 1e-12))));
    }

    /// <summary>
    /// Whether the cell is hexagonal in pymatgen's sense: two right angles, one of 60° or 120° (within 5°), and equal lengths of the
    /// vectors that enclose it (within 0.01 Å).
    /// </summary>
    public static bool IsHexagonal(Lattice lattice)
    {
        Vector3D angles = lattice.Angles, lengths = lattice.Lengths;
        int[] right = [.. Enumerable.Range(0, 3).Where(i => Math.Abs(angles[i] - 90) < 5)];
        int hexagonal = Enumerable.Range(0, 3).Count(i => Math.Abs(angles[i] - 60) < 5 || Math.Abs(angles[i] - 120) < 5);
        return right.Length == 2 && hexagonal == 1 && Math.Abs(lengths[right[0]] - lengths[right[1]]) < 0.01;
    }

    private static bool IsFaceCentred(Structure structure) => CrystalOperations.Of(structure, CentringTolerance).IsFaceCentred;

    private static KPointMesh Explicit(KPointRule.Mesh mesh, Structure structure, Lattice lattice) => mesh.Divisions is [> 0 and var n1, > 0 and var n2, > 0 and var n3]
        ? new(n1, n2, n3, mesh.GammaCentred ?? (IsHexagonal(lattice) || IsFaceCentred(structure)))
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "KPointMeshInvalid", "A k mesh is three whole numbers of at least 1.", value: string.Join(", ", mesh.Divisions));

    private static int Divisions(double ratio) => Limited(Math.Floor(Math.Max(ratio, 1)));

    private static int Limited(double n) => n <= 10_000 ? (int)n
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "KPointMeshTooLarge", "The mesh would have more than 10000 divisions along one direction.", remedy: "Spacing is in 1/Å with the factor 2π (0.2 is fine), density in points per 1/Å³ (64 to 1000).");

    private static void Positive(double value, string errorId, string what)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, errorId, what + " must be a positive number.", value: value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
