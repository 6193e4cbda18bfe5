using System.Globalization;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Selection;

/// <summary>Holds frames against the criteria that each frame meets or not by itself (and by its place in its trajectory), cheap ones first.</summary>
public sealed class FrameFilter
{
    private readonly FrameCriteria criteria;
    private readonly NeighbourSearch neighbours = new();
    private readonly Dictionary<(string File, string Formula), long> seen = [];

    /// <summary>Prepares a filter.</summary>
    /// <exception cref="AtomProNetException">A limit is not positive.</exception>
    public FrameFilter(FrameCriteria criteria)
    {
        this.criteria = criteria;
        Positive(criteria.MaximumForce, nameof(criteria.MaximumForce));
        Positive(criteria.MaximumStress, nameof(criteria.MaximumStress));
        Positive(criteria.MinimumDistance, nameof(criteria.MinimumDistance));
        Positive(criteria.Every, nameof(criteria.Every));
        Positive(criteria.Farthest, nameof(criteria.Farthest));
        if (criteria.EnergyAboveMinimum is { } energy && !(energy >= 0 && double.IsFinite(energy)))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LimitOutOfRange", "-EnergyAboveMinimum must be zero or more.", value: energy.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Why a frame is left out; null where it passes.</summary>
    public Rejection? Judge(Frame frame)
    {
        Structure structure = frame.Structure;
        // Counted before anything is left out, so that the steps stay evenly spaced.
        bool wanted = criteria.Every is not { } every || Number(frame) % every == 0;
        if (criteria.Converged && !frame.Convergence.IsTrusted)
        {
            return new(RejectionReason.Unconverged, frame.Convergence.ToString());
        }

        if (criteria.Composition is { } composition && !composition(structure.Composition))
        {
            return new(RejectionReason.Composition, structure.Composition.Formula);
        }

        if (criteria.ConfigType is { } configType && !configType(frame.ConfigType ?? ""))
        {
            return new(RejectionReason.ConfigType, frame.ConfigType ?? "none");
        }

        if (!wanted)
        {
            return new(RejectionReason.Every);
        }

        return JudgeForces(frame) ?? JudgeStress(frame) ?? JudgeDistance(structure);
    }

    private static void Positive(double? limit, string name)
    {
        if (limit is { } value && !(value > 0 && double.IsFinite(value)))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LimitOutOfRange", $"-{name} must be greater than zero.", value: value.ToString(CultureInfo.InvariantCulture));
        }
    }

    // How many frames of its trajectory came before; frames from nowhere are one trajectory.
    private long Number(Frame frame)
    {
        var key = (frame.Source?.File ?? "", frame.Structure.Composition.Formula);
        long number = seen.GetValueOrDefault(key);
        seen[key] = number + 1;
        return number;
    }

    private Rejection? JudgeForces(Frame frame)
    {
        if (criteria.MaximumForce is not { } limit)
        {
            return null;
        }

        if (frame.MaximumForce is not { } force)
        {
            return FrameAdmission.IsIsolatedAtom(frame.Structure) ? null : new(RejectionReason.ForcesMissing);
        }

        return force > limit ? new(RejectionReason.MaximumForce, FormattableString.Invariant($"{force:G6} eV/Å")) : null;
    }

    private Rejection? JudgeStress(Frame frame)
    {
        if (criteria.MaximumStress is not { } limit)
        {
            return null;
        }

        if (frame.Stress is not { } stress)
        {
            return FrameAdmission.IsIsolatedAtom(frame.Structure) ? null : new(RejectionReason.StressMissing);
        }

        double largest = stress.ToGigapascal().Max(Math.Abs);
        return largest > limit ? new(RejectionReason.MaximumStress, FormattableString.Invariant($"{largest:G6} GPa")) : null;
    }

    private Rejection? JudgeDistance(Structure structure)
    {
        if (criteria.MinimumDistance is not { } limit)
        {
            return null;
        }

        neighbours.Find(structure, limit);
        double least = double.PositiveInfinity;
        for (int i = 0; i < structure.AtomCount; i++)
        {
            foreach (ref readonly Neighbour n in neighbours.Of(i))
            {
                least = Math.Min(least, n.Distance);
            }
        }

        return least < limit ? new(RejectionReason.MinimumDistance, FormattableString.Invariant($"{least:G6} Å")) : null;
    }
}
