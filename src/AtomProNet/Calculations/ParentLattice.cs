using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// The cell that a series started from, recovered from the provenance of one of its members: strains are undone (a = a′·(I + ε)⁻¹),
/// displacements leave the cell alone. One k mesh made from it serves the whole series.
/// </summary>
public static class ParentLattice
{
    /// <summary>The cell of the structure that opened the group; the structure's own where it has no such ancestor.</summary>
    /// <exception cref="AtomProNetException">There is no cell, or the way back cannot be known (a cell that was changed at random, a damaged provenance).</exception>
    public static Lattice Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        Lattice lattice = structure.Lattice ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "A structure without a cell has no parent lattice.", value: structure.ToString());
        for (Provenance? step = structure.Provenance; step is not null; step = step.Parent)
        {
            switch (step.Operation)
            {
                case "Strain":
                    lattice = Undo(lattice, step);
                    break;
                case ConvergenceSetting.Operation:
                case "Rattle" when !ChangesCell(step):
                    break;
                case "Rattle":
                    throw Unknown(step, "its cell was changed at random");
                default:
                    return lattice;
            }
        }

        return lattice;
    }

    private static Lattice Undo(Lattice lattice, Provenance step)
    {
        if (!step.Parameters.TryGetValue("voigt", out string? text))
        {
            throw Unknown(step, "its strain is not recorded");
        }

        var e = new double[6];
        string[] parts = text.Split(' ');
        for (int i = 0; i < 6; i++)
        {
            if (parts.Length != 6 || !double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out e[i]) || !double.IsFinite(e[i]))
            {
                throw Unknown(step, $"its strain '{text}' cannot be read");
            }
        }

        if (e.All(x => x == 0))
        {
            return lattice;
        }

        // Voigt's shear entries are engineering strains, twice the entries of the tensor.
        var deformation = new Matrix3x3(new(1 + e[0], e[5] / 2, e[4] / 2), new(e[5] / 2, 1 + e[1], e[3] / 2), new(e[4] / 2, e[3] / 2, 1 + e[2]));
        return deformation.Determinant > 0 ? new Lattice(lattice.Rows * deformation.Inverse()) : throw Unknown(step, $"its strain '{text}' leaves no cell");
    }

    private static bool ChangesCell(Provenance step) => step.Parameters.Any(p =>
        p.Key.Contains("cell", StringComparison.OrdinalIgnoreCase)
        && !(double.TryParse(p.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double amount) && amount == 0));

    private static AtomProNetException Unknown(Provenance step, string why) =>
        new(ErrorKind.NotSupported, "ParentLatticeUnknown", $"The cell that the series started from cannot be recovered: {why}.", value: step.ToString(), remedy: "Give the mesh itself with -KPointMesh.");
}
