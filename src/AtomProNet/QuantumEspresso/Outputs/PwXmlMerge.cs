using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// Lays what the XML says about a step beside what the standard output says: where both are the same within the printed rounding,
/// the XML adds its digits. It never replaces a value, and it never fills a gap.
/// </summary>
internal sealed class PwXmlMerge
{
    /// <summary>The agreement that runs of different cells can have, too.</summary>
    internal const string Convergence = "convergence";

    private const double EightDecimals = 5.01e-9;
    private readonly List<string> agreements = [], disagreements = [];

    private PwXmlMerge()
    {
    }

    /// <summary>What is the same in both.</summary>
    internal IReadOnlyList<string> Agreements => agreements;

    /// <summary>What is not.</summary>
    internal IReadOnlyList<string> Disagreements => disagreements;

    /// <summary>The cell with the digits of the XML, Å.</summary>
    internal Lattice? Lattice { get; private set; }

    /// <summary>The positions with the digits of the XML, Å.</summary>
    internal ImmutableArray<Vector3D>? Positions { get; private set; }

    /// <summary>F, Ha.</summary>
    internal double? Energy { get; private set; }

    /// <summary>−TS, Ha.</summary>
    internal double? SmearingContribution { get; private set; }

    /// <summary>Ha/bohr; where a component is held and so zero in the XML, the printed one.</summary>
    internal Vector3D[]? Forces { get; private set; }

    /// <summary>Ha/bohr³, compression positive.</summary>
    internal Matrix3x3? Stress { get; private set; }

    /// <summary>Three per site, true where the component is free; null where nothing tells of held ones.</summary>
    internal bool[]? FreeComponents { get; private set; }

    /// <summary>The element of the XML that describes a step of the standard output; null where there is none.</summary>
    internal static PwXmlStep? Find(PwStep step, PwXmlDocument document)
    {
        if (step.IsFinalScf)
        {
            return document.OutputIsFinalScf ? document.Output : null;
        }

        if (document.Calculation == "scf")
        {
            return step.NumberInRun == 1 && document.OutputIsFrame ? document.Output : null;
        }

        PwXmlStep? found = document.Steps.Find(s => s.Number == step.NumberInRun);
        // The output of a relaxation that reached its goal repeats its last step, and adds the stress.
        return found is not null && document is { OutputIsFrame: true, Calculation: "relax", Output: { } output } && output.Energy is { } energy && energy.Equals(found.Energy) && found.Number == document.Steps.Max(s => s.Number)
            ? output
            : found;
    }

    /// <summary>Compares a step with its element.</summary>
    internal static PwXmlMerge Compare(PwStep step, PwXmlStep xml, PwXmlDocument document)
    {
        var merge = new PwXmlMerge();
        if (step.Geometry is { } geometry)
        {
            merge.CompareGeometry(geometry, xml);
        }

        if (step.Energy is not null && xml.Energy is { } energy)
        {
            double printed = step.ExactExchangeEnergy ?? step.Energy.Value;
            if (merge.Note("energy", Math.Abs((2 * energy) - printed) <= EightDecimals + (1e-13 * Math.Abs(printed))))
            {
                merge.Energy = energy;
                if (step.SmearingContribution is { } contribution && xml.SmearingContribution is { } demet && merge.Note("smearing contribution", Math.Abs((2 * demet) - contribution) <= EightDecimals))
                {
                    merge.SmearingContribution = demet;
                }
            }
        }

        if (step.Forces is { } forces && xml.Forces is { } exact)
        {
            bool[]? free = step.Run.FreeComponents ?? document.FreeComponents ?? InferFree(forces, exact, step.TotalForce);
            merge.FreeComponents = free;
            merge.CompareForces(forces, exact, free);
        }

        if (step.Stress is { } stress && xml.Stress is { } tensor)
        {
            double[] printed = stress.Rydberg.ToRowMajor(), digits = tensor.ToRowMajor();
            if (merge.Note("stress", printed.Zip(digits).All(p => Math.Abs(p.First - (2 * p.Second)) <= EightDecimals)))
            {
                merge.Stress = tensor;
            }
        }

        if (step.ConvergedIn is not null && xml.ScfConverged is { } converged)
        {
            merge.Note(Convergence, converged);
        }

        return merge;
    }

