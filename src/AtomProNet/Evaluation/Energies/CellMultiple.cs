using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation.Energies;

/// <summary>How many cells of the perfect crystal a defect's cell holds.</summary>
internal static class CellMultiple
{
    // A defect's cell may have been relaxed, or the crystal's lattice constants rounded.
    private const double MaximumStrain = 0.05;

    /// <summary>The whole-number matrix T of L_defect = T·L_perfect, up to a small strain; its determinant is the number of cells.</summary>
    /// <returns>The number of cells, and the largest strain component that is left.</returns>
    /// <exception cref="AtomProNetException">The lattices are no multiples of each other.</exception>
    internal static (int Cells, double Strain) Of(Structure defect, Structure perfect)
    {
        if (defect.Lattice is not { } large || perfect.Lattice is not { } small || !defect.Periodicity.All || !perfect.Periodicity.All)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "LatticeMissing", "The defect and the perfect crystal must both repeat along all three vectors.");
        }

        Matrix3x3 exact = large.Rows * small.Inverse();
        Matrix3x3 whole = Matrix3x3.FromRowMajor([.. exact.ToRowMajor().Select(x => Math.Round(x))]);
        double cells = Math.Abs(whole.Determinant);
        double strain = cells < 0.5 ? double.PositiveInfinity : (whole.Inverse() * exact - Matrix3x3.Identity).ToRowMajor().Max(Math.Abs);
        return strain <= MaximumStrain
            ? ((int)Math.Round(cells), strain)
            : throw new AtomProNetException(
                ErrorKind.InvalidData,
                "CellsNotCommensurate",
                "The cell of the defect is no supercell of the perfect crystal's.",
                value: string.Create(CultureInfo.InvariantCulture, $"{large} against {small}"),
                remedy: "Give the perfect crystal in the same orientation, as the cell that the supercell was made from or as that supercell.");
    }
}
