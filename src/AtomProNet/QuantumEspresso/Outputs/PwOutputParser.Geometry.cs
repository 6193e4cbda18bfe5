using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>New geometries: they are printed after the step that they follow from, and belong to the next one.</summary>
internal sealed partial class PwOutputParser
{
    private (Lattice Lattice, double Rounding)? nextCell;
    private double? nextVolume;
    private bool cellAnnounced;

    private bool DispatchGeometry(ReadOnlySpan<byte> t)
    {
        switch (t[0])
        {
            case (byte)'n' when t.StartsWith("new unit-cell volume ="u8) && t.IndexOf("a.u.^3"u8) > 0:
                CloseStep();
                run!.MovesCell = cellAnnounced = true;
                nextVolume = TryFixed(t, 5, out double volume, out _) ? volume : null;
                return true;
            case (byte)'C' when t.StartsWith("CELL_PARAMETERS"u8):
                CloseStep();
                ReadCell(t);
                return true;
            case (byte)'A' when t.StartsWith("ATOMIC_POSITIONS ("u8):
                CloseStep();
                ReadPositions(t);
                return true;
            case (byte)'A' when t.StartsWith("ATOMIC_POSITIONS"u8) && !t.StartsWith("ATOMIC_POSITIONS:"u8):
                CloseStep();
                nextProblem = ("GeometryDamaged", "The new positions are printed without their unit.", reader.LineNumber);
                return true;
            case (byte)'F' when t.StartsWith("Final scf calculation at the relaxed structure"u8):
            case (byte)'A' when t.StartsWith("A final scf calculation at the relaxed structure"u8):
                CloseStep();
                finalScfAnnounced = true;
                return true;
            case (byte)'b' when t.StartsWith("by performing a new scf iteration"u8):
                CloseStep();
                sameGeometryAgain = true;
                return true;
            default:
                return false;
        }
    }

    private void ReadCell(ReadOnlySpan<byte> header)
    {
        run!.MovesCell = cellAnnounced = true;
        nextCell = null;
        long line = reader.LineNumber;
        double? unit = CellUnit(header);
        Span<double> rows = stackalloc double[9];
        int decimals = 0;
        for (int i = 0; i < 3; i++)
        {
            if (!reader.Read())
            {
                return;
            }

            ReadOnlySpan<byte> numbers = reader.Line;
            decimals = i == 0 ? FixedDecimals.CountDecimals(numbers) : decimals;
            if (decimals is < 6 or > 12 || !FixedDecimals.TryTake(ref numbers, decimals, rows.Slice(3 * i, 3)) || !FixedDecimals.IsBlank(numbers))
            {
                nextProblem ??= ("GeometryDamaged", FormattableString.Invariant($"Row {i + 1} of the new cell cannot be read."), reader.LineNumber);
                return;
            }
        }

        if (unit is not { } scale)
        {
            nextProblem ??= ("GeometryDamaged", "The new cell is printed in a unit that is not known.", line);
            return;
        }

        if (TryLattice(Matrix3x3.FromRowMajor(rows) * scale, line) is not { } lattice)
        {
            return;
        }

        double rounding = 0.5 * Math.Pow(10, -decimals) * scale;
        const double CubicBohr = PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom * PhysicalConstants.BohrInAngstrom;
        double volume = lattice.Volume / CubicBohr;
        double tolerance = 6e-6 + (3e-8 * volume) + (VolumeError(lattice, rounding) / CubicBohr);
        if (nextVolume is { } printed && Math.Abs(printed - volume) > tolerance)
        {
            nextProblem ??= ("GeometryDamaged", "The new cell does not have the volume that is printed with it.", line);
            return;
        }

        nextCell = (lattice, rounding);
    }

    /// <summary>How far the volume can be off for cell components that are rounded.</summary>
    private static double VolumeError(Lattice lattice, double rounding) =>
        3 * rounding * (Vector3D.Cross(lattice.B, lattice.C).Length + Vector3D.Cross(lattice.C, lattice.A).Length + Vector3D.Cross(lattice.A, lattice.B).Length);

    private Lattice? TryLattice(Matrix3x3 rows, long line)
    {
        try
        {
            return new Lattice(rows);
        }
        catch (AtomProNetException e)
        {
            nextProblem ??= ("GeometryDamaged", e.Problem, line);
            return null;
        }
    }

    /// <summary>Å per unit.</summary>
    private double? CellUnit(ReadOnlySpan<byte> header)
    {
        if (header.IndexOf("(angstrom)"u8) >= 0)
        {
            return 1;
        }

        if (header.IndexOf("(bohr)"u8) >= 0)
        {
            return PhysicalConstants.BohrInAngstrom;
        }

        int at = header.IndexOf("(alat="u8);
        ReadOnlySpan<byte> number = at < 0 ? default : header[(at + "(alat="u8.Length)..];
        int end = number.IndexOf((byte)')');
        number = end < 0 ? default : number[..end];
        if (!FixedDecimals.TryTake(ref number, 8, out double alat) || !FixedDecimals.IsBlank(number))
        {
            return header.IndexOf("(alat)"u8) >= 0 ? run!.Alat * PhysicalConstants.BohrInAngstrom : null;
        }

        // The six decimals of celldm(1) are the same number.
        return run!.Alat is { } known && Math.Abs(known - alat) > 1e-6 ? null : alat * PhysicalConstants.BohrInAngstrom;
    }

