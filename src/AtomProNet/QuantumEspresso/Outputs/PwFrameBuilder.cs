using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Judges steps and makes frames of those whose labels are certain.</summary>
/// <param name="file">The name of the output, for <see cref="FrameSource"/>.</param>
/// <param name="report">Takes what is left out and what is noticed.</param>
internal sealed class PwFrameBuilder(string file, CalculationReport report)
{
    private const double Ry = PhysicalConstants.RydbergInElectronvolt;
    private const double Ha = PhysicalConstants.HartreeInElectronvolt;
    private const double ForceUnit = PhysicalConstants.RydbergPerBohrInElectronvoltPerAngstrom;
    private const double StressUnit = PhysicalConstants.RydbergPerCubicBohrInElectronvoltPerCubicAngstrom;
    private PwRun? run;
    private bool hadForces, hadStress, hadXml;
    private Lattice? basis;
    private double? targetPressure;
    private DftMethod? method;
    private FrameDescent? descent;

    /// <summary>The frame of a step; null where it is left out, which the report then says.</summary>
    /// <param name="step">The step.</param>
    /// <param name="document">The XML of the same run; null where there is none.</param>
    internal Frame? Build(PwStep step, PwXmlDocument? document)
    {
        if (!ReferenceEquals(run, step.Run))
        {
            run = step.Run;
            hadForces = hadStress = hadXml = false;
            basis = null;
            targetPressure = null;
            method = null;
            descent = null;
        }

        if (step.HasOwnBasis || method is null)
        {
            method = PwMethod.Create(step.Run, document);
            basis = null;
        }

        foreach ((long line, string code, string message) in step.OtherEnergies)
        {
            report.Add(new LeftOutFrame(step.Number, code == "EnergyTwice" ? LeftOutReason.Damaged : LeftOutReason.Intermediate, code, message, line));
        }

        if (step is { ExactExchangeEnergy: not null, Energy: not null })
        {
            report.Add(new LeftOutFrame(step.Number, LeftOutReason.Intermediate, "EnergyWithinExactExchange", "The energy is one within the loop over exact exchange.", step.EnergyLine));
        }

        PwXmlMerge? merge = Compare(step, document);
        Lattice? lattice = merge?.Lattice ?? step.Geometry?.Lattice;
        basis = step.HasOwnBasis ? lattice : basis;
        if (FindObjection(step, merge?.FreeComponents ?? document?.FreeComponents) is { } objection)
        {
            report.Add(objection);
            return null;
        }

        targetPressure ??= PwStepChecks.TargetPressure(step);
        hadForces |= step.Forces is not null;
        hadStress |= step.Stress is not null;
        try
        {
            return Assemble(step, document, merge, lattice!);
        }
        catch (AtomProNetException e)
        {
            report.Add(new LeftOutFrame(step.Number, LeftOutReason.Damaged, e.ErrorId, e.Problem, step.Line));
            return null;
        }
    }

    private PwXmlMerge? Compare(PwStep step, PwXmlDocument? document)
    {
        if (document is null || PwXmlMerge.Find(step, document) is not { } element)
        {
            return null;
        }

        PwXmlMerge merge = PwXmlMerge.Compare(step, element, document);
        if (merge.Agreements.All(a => a == PwXmlMerge.Convergence) && !hadXml)
        {
            report.Add(new Finding(FindingSeverity.Information, "XmlOfAnotherRun", "The XML beside the output belongs to another run; it was not used.", report.File));
            return null;
        }

        hadXml = true;
        if (merge.Disagreements.Count > 0 && step.Problem is null)
        {
            string what = string.Join(", ", merge.Disagreements);
            report.Add(new Finding(FindingSeverity.Warning, "XmlDisagrees", FormattableString.Invariant($"Output and XML disagree at step {step.Number}: {what}."), report.File, "One of the two files is damaged or of another run; the frame was left out."));
            step.Damage("XmlDisagrees", $"Output and XML disagree: {what}.", step.Line);
        }

        return merge;
    }

