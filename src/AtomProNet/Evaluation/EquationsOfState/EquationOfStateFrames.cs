using System.Collections.Immutable;
using AtomProNet.Generation;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation.EquationsOfState;

/// <summary>Which frames of a series are points of one curve E(V).</summary>
internal static class EquationOfStateFrames
{
    // Cells of one shape have lattice vectors that agree, scaled to one volume, to what outputs print.
    private const double SameShape = 1e-5;

    /// <summary>The points, and what was left out.</summary>
    internal static (ImmutableArray<Frame> Frames, EnergyKind Kind, ImmutableArray<Finding> Findings) Of(FrameSeries series, EnergyKind? asked)
    {
        var left = new List<(Frame, string, string)>();
        var kept = new List<Frame>();
        foreach (Frame frame in series.Frames)
        {
            switch (WhyNoPoint(frame))
            {
                case { } why:
                    left.Add((frame, "FrameNotOnCurve", why));
                    break;
                default:
                    kept.Add(frame);
                    break;
            }
        }

        kept = LastSteps(kept, left);
        if (kept.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "EquationOfStateNoFrames", $"No frame of {series.Name} is a point of an equation of state.", value: string.Join("; ", series.Findings.Select(f => f.Message).Concat(left.Select(l => l.Item3)).Distinct()), remedy: "Give frames of one crystal at several volumes (New-StrainSeries -Mode Hydrostatic).");
        }

        EnergyKind kind = asked ?? kept[0].EnergyKind ?? throw Missing(kept[0], null);
        foreach (Frame frame in kept)
        {
            if (frame.GetEnergy(kind) is null)
            {
                throw Missing(frame, kind);
            }
        }

        ImmutableArray<Finding> methods = (series with { Frames = [.. kept] }).CheckMethods();
        return ([.. kept], kind, [.. series.Findings, .. FrameSeries.LeftOut(series.Name, left), .. methods, .. Basis(series.Name, kept)]);
    }

    /// <summary>The lattice at a volume, where all cells have one shape.</summary>
    internal static Lattice? Scaled(ImmutableArray<Frame> frames, double volume)
    {
        Matrix3x3 first = Unit(frames[0].Structure.Lattice!);
        return frames.All(f => (Unit(f.Structure.Lattice!) - first).ToRowMajor().All(d => Math.Abs(d) < SameShape))
            ? new Lattice(first * Math.Cbrt(volume))
            : null;

        static Matrix3x3 Unit(Lattice lattice) => lattice.Rows * (1 / Math.Cbrt(lattice.Volume));
    }

    private static string? WhyNoPoint(Frame frame) =>
        frame.Structure.Lattice is null || !frame.Structure.Periodicity.All ? "no crystal"
        : frame.Structure.Provenance is { Operation: RattleSeries.Operation } ? "rattled"
        : VoigtStrain.AppliedTo(frame.Structure) is { } strain && !(strain.XX == strain.YY && strain.YY == strain.ZZ && strain is { YZ: 0, XZ: 0, XY: 0 }) ? "its strain is not hydrostatic"
        : null;

    // Of a relaxation at fixed volume only the end is a point of the curve.
    private static List<Frame> LastSteps(List<Frame> frames, List<(Frame, string, string)> left)
    {
        var last = new Dictionary<(string, double), Frame>();
        foreach (Frame frame in frames)
        {
            if (frame.Source is { } source && (!last.TryGetValue(Key(frame), out Frame? other) || other.Source!.Step < source.Step))
            {
                last[Key(frame)] = frame;
            }
        }

        var kept = new List<Frame>();
        foreach (Frame frame in frames)
        {
            if (frame.Source is null || ReferenceEquals(last[Key(frame)], frame))
            {
                kept.Add(frame);
            }
            else
            {
                left.Add((frame, "FrameNotLastStep", "a later step of the same file has the same volume"));
            }
        }

        return kept;

        static (string, double) Key(Frame frame) => (frame.Source!.File, frame.Structure.Volume!.Value);
    }

    // The basis of a variable-cell run belongs to the cell that it began with: such energies lie beside the curve of static runs.
    private static IEnumerable<Finding> Basis(string name, List<Frame> frames)
    {
        if (frames.Find(f => f.BasisVolumeRatio is { } ratio && Math.Abs(ratio - 1) > 1e-3) is { } drifted)
        {
            yield return new(FindingSeverity.Warning, "BasisOfAnotherCell", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The plane waves of {FrameSeries.Describe(drifted)} belong to another cell (V/V_basis = {drifted.BasisVolumeRatio:F4}): its energy lies beside the curve of static runs."), name, "Compute its geometry once more as a static run.");
        }
    }

    private static AtomProNetException Missing(Frame frame, EnergyKind? kind) => new(
        ErrorKind.InvalidData,
        "EnergyKindMissing",
        kind is null ? $"The frame {FrameSeries.Describe(frame)} has no energy." : $"The frame {FrameSeries.Describe(frame)} does not have the energy that is fitted ({kind}).",
        remedy: "Name an energy that all frames have (-EnergyKind), or leave the frame out.");
}