    private void ReadPositions(ReadOnlySpan<byte> header)
    {
        long line = reader.LineNumber;
        (Lattice Lattice, double Rounding)? cell = nextCell;
        bool needsCell = run!.MovesCell || cellAnnounced;
        nextCell = null;
        nextVolume = null;
        cellAnnounced = false;
        nextGeometry = null;
        if (run.AtomCount is not { } count)
        {
            nextProblem ??= ("GeometryDamaged", "The summary at the beginning of the run cannot be read.", line);
            return;
        }

        // Some builds of 6.2 print the geometry within the summary, before the sites.
        string?[] labels = run.SiteLabels ?? new string?[count];
        (CoordinateKind Kind, double Scale)? unit = PositionUnit(header);
        var positions = new Vector3D[count];
        bool[]? free = null;
        int decimals = 0;
        Span<double> xyz = stackalloc double[3];
        for (int i = 0; i < count; i++)
        {
            if (!reader.Read())
            {
                nextProblem ??= ("GeometryCut", "The file ends within the new positions.", line);
                return;
            }

            if (!TryPosition(reader.Line, ref labels[i], i, ref decimals, xyz, ref free, count))
            {
                nextProblem ??= ("GeometryDamaged", FormattableString.Invariant($"The new position of atom {i + 1} cannot be read."), reader.LineNumber);
                return;
            }

            positions[i] = new(xyz[0], xyz[1], xyz[2]);
        }

        if (unit is not { } u)
        {
            nextProblem ??= ("GeometryDamaged", "The new positions are printed in a unit that is not known.", line);
            return;
        }

        run.FreeComponents = free ?? run.FreeComponents;
        if (cell is null && !needsCell && (lastGeometry ?? SummaryGeometryOrNull()) is { } former)
        {
            cell = (former.Lattice, former.LatticeRounding);
        }

        if (cell is not { } c)
        {
            nextProblem ??= ("GeometryDamaged", "The new positions are printed without the cell that moves with them.", line);
            return;
        }

        if (u.Scale != 1)
        {
            for (int i = 0; i < count; i++)
            {
                positions[i] *= u.Scale;
            }
        }

        nextGeometry = nextProblem is null ? new(c.Lattice, positions, u.Kind, labels!, c.Rounding, 0.5 * Math.Pow(10, -decimals) * u.Scale) : null;
    }

    private PwGeometry? SummaryGeometryOrNull() => summaryGeometry ?? SummaryGeometry(out _);

    private (CoordinateKind Kind, double Scale)? PositionUnit(ReadOnlySpan<byte> header)
    {
        if (header.IndexOf("(crystal)"u8) >= 0)
        {
            return (CoordinateKind.Fractional, 1);
        }

        if (header.IndexOf("(angstrom)"u8) >= 0)
        {
            return (CoordinateKind.Cartesian, 1);
        }

        if (header.IndexOf("(bohr)"u8) >= 0)
        {
            return (CoordinateKind.Cartesian, PhysicalConstants.BohrInAngstrom);
        }

        return header.IndexOf("(alat)"u8) >= 0 && run!.Alat is { } alat ? (CoordinateKind.Cartesian, alat * PhysicalConstants.BohrInAngstrom) : null;
    }

    private static bool TryPosition(ReadOnlySpan<byte> row, ref string? label, int site, ref int decimals, Span<double> xyz, ref bool[]? free, int count)
    {
        var fields = new Utf8Fields(row);
        if (!fields.TryRead(out ReadOnlySpan<byte> name) || (label is not null && !IsLabel(name, label)))
        {
            return false;
        }

        label ??= Utf8Fields.ToText(name);

        ReadOnlySpan<byte> numbers = fields.Rest;
        decimals = site == 0 ? FixedDecimals.CountDecimals(numbers) : decimals;
        if (decimals is < 6 or > 12 || !FixedDecimals.TryTake(ref numbers, decimals, xyz))
        {
            return false;
        }

        if (FixedDecimals.IsBlank(numbers))
        {
            return true;
        }

        // 0 for a component that is held, 1 for one that is free; rows of free atoms have none.
        var flags = new Utf8Fields(numbers);
        if (free is null)
        {
            free = new bool[3 * count];
            Array.Fill(free, true);
        }

        for (int axis = 0; axis < 3; axis++)
        {
            if (!flags.TryRead(out ReadOnlySpan<byte> flag) || !Utf8Number.TryParseInteger(flag, out long value))
            {
                return false;
            }

            free[(3 * site) + axis] = value != 0;
        }

        return !flags.TryRead(out _);
    }

    private static bool IsLabel(ReadOnlySpan<byte> name, string label)
    {
        if (name.Length != label.Length)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != label[i])
            {
                return false;
            }
        }

        return true;
    }
}
