using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>
/// Frames that belong to one crystal and were labelled in one way: what an equation of state or elastic constants are fitted to.
/// Immutable.
/// </summary>
/// <param name="Name">The group that the frames descend from, else their formula.</param>
/// <param name="Frames">The frames, in the order in which they came.</param>
/// <param name="Findings">What was left out, and why.</param>
public sealed record FrameSeries(string Name, ImmutableArray<Frame> Frames, ImmutableArray<Finding> Findings)
{
    // Two frames of unknown descent are of one crystal where no atom of the one lies farther than this from its place in the other,
    // in fractions of the cell, and the cells differ by no more than a factor of two.
    private const double SamePlace = 0.05, SameCell = 2;

    /// <summary>
    /// Puts frames together: by the group in their provenance; where nobody told one, by what they look like (the same atoms in the same
    /// order at nearly the same fractional coordinates). Never two formulas, and never labels of DFT with labels of a model. Frames
    /// that are not converged, were labelled by a force field inside DFT, or belong to molecular dynamics are left out, and a finding
    /// says so. Series come in the order of their first frames.
    /// </summary>
    public static ImmutableArray<FrameSeries> Split(IEnumerable<Frame> frames)
    {
        var all = new List<Draft>();
        var told = new Dictionary<(string, string, bool), Draft>();
        foreach (Frame frame in frames)
        {
            string formula = frame.Structure.Composition.Formula;
            bool isPredicted = frame.Origin == LabelOrigin.Predicted;
            Draft? draft;
            if (frame.Structure.Provenance is { GroupInferred: false, GroupId: { } group })
            {
                if (!told.TryGetValue((group, formula, isPredicted), out draft))
                {
                    all.Add(draft = told[(group, formula, isPredicted)] = new($"{group} ({formula})", frame, isPredicted, IsTold: true));
                }
            }
            else
            {
                draft = all.Find(d => !d.IsTold && d.IsPredicted == isPredicted && LooksAlike(d.First.Structure, frame.Structure));
                if (draft is null)
                {
                    int others = all.Count(d => !d.IsTold && d.First.Structure.Composition.Formula == formula && d.IsPredicted == isPredicted);
                    all.Add(draft = new(others == 0 ? formula : $"{formula} (another crystal, {others + 1})", frame, isPredicted, IsTold: false));
                }
            }

            if (WhyLeftOut(frame) is { } why)
            {
                draft.Out.Add((frame, why.Code, why.Text));
            }
            else
            {
                draft.Kept.Add(frame);
            }
        }

        return [.. all.Select(d => new FrameSeries(d.Name, [.. d.Kept], [.. LeftOut(d.Name, d.Out)]))];
    }

    /// <summary>Refuses frames whose labels do not belong on one curve: other potentials, functionals, cut-offs. Notes meshes and moments that jump.</summary>
    /// <exception cref="AtomProNetException">The methods are mixed.</exception>
    internal ImmutableArray<Finding> CheckMethods()
    {
        var tally = new MethodTally();
        foreach (Frame frame in Frames)
        {
            tally.Add(frame);
        }

        if (tally.IsMixed)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "MethodsMixed", $"The frames of {Name} were not computed in one way: {string.Join("; ", tally.Differences)}.", remedy: "Give the frames of one method at a time.");
        }

        return tally.Findings;
    }

    /// <summary>One finding for all frames that were left out for one reason.</summary>
    internal static IEnumerable<Finding> LeftOut(string name, IEnumerable<(Frame Frame, string Code, string Why)> left) => left
        .GroupBy(l => (l.Code, l.Why))
        .Select(g => new Finding(
            FindingSeverity.Warning,
            g.Key.Code,
            $"{(g.Count() == 1 ? "1 frame was" : $"{g.Count()} frames were")} left out: {g.Key.Why} (the first: {Describe(g.First().Frame)}).",
            name));

    /// <summary>How a message names a frame.</summary>
    internal static string Describe(Frame frame) => frame.Source?.ToString() ?? frame.Structure.Name ?? frame.Structure.Composition.Formula;

    private static (string Code, string Text)? WhyLeftOut(Frame frame) =>
        !frame.Convergence.IsTrusted ? ("FrameNotConverged", "not converged")
        : frame.Origin == LabelOrigin.MachineLearned ? ("FrameNotAbInitio", "labelled by a force field inside DFT")
        : frame.Temperature is not null || frame.KineticEnergy is not null ? ("FrameOfDynamics", "a step of molecular dynamics")
        : null;

    private static bool LooksAlike(Structure a, Structure b)
    {
        if (a.Lattice is not { } cell || b.Lattice is not { } other || a.Periodicity != b.Periodicity || !a.Species.AsSpan().SequenceEqual(b.Species.AsSpan()))
        {
            return false;
        }

        double ratio = other.Volume / cell.Volume;
        Vector3D x = cell.Lengths, y = other.Lengths;
        return ratio is > 1 / SameCell and < SameCell
            && Enumerable.Range(0, 3).All(i => y[i] / x[i] is > 1 / SameCell and < SameCell)
            && Enumerable.Range(0, a.AtomCount).All(i => IsNear(a.FractionalPositions[i] - b.FractionalPositions[i]));

        static bool IsNear(Vector3D d) => Math.Abs(d.X - Math.Round(d.X)) < SamePlace && Math.Abs(d.Y - Math.Round(d.Y)) < SamePlace && Math.Abs(d.Z - Math.Round(d.Z)) < SamePlace;
    }

    private sealed record Draft(string Name, Frame First, bool IsPredicted, bool IsTold)
    {
        internal List<Frame> Kept { get; } = [];

        internal List<(Frame Frame, string Code, string Why)> Out { get; } = [];
    }
}
