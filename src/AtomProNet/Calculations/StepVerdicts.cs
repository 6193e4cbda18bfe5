using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>The verdicts on the ionic steps of an output, by its frames and by what was left out of them.</summary>
internal static class StepVerdicts
{
    /// <summary>Reads an output to its end.</summary>
    internal static ImmutableArray<StepVerdict> Read(IFrameReader reader, CancellationToken cancellation)
    {
        var steps = new SortedDictionary<int, StepVerdict>();
        double? former = null;
        int formerStep = 0;
        foreach (Frame frame in reader.ReadFrames(cancellation))
        {
            if (frame.Origin == LabelOrigin.MachineLearned)
            {
                continue;
            }

            int step = frame.Source!.Step;
            double? energy = frame.FreeEnergy / frame.Structure.AtomCount;
            steps[step] = new(
                step,
                frame.Convergence.Electronic,
                frame.Convergence.ElectronicSteps,
                energy,
                step == formerStep + 1 ? energy - former : null,
                MeanForce(frame),
                frame.MaximumForce,
                frame.Stress?.Pressure * PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal,
                frame.BasisVolumeRatio,
                frame.Convergence.IsTrusted ? null : frame.Convergence.Reason);
            former = energy;
            formerStep = step;
        }

        foreach (LeftOutFrame left in reader.Report.LeftOut)
        {
            // Neither is a step of its own.
            if (left.Reason is LeftOutReason.MachineLearned or LeftOutReason.Intermediate)
            {
                continue;
            }

            bool isRepeated = left.Reason == LeftOutReason.Repeated;
            ElectronicConvergence electronic = isRepeated ? ElectronicConvergence.Converged : left.Reason == LeftOutReason.NotConverged ? ElectronicConvergence.NotConverged : ElectronicConvergence.Unknown;
            steps.TryAdd(left.Step, new(left.Step, electronic, null, null, null, null, null, null, null, isRepeated ? null : left.Message));
        }

        return [.. steps.Values];
    }

    private static double? MeanForce(Frame frame)
    {
        if (frame.Forces is not { Length: > 0 } forces)
        {
            return null;
        }

        double sum = 0;
        foreach (Vector3D force in forces)
        {
            sum += force.Length;
        }

        return sum / forces.Length;
    }
}
