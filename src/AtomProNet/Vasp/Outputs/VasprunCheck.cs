using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>Decides whether a calculation of a vasprun.xml is one frame, by what the file tells twice.</summary>
internal static class VasprunCheck
{
    /// <summary>The reason why the step is no frame; null where it is one.</summary>
    internal static LeftOutFrame? Reject(VasprunStep step, VasprunHeader header)
    {
        if (header.Error is { } error)
        {
            return new(step.Number, LeftOutReason.Damaged, error.ErrorId, error.Problem, step.Line);
        }

        if (!step.IsEnded)
        {
            return new(step.Number, LeftOutReason.CutOff, "FileEndsWithinStep", "The file ends within it.", step.Line);
        }

        if (step.Problems is [var problem, ..])
        {
            return new(step.Number, LeftOutReason.Damaged, problem.Code, problem.Message, problem.Line);
        }

        string? missing = !step.Energies.ContainsKey("e_fr_energy") ? "EnergyMissing" : step.Forces is null ? "ForcesMissing" : step.Structure is null ? "StructureMissing" : null;
        if (missing is not null)
        {
            return new(step.Number, LeftOutReason.Damaged, missing, $"Its {missing[..^7].ToLowerInvariant()} is missing.", step.Line);
        }

        return Energy(step, header.Settings) ?? Forces(step, header.Settings) ?? Stress(step) ?? Start(step, header);
    }

    /// <summary>
    /// The energies without entropy and for σ→0. Those of the calculation itself are wrong in VASP before 6.1 (they hold σ→0 and the
    /// entropy); those of the last electronic step are right but lack the dispersion correction: so F plus their differences.
    /// </summary>
    internal static (double? WithoutEntropy, double? SigmaToZero) OtherEnergies(VasprunStep step, VaspSettings settings)
    {
        if (!step.Electronic.TryGetValue("e_fr_energy", out PrintedNumber f) || !step.Electronic.TryGetValue("e_wo_entrp", out PrintedNumber e)
            || !step.Electronic.TryGetValue("e_0_energy", out PrintedNumber s) || !Agree(f, e, s, settings))
        {
            return (null, null);
        }

        double free = step.Energies["e_fr_energy"].Value;
        bool isSame = free == f.Value;
        return (isSame ? e.Value : free + (e.Value - f.Value), isSame ? s.Value : free + (s.Value - f.Value));
    }

    private static bool Agree(PrintedNumber f, PrintedNumber e, PrintedNumber s, VaspSettings settings) =>
        Math.Abs(f.Value + (e.Value - f.Value) / (settings.SmearingOrder + 2) - s.Value) <= (f.HalfUnit + e.HalfUnit + s.HalfUnit) * 1.001 + 1e-13 * Math.Abs(f.Value);

    // F is confirmed by the electronic loop, or by its companions in the calculation, right or in the order of the old versions.
    private static LeftOutFrame? Energy(VasprunStep step, VaspSettings settings)
    {
        PrintedNumber f = step.Energies["e_fr_energy"];
        bool confirmed = step.Electronic.TryGetValue("e_fr_energy", out PrintedNumber electronic) && Math.Abs(electronic.Value - f.Value) <= (electronic.HalfUnit + f.HalfUnit) * 1.001;
        if (!confirmed && step.Energies.TryGetValue("e_wo_entrp", out PrintedNumber e) && step.Energies.TryGetValue("e_0_energy", out PrintedNumber s))
        {
            // The old order: e_wo_entrp holds σ→0, e_0_energy holds F − E.
            double expected = f.Value - s.Value / (settings.SmearingOrder + 2);
            confirmed = Agree(f, e, s, settings) || Math.Abs(expected - e.Value) <= (f.HalfUnit + e.HalfUnit + s.HalfUnit) * 1.001 + 1e-13 * Math.Abs(f.Value);
        }

        // A machine-learned step has nothing but F.
        return confirmed || (step.ElectronicSteps == 0 && !step.Energies.ContainsKey("e_wo_entrp"))
            ? null
            : new(step.Number, LeftOutReason.Damaged, "EnergiesContradict", "Its free energy is confirmed neither by its companions nor by the electronic loop.", step.Line);
    }

    // VASP removes the drift from the forces; in molecular dynamics, and from a single atom, it stays in them, and the file does not tell it.
    private static LeftOutFrame? Forces(VasprunStep step, VaspSettings settings)
    {
        if (settings.IonicMotion is null or 0 || step.ElectronicSteps == 0 || step.Forces!.Length == 1)
        {
            return null;
        }

        Vector3D sum = Vector3D.Zero;
        foreach (Vector3D force in step.Forces)
        {
            sum += force;
        }

        double tolerance = 0.5 * Math.Pow(10, -step.ForceDecimals) * step.Forces.Length * 1.001 + 1e-7;
        return Math.Max(Math.Abs(sum.X), Math.Max(Math.Abs(sum.Y), Math.Abs(sum.Z))) <= tolerance
            ? null
            : new(step.Number, LeftOutReason.Damaged, "ForcesContradictDrift", "Its forces do not add up to nothing, though the run removes their drift.", step.ForcesLine);
    }

    private static LeftOutFrame? Stress(VasprunStep step)
    {
        if (step.Stress is not { } s)
        {
            return null;
        }

        // A loop that is far from convergence leaves a few hundredths of a kbar.
        double tolerance = 0.05 + 1e-3 * Math.Max(Math.Abs(s[0, 0]), Math.Max(Math.Abs(s[1, 1]), Math.Abs(s[2, 2])));
        return Math.Abs(s[0, 1] - s[1, 0]) <= tolerance && Math.Abs(s[0, 2] - s[2, 0]) <= tolerance && Math.Abs(s[1, 2] - s[2, 1]) <= tolerance
            ? null
            : new(step.Number, LeftOutReason.Damaged, "StressNotSymmetric", "Its stress is not symmetric.", step.Line);
    }

    private static LeftOutFrame? Start(VasprunStep step, VasprunHeader header)
    {
        XmlStructure own = step.Structure!;
        if (header.Start is not { } start)
        {
            return null;
        }

        if (step.Number == 1 || header.Settings.StressFlag is >= 0 and <= 2)
        {
            for (int i = 0; i < 3; i++)
            {
                Vector3D d = own.Rows[i] - start.Rows[i];
                if (Math.Max(Math.Abs(d.X), Math.Max(Math.Abs(d.Y), Math.Abs(d.Z))) > 1.5e-8)
                {
                    return new(step.Number, LeftOutReason.Damaged, "LatticeContradictsStart", "Its cell is not the starting one, though it cannot have changed.", step.Line);
                }
            }
        }

        for (int i = 0; step.Number == 1 && i < own.Fractional.Length; i++)
        {
            Vector3D d = own.Fractional[i] - start.Fractional[i];
            if (Off(d.X) || Off(d.Y) || Off(d.Z))
            {
                return new(step.Number, LeftOutReason.Damaged, "PositionsContradictStart", "It is the first step, but its positions are not the starting ones.", step.Line);
            }
        }

        return null;

        static bool Off(double x) => Math.Abs(x - Math.Round(x)) > 1.5e-8;
    }
}