    private LeftOutFrame? FindObjection(PwStep step, bool[]? freeInXml)
    {
        bool missesForces = step.Forces is null && (step.Run.MovesIons || hadForces);
        bool missesStress = step.Stress is null && (step.StressAnnounced || hadStress);
        bool unfinished = !step.IsClosed && !(hadForces == (step.Forces is not null) && hadStress == (step.Stress is not null) && (hadForces || hadStress) && step.ConvergedIn is not null && (step.Forces is null || step.TotalForce is not null));
        if (unfinished && step.NotConvergedAfter is null)
        {
            if (!step.IsPastScf && (step.Run.Events & (PwRunEvents.TimeLimit | PwRunEvents.StoppedByUser)) != 0)
            {
                return new(step.Number, LeftOutReason.NotConverged, "StoppedWithinScf", step.Run.Events.HasFlag(PwRunEvents.TimeLimit) ? "The run reached its time limit (max_seconds) within this self-consistency." : "The run was stopped within this self-consistency.", step.Line);
            }

            return new(step.Number, LeftOutReason.CutOff, "StepCutOff", "The output ends within this step.", step.Line);
        }

        if (step.Problem is { } problem)
        {
            return new(step.Number, LeftOutReason.Damaged, problem.Code, problem.Message, problem.Line);
        }

        if (step.NotConvergedAfter is { } count && step.Energy is null)
        {
            return new(step.Number, LeftOutReason.NotConverged, "NotConvergedWithoutEnergy", FormattableString.Invariant($"The self-consistency was not reached after {count} electronic steps, and no energy is printed."), step.Line);
        }

        if (step.Energy is null)
        {
            return new(step.Number, LeftOutReason.Damaged, "EnergyMissing", "No total energy is printed for this geometry.", step.Line);
        }

        if ((step.HasExactExchangeLoop || step.Run.ExactExchangeFraction > 0) && !step.ExactExchangeReached)
        {
            return new(step.Number, LeftOutReason.NotConverged, "ExactExchangeNotConverged", "The loop over exact exchange was not self-consistent.", step.EnergyLine);
        }

        if (step.ExactExchangeReached && step.ExactExchangeEnergy is null)
        {
            return new(step.Number, LeftOutReason.Damaged, "EnergyMissing", "The energy that the loop over exact exchange ended with cannot be found.", step.EnergyLine);
        }

        if (missesForces)
        {
            return new(step.Number, LeftOutReason.Damaged, "ForcesMissing", "No table of forces can be found.", step.EnergyLine);
        }

        if (missesStress)
        {
            return new(step.Number, LeftOutReason.Damaged, "StressMissing", "No stress can be found where one is announced.", step.EnergyLine);
        }

        return PwStepChecks.FindContradiction(step, freeInXml, targetPressure) is { } contradiction
            ? new(step.Number, LeftOutReason.Damaged, contradiction.Code, contradiction.Message, step.EnergyLine)
            : null;
    }

    private Frame Assemble(PwStep step, PwXmlDocument? document, PwXmlMerge? merge, Lattice lattice)
    {
        PwGeometry geometry = step.Geometry!;
        Element[] elements = step.Run.SiteElements() ?? throw new AtomProNetException(ErrorKind.InvalidData, "SpeciesUnknown", "A species label names no element, and its pseudopotential does not either.", value: string.Join(' ', geometry.Labels.Distinct()));
        var structure = new Structure(
            lattice,
            [.. elements],
            merge?.Positions ?? [.. geometry.Positions],
            merge?.Positions is null ? geometry.Kind : CoordinateKind.Cartesian,
            Periodicity.Full,
            SiteProperties(geometry.Labels, elements, step.Run.FreeComponents ?? merge?.FreeComponents ?? document?.FreeComponents, lattice));
        descent ??= FrameDescent.Of(report.File, structure, isStatic: !step.Run.MovesIons, report.Add);
        structure = structure.With(name: descent.StructureName, provenance: descent.Step(step.Number));
        double free = merge?.Energy is { } exact && step.ExactExchangeEnergy is null ? exact * Ha : (step.ExactExchangeEnergy ?? step.Energy!.Value) * Ry;
        double? entropyTerm = (merge?.SmearingContribution * Ha) ?? (step.SmearingContribution * Ry);
        // Fixed occupations and tetrahedra have no entropy; where a smearing is printed without its contribution, E is not known.
        bool hasNoEntropy = step.Run.Smearing is "Fixed" or "FromInput" or "TetrahedronBloechl" or "TetrahedronOptimized";
        double? withoutEntropy = entropyTerm is { } ts ? free - ts : hasNoEntropy ? free : null;
        return new(structure)
        {
            FreeEnergy = free,
            EnergyWithoutEntropy = withoutEntropy,
            EnergySigmaToZero = step.Run.Smearing == "Gaussian" && withoutEntropy is { } e ? (free + e) / 2 : null,
            Forces = Forces(step, merge),
            Stress = Stress(step, merge),
            MagneticMoments = step.SiteMoments is { } moments && moments.Iteration == step.ConvergedIn ? [.. moments.Moments] : null,
            MagneticMomentVectors = step.SiteMomentVectors is { } vectors && vectors.Iteration == step.ConvergedIn ? [.. vectors.Moments] : null,
            TotalMagneticMoment = step.TotalMagnetization ?? step.TotalMagnetizationVector?.Length,
            Temperature = step.Temperature,
            KineticEnergy = step.KineticEnergy * Ry,
            Origin = LabelOrigin.AbInitio,
            Convergence = Verdict(step, document),
            Method = method,
            BasisLattice = basis,
            ConfigType = descent.ConfigType,
            Source = new(file, step.Number),
            Information = Information(step),
        };
    }

