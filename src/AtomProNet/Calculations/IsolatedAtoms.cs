using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// Single atoms in a box: their energies are the zero that a potential counts from (MACE's E0). The edges are unequal, so that the
/// open shells of the atom are not held in the symmetry of a cube.
/// </summary>
public static class IsolatedAtoms
{
    /// <summary>The <see cref="Provenance.Operation"/> of such a structure, and the <c>config_type</c> of its frame.</summary>
    public const string Operation = "IsolatedAtom";

    /// <summary>The shortest edge that is allowed, Å.</summary>
    public const double MinimumEdge = 12;

    // Farther apart than this, an atom and its own images do not feel each other (the usual boxes for isolated atoms are larger).
    private const double IsolationDistance = 8;

    // Unpaired electrons (2S) of the neutral atoms' ground terms, hydrogen to oganesson: NIST Atomic Spectra Database, ground levels;
    // beyond No the configurations by Hund's rule. Ce has two electrons in open shells (4f 5d, coupled to a singlet); Hund's rule gives 2.
    private static readonly int[] Unpaired =
    [
        1, 0, // H He
        1, 0, 1, 2, 3, 2, 1, 0, // Li … Ne
        1, 0, 1, 2, 3, 2, 1, 0, // Na … Ar
        1, 0, 1, 2, 3, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, // K … Kr
        1, 0, 1, 2, 5, 6, 5, 4, 3, 0, 1, 0, 1, 2, 3, 2, 1, 0, // Rb … Xe
        1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 5, 4, 3, 2, 1, 0, 1, // Cs … Lu
        2, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, // Hf … Rn
        1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 5, 4, 3, 2, 1, 0, 1, // Fr … Lr
        2, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, // Rf … Og
    ];

    /// <summary>The number of unpaired electrons of the free atom: its magnetic moment by Hund's first rule, μ_B.</summary>
    public static int UnpairedElectrons(Element element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return Unpaired[element.Number - 1];
    }

    /// <summary>One atom in the middle of a box of edges L, L + 1 and L + 2 Å.</summary>
    /// <param name="element">The element.</param>
    /// <param name="edge">The shortest edge L, Å; at least <see cref="MinimumEdge"/>.</param>
    /// <exception cref="AtomProNetException">The box is too small.</exception>
    public static Structure Create(Element element, double edge = MinimumEdge)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (!(edge >= MinimumEdge && edge <= 100))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "BoxTooSmall", "The box of an isolated atom has edges of 12 to 100 Å.", value: edge.ToString(CultureInfo.InvariantCulture), remedy: "In a smaller box the atom feels its images.");
        }

        int moment = UnpairedElectrons(element);
        var parameters = new Dictionary<string, string>
        {
            ["element"] = element.Symbol,
            ["edge"] = edge.ToString("R", CultureInfo.InvariantCulture),
            ["unpaired_electrons"] = moment.ToString(CultureInfo.InvariantCulture),
        };
        return new(
            new Lattice(Matrix3x3.Diagonal(edge, edge + 1, edge + 2)),
            [element],
            [new(0.5, 0.5, 0.5)],
            CoordinateKind.Fractional,
            siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal).Add("magmom", SiteProperty.Real(1, [moment])),
            name: "atom_" + element.Symbol,
            provenance: Provenance.Root(Operation, "atom:" + element.Symbol, parameters));
    }

    /// <summary>Whether a structure is a single atom that feels nothing: without periodic boundaries, or 8 Å and more away from its images.</summary>
    public static bool IsIsolated(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure.AtomCount != 1)
        {
            return false;
        }

        if (structure.Lattice is not { } lattice || !structure.Periodicity.Any)
        {
            return true;
        }

        // Vectors among the nearest 124 cells: enough for any cell that people put an atom into, however skewed.
        for (int i = -2; i <= 2; i++)
        {
            for (int j = -2; j <= 2; j++)
            {
                for (int k = -2; k <= 2; k++)
                {
                    bool repeats = (i != 0 || j != 0 || k != 0)
                        && (i == 0 || structure.Periodicity.A) && (j == 0 || structure.Periodicity.B) && (k == 0 || structure.Periodicity.C);
                    if (repeats && lattice.ToCartesian(new(i, j, k)).Length < IsolationDistance)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }
}
