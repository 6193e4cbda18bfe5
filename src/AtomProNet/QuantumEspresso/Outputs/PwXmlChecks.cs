using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// What data-file-schema.xml says twice, where it is all that is left of a run: the first geometry, the end of a relaxation, the halves
/// of the stress, forces that pw.x makes sum to zero. Energies and later positions stand there once, and nothing confirms them.
/// </summary>
internal static class PwXmlChecks
{
    // Sixteen digits are printed; pw.x sums forces of up to some Ha/bohr.
    private const double ForceSum = 1e-9, Halves = 1e-12, Position = 1e-6;

    /// <summary>The first contradiction within one step; null where there is none.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isFirst">Whether its geometry is the one that the run was given.</param>
    /// <param name="document">The whole file.</param>
    internal static string? FindContradiction(PwXmlStep step, bool isFirst, PwXmlDocument document)
    {
        if (isFirst && document.Input.Positions.Count > 0 && !(SameCell(step, document.Input) && SamePositions(step, document.Input)))
        {
            return "The geometry of the first step is not the one that the run was given.";
        }

        // Zeros stand for the forces on held atoms, and then the others sum to something else.
        if (step.Forces is { } forces && !document.HasOuterForces && document.FreeComponents is null && !forces.Contains(default))
        {
            Vector3D sum = default;
            foreach (Vector3D force in forces)
            {
                sum += force;
            }

            if (sum.Length > ForceSum * forces.Length)
            {
                return "The forces do not sum to zero, as pw.x makes them.";
            }
        }

        if (step.Stress is { } s)
        {
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (Math.Abs(s[i, j] - s[j, i]) > Halves + (1e-9 * Math.Abs(s[i, j])))
                    {
                        return "The two halves of the stress disagree.";
                    }
                }
            }
        }

        return null;
    }

    /// <summary>What differs between two elements that describe one geometry; null where nothing does.</summary>
    internal static string? Difference(PwXmlStep a, PwXmlStep b) =>
        !a.Energy.Equals(b.Energy) ? "The energy of the last step is not the one that the run ended with."
        : !SameCell(a, b) || !SamePositions(a, b) ? "The geometry of the last step is not the one that the run ended with."
        : a.Forces is { } f && b.Forces is { } g && !f.AsSpan().SequenceEqual(g) ? "The forces of the last step are not those that the run ended with."
        : null;

    private static bool SameCell(PwXmlStep a, PwXmlStep b) =>
        a.Cell is { } one && b.Cell is { } two && one.ToRowMajor().Zip(two.ToRowMajor()).All(p => Math.Abs(p.First - p.Second) <= Position);

    private static bool SamePositions(PwXmlStep a, PwXmlStep b) =>
        a.Labels.SequenceEqual(b.Labels, StringComparer.Ordinal) && a.Positions.Count == b.Positions.Count && a.Positions.Zip(b.Positions).All(p => (p.First - p.Second).Length <= Position);
}
