using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Crystals without forces, whose neighbours nobody can ask (see <see cref="LatticeOrientationCheck"/>): a lattice that is transposed has lost
/// the symmetry of its crystal, which stress and forces still have. Where the transposed structure has at least twice the operations and the
/// labels keep all of them, rows and columns were exchanged.
/// </summary>
internal sealed class LatticeSymmetryCheck : ICheck
{
    private const double Asymmetry = 0.1;
    // Shares of the largest component, and what printing and relaxation leave.
    private const double Relative = 1e-3, LargestForce = 20, StressRest = 0.1 / PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal, ForceRest = 0.02;
    private const int MostAtoms = 64, LooksPerFormula = 40, MostFormulas = 256;

    private readonly Dictionary<string, int> looks = new(StringComparer.Ordinal);
    private readonly FrameTally transposed = new();
    private string? file;

    public void Add(CheckedFrame f)
    {
        // One frame a file: the first of a run is the one that may still be a crystal.
        string? source = f.Frame.Source?.File;
        bool isFirst = source is null || source != file;
        file = source;
        if (!isFirst || f.Frame.Stress is not { } stress || f.Structure.Lattice is not { } lattice || !f.Structure.Periodicity.All || f.Atoms > MostAtoms || f.IsIsolatedAtom || f.Frame.MaximumForce > LargestForce
            || (lattice.Rows - lattice.Rows.Transpose()).ToRowMajor().Max(Math.Abs) < Asymmetry)
        {
            return;
        }

        string formula = f.Structure.Composition.Formula;
        int seen = looks.GetValueOrDefault(formula);
        if (seen >= LooksPerFormula || (seen == 0 && looks.Count >= MostFormulas))
        {
            return;
        }

        looks[formula] = seen + 1;
        Lattice turned = new(lattice.Rows.Transpose());
        int own = Operations(f.Structure)?.OperationCount ?? int.MaxValue;
        foreach (CoordinateKind kind in (ReadOnlySpan<CoordinateKind>)[CoordinateKind.Fractional, CoordinateKind.Cartesian])
        {
            Structure candidate = f.Structure.With(lattice: turned, positions: kind == CoordinateKind.Fractional ? f.Structure.FractionalPositions : f.Structure.CartesianPositions, kind: kind);
            if (Operations(candidate) is { } symmetry && symmetry.OperationCount >= 2 * own && Keeps(candidate, symmetry, stress, f.Frame))
            {
                transposed.Add(f, FormattableString.Invariant($"{own} operations of symmetry as it stands, {symmetry.OperationCount} transposed, and the labels keep all of them"));
                return;
            }
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() => transposed.ToFinding(
        FindingSeverity.Error,
        "LatticeTransposed",
        $"In {transposed.Count} files the lattice has lost a symmetry that stress and forces have, and has it again when it is transposed.",
        "The rows of a lattice are a, b and c: rows and columns were exchanged by what wrote it. Read the outputs again.");

    private static CrystalSymmetry? Operations(Structure structure)
    {
        try
        {
            return CrystalSymmetry.Find(structure);
        }
        catch (AtomProNetException)
        {
            // Atoms that lie in each other are another rule's.
            return null;
        }
    }

    private static bool Keeps(Structure structure, CrystalSymmetry symmetry, StressTensor stress, Frame frame)
    {
        SymmetryBasis basis = SymmetryBasis.Of(structure);
        double stressTolerance = Relative * stress.ToVoigt().Max(Math.Abs) + StressRest, forceTolerance = Relative * (frame.MaximumForce ?? 0) + ForceRest;
        Matrix3x3 sigma = stress.ToMatrix();
        for (int k = 0; k < symmetry.Rotations.Length; k++)
        {
            // r′ = r·R for Cartesian rows; σ′ = Rᵀ·σ·R.
            Matrix3x3 rotation = basis.Inverse * symmetry.Rotations[k].Rotation.ToMatrix() * basis.Rows;
            if ((rotation.Transpose() * sigma * rotation - sigma).ToRowMajor().Max(Math.Abs) > stressTolerance)
            {
                return false;
            }

            var permutation = symmetry.Generators[symmetry.Translations.Length + k];
            for (int i = 0; frame.Forces is { } forces && i < forces.Length; i++)
            {
                if ((forces[i] * rotation - forces[permutation[i]]).Length > forceTolerance)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
