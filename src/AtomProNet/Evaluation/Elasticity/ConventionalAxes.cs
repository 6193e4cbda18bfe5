using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>
/// Whether elastic constants are along the axes of handbooks (J. F. Nye, Physical Properties of Crystals, table 9): the main axis along z,
/// twofold axes or normals of mirrors at right angles to it along x, a monoclinic one along y or z. Along others C11 is another number.
/// </summary>
internal static class ConventionalAxes
{
    // What couples to shears apart from the constants' own names is zero there; the constants alone do not tell a turn about a threefold axis.
    private static readonly (LaueClass Class, string Names, string Dependent)[] Tables =
    [
        (LaueClass.Monoclinic, "C11 C12 C13 C22 C23 C33 C44 C55 C66 C15 C25 C35 C46", ""),
        (LaueClass.Monoclinic, "C11 C12 C13 C22 C23 C33 C44 C55 C66 C16 C26 C36 C45", ""),
        (LaueClass.Orthorhombic, "C11 C12 C13 C22 C23 C33 C44 C55 C66", ""),
        (LaueClass.TetragonalLow, "C11 C12 C13 C33 C44 C66 C16", "C26"),
        (LaueClass.TetragonalHigh, "C11 C12 C13 C33 C44 C66", ""),
        (LaueClass.TrigonalLow, "C11 C12 C13 C33 C44 C14 C15", "C24 C25 C46 C56"),
        (LaueClass.TrigonalHigh, "C11 C12 C13 C33 C44 C14", "C24 C56"),
        (LaueClass.TrigonalHigh, "C11 C12 C13 C33 C44 C15", "C25 C46"),
        (LaueClass.HexagonalLow, "C11 C12 C13 C33 C44", ""),
        (LaueClass.HexagonalHigh, "C11 C12 C13 C33 C44", ""),
        (LaueClass.CubicLow, "C11 C12 C44", ""),
        (LaueClass.CubicHigh, "C11 C12 C44", ""),
    ];

    /// <summary>Whether the constants are along such axes; a triclinic crystal has none that others are not as good as.</summary>
    internal static bool Has(ElasticConstants constants)
    {
        string names = string.Join(' ', constants.IndependentConstants);
        return constants.LaueClass is null or LaueClass.Triclinic || Tables.Any(t => t.Class == constants.LaueClass && t.Names == names && Couplings(constants, $"{t.Names} {t.Dependent}"));
    }

    private static bool Couplings(ElasticConstants constants, string allowed)
    {
        // A cell that stands off by rounding couples by less.
        double limit = 1e-3 * Math.Abs(constants.C11);
        for (int i = 0; i < 6; i++)
        {
            for (int j = Math.Max(i + 1, 3); j < 6; j++)
            {
                if (Math.Abs(constants.Stiffness[i, j]) > limit && !allowed.Contains(FormattableString.Invariant($"C{i + 1}{j + 1}"), StringComparison.Ordinal))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
