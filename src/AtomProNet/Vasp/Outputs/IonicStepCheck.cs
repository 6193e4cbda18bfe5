using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// Decides whether the blocks of an ionic step are one frame. VASP prints much of it twice in other words; wherever it does, both
/// must agree to the last printed digit, so that a damaged or misplaced number is found out.
/// </summary>
internal static class IonicStepCheck
{
    /// <summary>VASP's older constant differs by 4e-7.</summary>
    private const double StressConstant = 1e-6;

    /// <summary>The reason why the step is no frame; null where it is one.</summary>
    internal static LeftOutFrame? Reject(IonicStep step)
    {
        if (step.Header.Error is { } error)
        {
            return Because(step, LeftOutReason.Damaged, error.ErrorId, error.Problem, step.Line);
        }

        if (step.Problems is [var problem, ..] && (step.IsEnded || problem.Message.Contains("****", StringComparison.Ordinal)))
        {
            return Because(step, LeftOutReason.Damaged, problem.Code, problem.Message, problem.Line);
        }

        if (!step.IsEnded)
        {
            return Because(step, LeftOutReason.CutOff, "FileEndsWithinStep", "The file ends within it.", step.Line);
        }

        return Missing(step) ?? Untrained(step) ?? Energies(step) ?? Cell(step) ?? Stress(step) ?? Drift(step) ?? Start(step);
    }

    /// <summary>Whether F is confirmed by its two companions: σ→0 = F + (E − F)/(N + 2).</summary>
    internal static bool EnergiesAgree(IonicStep step)
    {
        if (step.FreeEnergy is not { } f || step.EnergyWithoutEntropy is not { } e || step.EnergySigmaToZero is not { } s)
        {
            return false;
        }

        int weight = step.Header.Settings.SmearingOrder + 2;
        double expected = f.Value + (e.Value - f.Value) / weight;
        return Math.Abs(expected - s.Value) <= (f.HalfUnit + e.HalfUnit + s.HalfUnit) * 1.001 + 1e-14 * Math.Abs(f.Value);
    }

    private static LeftOutFrame? Missing(IonicStep step)
    {
        if (step.FreeEnergy is null)
        {
            return Damaged(step, "EnergyMissing", "Its free energy is missing.");
        }

        if (step.Forces is null)
        {
            return Damaged(step, "ForcesMissing", "Its positions and forces are missing (with NWRITE 0 or 1 VASP leaves them out of most steps).");
        }

        return Lattice(step) is null ? Damaged(step, "LatticeMissing", "Its cell is missing, and the cell of this run may change.") : null;
    }

    // Until its first training a force field predicts zero for everything.
    private static LeftOutFrame? Untrained(IonicStep step) =>
        step.IsMachineLearned && step.FreeEnergy!.Value.Value == 0 && !step.Forces!.AsSpan().ContainsAnyExcept(Vector3D.Zero)
            ? Because(step, LeftOutReason.MachineLearned, "ForceFieldUntrained", "The force field had learned nothing yet: its energy and forces are zero.", step.Line)
            : null;

    /// <summary>The cell of the step; where it is not printed, the starting one, if it cannot change (ISIF 0, 1, 2).</summary>
    internal static LatticeBlock? Lattice(IonicStep step) =>
        step.Lattice ?? (step.Header.Settings.StressFlag is >= 0 and <= 2 && !step.IsMachineLearned ? step.Header.StartingLattice : null);