    /// <summary>
    /// An scf prints nowhere which components are held. They are zero in the XML though their forces are not, and are missing from
    /// the printed norm: where both say the same, they are held.
    /// </summary>
    private static bool[]? InferFree(Vector3D[] printed, Vector3D[] exact, double? norm)
    {
        if (norm is null || printed.Length != exact.Length)
        {
            return null;
        }

        var free = new bool[3 * printed.Length];
        double squares = 0;
        for (int i = 0; i < free.Length; i++)
        {
            double p = printed[i / 3][i % 3], x = exact[i / 3][i % 3];
            free[i] = x != 0 || p == 0;
            squares += free[i] ? p * p : 0;
        }

        if (!free.Contains(false) || Math.Abs(Math.Sqrt(squares) - norm.Value) > 5.5e-7 + (1e-8 * Math.Sqrt(free.Length)))
        {
            return null;
        }

        // A component that is zero by symmetry on a held atom is held with it.
        for (int site = 0; site < printed.Length; site++)
        {
            bool held = exact[site] == default && printed[site] != default;
            for (int axis = 0; axis < 3; axis++)
            {
                free[(3 * site) + axis] &= !held;
            }
        }

        return free;
    }

    private bool Note(string what, bool agrees)
    {
        (agrees ? agreements : disagreements).Add(what);
        return agrees;
    }

    private void CompareGeometry(PwGeometry geometry, PwXmlStep xml)
    {
        if (!xml.HasGeometry(geometry.Positions.Length))
        {
            Note("number of atoms", xml.Positions.Count == geometry.Positions.Length);
            return;
        }

        Lattice lattice;
        try
        {
            lattice = new(xml.Cell!.Value * PhysicalConstants.BohrInAngstrom);
        }
        catch (AtomProNetException)
        {
            Note("cell", false);
            return;
        }

        bool sameCell = Note("cell", geometry.Agrees(lattice, 0));
        bool sameLabels = geometry.Labels.SequenceEqual(xml.Labels, StringComparer.Ordinal);
        if (!sameLabels)
        {
            Note("labels", false);
        }

        var positions = ImmutableArray.CreateBuilder<Vector3D>(geometry.Positions.Length);
        bool samePositions = true;
        for (int i = 0; i < geometry.Positions.Length; i++)
        {
            Vector3D position = xml.Positions[i] * PhysicalConstants.BohrInAngstrom, d = position - geometry.Cartesian(i);
            double tolerance = geometry.Tolerance(i);
            samePositions &= Math.Abs(d.X) <= tolerance && Math.Abs(d.Y) <= tolerance && Math.Abs(d.Z) <= tolerance;
            positions.Add(position);
        }

        if (Note("positions", samePositions) && sameCell && sameLabels)
        {
            Lattice = lattice;
            Positions = positions.MoveToImmutable();
        }
    }

    private void CompareForces(Vector3D[] printed, Vector3D[] exact, bool[]? free)
    {
        bool same = printed.Length == exact.Length;
        var merged = new Vector3D[printed.Length];
        for (int i = 0; i < printed.Length && same; i++)
        {
            double[] components = new double[3];
            for (int axis = 0; axis < 3; axis++)
            {
                double p = printed[i][axis], x = exact[i][axis];
                bool held = x == 0 && free is not null && !free[(3 * i) + axis];
                same &= held || Math.Abs(p - (2 * x)) <= EightDecimals;
                components[axis] = held ? p / 2 : x;
            }

            merged[i] = new(components[0], components[1], components[2]);
        }

        if (Note("forces", same))
        {
            Forces = merged;
        }
    }
}