    private static FrameConvergence Verdict(PwStep step, PwXmlDocument? document)
    {
        int? maximum = document?.MaximumElectronicSteps;
        if (step.NotConvergedAfter is { } count)
        {
            return new(ElectronicConvergence.NotConverged, FormattableString.Invariant($"The self-consistency was not reached after {count} electronic steps."), count, maximum);
        }

        if (step.ConvergedIn is not { } steps)
        {
            return new(ElectronicConvergence.Ambiguous, "The output does not say that the self-consistency was reached.", null, maximum);
        }

        return PwStepChecks.FindDoubt(step) is { } doubt
            ? new(ElectronicConvergence.Ambiguous, doubt, steps, maximum)
            : new(ElectronicConvergence.Converged, null, steps, maximum);
    }

    private static ImmutableArray<Vector3D>? Forces(PwStep step, PwXmlMerge? merge)
    {
        if (step.Forces is not { } printed)
        {
            return null;
        }

        (Vector3D[] forces, double unit) = merge?.Forces is { } exact ? (exact, 2 * ForceUnit) : (printed, ForceUnit);
        var result = ImmutableArray.CreateBuilder<Vector3D>(forces.Length);
        foreach (Vector3D f in forces)
        {
            result.Add(f * unit);
        }

        return result.MoveToImmutable();
    }

    private static StressTensor? Stress(PwStep step, PwXmlMerge? merge)
    {
        if (step.Stress is not { } stress)
        {
            return null;
        }

        return merge?.Stress is { } exact ? Stress(exact, -2 * StressUnit) : Stress(stress.Rydberg, -StressUnit);
    }

    /// <summary>A stress whose halves differ by no more than rounding.</summary>
    /// <param name="m">In the unit of the file.</param>
    /// <param name="unit">That unit in eV/Å³, negative where compression is positive.</param>
    internal static StressTensor Stress(Matrix3x3 m, double unit)
    {
        return new(Times(m[0, 0]), Times(m[1, 1]), Times(m[2, 2]), Mean(m[1, 2], m[2, 1]), Mean(m[0, 2], m[2, 0]), Mean(m[0, 1], m[1, 0]));

        double Mean(double a, double b) => Times(a.Equals(b) ? a : (a + b) / 2);

        // Zero stays +0.
        double Times(double value) => value == 0 ? 0 : value * unit;
    }

    /// <summary>Which components are held, and labels where they are no plain symbols.</summary>
    internal static ImmutableSortedDictionary<string, SiteProperty> SiteProperties(string[] labels, Element[] elements, bool[]? free, Lattice lattice)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, SiteProperty>(StringComparer.Ordinal);
        if (free is not null && free.Contains(false))
        {
            // selective_dynamics belongs to lattice vectors, pw.x's flags to x, y, z: the same for atoms that are held entirely, and in
            // cells along the axes.
            bool partly = Enumerable.Range(0, elements.Length).Any(i => free[3 * i] != free[(3 * i) + 1] || free[3 * i] != free[(3 * i) + 2]);
            bool alongAxes = Enumerable.Range(0, 9).All(i => i / 3 == i % 3 || lattice.Rows[i / 3, i % 3] == 0);
            properties[partly && !alongAxes ? "free_along_xyz" : "selective_dynamics"] = SiteProperty.Logical(3, [.. free]);
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != elements[i].Symbol)
            {
                properties["species_label"] = SiteProperty.Text(1, [.. labels]);
                break;
            }
        }

        return properties.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, object> Information(PwStep step)
    {
        var information = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        if (step.AbsoluteMagnetization is { } absolute)
        {
            information["absolute_magnetization"] = absolute;
        }

        if (step.SiteMoments is { Electrons: { } electrons } sites && sites.Iteration == step.ConvergedIn)
        {
            information[Frame.SphereElectronsKey] = electrons;
        }

        if (step.TotalMagnetizationVector is { } vector)
        {
            information["total_magnetization"] = new[] { vector.X, vector.Y, vector.Z };
        }

        return information.ToImmutable();
    }
}