    private static LeftOutFrame? Energies(IonicStep step)
    {
        // With some dispersion corrections the companions are no such numbers, with others the electronic loop lacks the correction:
        // one of the two confirms F, or nothing does.
        PrintedNumber f = step.FreeEnergy!.Value;
        bool isConfirmed = step.LastElectronicEnergy is { } electronic && Math.Abs(electronic.Value - f.Value) <= (electronic.HalfUnit + f.HalfUnit) * 1.001;
        if (!EnergiesAgree(step))
        {
            return isConfirmed ? null : Damaged(step, "EnergiesContradict", "Its free energy, its energy without entropy and the one for σ→0 contradict each other, and the electronic loop does not confirm it.");
        }

        // Three energies that agree can still be those of another step. Where the loop's last energy was not printed, it proves nothing.
        bool isLoopWhole = !step.IsMachineLearned && step.LastElectronicEnergy is not null && step.ElectronicEnergies == step.ElectronicSteps;
        return isConfirmed || !isLoopWhole || !step.Header.Settings.IsWithoutDispersion
            ? null
            : Damaged(step, "EnergyContradictsLoop", "Its energies are not the one that its electronic loop ended with.");
    }

    private static LeftOutFrame? Cell(IonicStep step)
    {
        LatticeBlock lattice = Lattice(step)!;
        if (step.Header.StartingLattice is not { } start || lattice.IsSame(start))
        {
            return null;
        }

        bool mayChange = step.Header.Settings.StressFlag is null or > 2 && (step.PrintedNumber > 1 || step.IsMachineLearned);
        return mayChange || (step.IsMachineLearned && step.PrintedNumber > 1)
            ? null
            : Because(step, LeftOutReason.Damaged, "LatticeContradictsStart", "Its cell is not the starting one, though it cannot have changed.", lattice.Line);
    }

    private static LeftOutFrame? Stress(IonicStep step)
    {
        if (step.StressKilobar is not { } kilobar || step.StressTotal is not { } total)
        {
            return null;
        }

        double toKilobar = PhysicalConstants.ElectronvoltPerCubicAngstromInKilobar / Math.Abs(Lattice(step)!.Rows.Determinant);
        double rounding = (0.5 * Math.Pow(10, -step.StressTotalDecimals) * toKilobar + 0.5 * Math.Pow(10, -step.StressDecimals)) * 1.001;
        for (int i = 0; i < 6; i++)
        {
            if (Math.Abs(total[i] * toKilobar - kilobar[i]) > rounding + StressConstant * Math.Abs(kilobar[i]))
            {
                return Damaged(step, "StressContradicts", "Its stress in kB contradicts the one in eV with its cell.");
            }
        }

        return null;
    }

    // VASP removes the drift from the forces, or leaves it in them (molecular dynamics): they add up to nothing or to the drift.
    private static LeftOutFrame? Drift(IonicStep step)
    {
        Vector3D sum = Vector3D.Zero;
        foreach (Vector3D force in step.Forces!)
        {
            sum += force;
        }

        double tolerance = 0.5e-6 * (step.Forces.Length + 1) * 1.001 + 1e-9;
        return Largest(sum) <= tolerance || (step.Drift is { } drift && Largest(sum - drift) <= tolerance)
            ? null
            : Because(step, LeftOutReason.Damaged, "ForcesContradictDrift", "Its forces add up neither to nothing nor to the printed drift.", step.ForcesLine);
    }

    // The header has the first geometry with eight decimals.
    private static LeftOutFrame? Start(IonicStep step)
    {
        if (step.PrintedNumber != 1 || step.Header.StartingPositions is not { } start)
        {
            return null;
        }

        var lattice = new Lattice(Lattice(step)!.Rows);
        return GeometryDigits.IsSame(lattice, start, step.Positions!, 0.5e-5 + 0.5e-8)
            ? null
            : Because(step, LeftOutReason.Damaged, "PositionsContradictStart", "It is the first step, but its positions are not the starting ones.", step.ForcesLine);
    }

    private static double Largest(Vector3D v) => Math.Max(Math.Abs(v.X), Math.Max(Math.Abs(v.Y), Math.Abs(v.Z)));

    private static LeftOutFrame Damaged(IonicStep step, string code, string message) => Because(step, LeftOutReason.Damaged, code, message, step.Line);

    private static LeftOutFrame Because(IonicStep step, LeftOutReason reason, string code, string message, long line) => new(step.Number, reason, code, message, line);
}
