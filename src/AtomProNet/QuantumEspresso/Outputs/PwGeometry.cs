using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>A cell and positions as printed, with the rounding of the print.</summary>
/// <param name="Lattice">The cell, Å.</param>
/// <param name="Positions">Fractions of the cell, or Å.</param>
/// <param name="Kind">Which of the two.</param>
/// <param name="Labels">The label of each site.</param>
/// <param name="LatticeRounding">Half of the last printed digit of a lattice component, Å.</param>
/// <param name="PositionRounding">Half of the last printed digit of a position, in its own unit.</param>
internal sealed record PwGeometry(Lattice Lattice, Vector3D[] Positions, CoordinateKind Kind, string[] Labels, double LatticeRounding, double PositionRounding)
{
    // Other releases of the code have other values of the bohr (0.529177, 0.52917720859, …) in what they convert to Å.
    private const double ConstantTolerance = 2e-8;

    /// <summary>The position of a site, Å.</summary>
    internal Vector3D Cartesian(int site) => Kind == CoordinateKind.Cartesian ? Positions[site] : Lattice.ToCartesian(Positions[site]);

    /// <summary>How far a true position can lie from what the printed digits say, Å along one axis.</summary>
    internal double Tolerance(int site)
    {
        Vector3D p = Positions[site];
        double largest = Math.Max(Math.Abs(p.X), Math.Max(Math.Abs(p.Y), Math.Abs(p.Z)));
        double rounding = Kind == CoordinateKind.Cartesian
            ? PositionRounding + (largest * ConstantTolerance)
            : (PositionRounding * (Lattice.A.Length + Lattice.B.Length + Lattice.C.Length)) + (3 * largest * LatticeRounding) + (Cartesian(site).Length * ConstantTolerance);
        return rounding + 1e-12;
    }

    /// <summary>Whether another lattice is the same within what both were rounded to.</summary>
    internal bool Agrees(Lattice other, double otherRounding)
    {
        double[] mine = Lattice.Rows.ToRowMajor(), theirs = other.Rows.ToRowMajor();
        for (int i = 0; i < 9; i++)
        {
            if (!(Math.Abs(mine[i] - theirs[i]) <= LatticeRounding + otherRounding + (Math.Abs(mine[i]) * ConstantTolerance) + 1e-12))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a site lies where another geometry has it, within what both were rounded to. Whole lattice vectors do not matter.</summary>
    internal bool Agrees(PwGeometry other)
    {
        if (Positions.Length != other.Positions.Length || !Agrees(other.Lattice, other.LatticeRounding))
        {
            return false;
        }

        for (int i = 0; i < Positions.Length; i++)
        {
            Vector3D d = Lattice.ToFractional(Cartesian(i) - other.Cartesian(i));
            d = Lattice.ToCartesian(new(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z)));
            double tolerance = Tolerance(i) + other.Tolerance(i) + (3 * LatticeRounding) + (3 * other.LatticeRounding);
            if (!(Math.Abs(d.X) <= tolerance && Math.Abs(d.Y) <= tolerance && Math.Abs(d.Z) <= tolerance))
            {
                return false;
            }
        }

        return true;
    }
}
