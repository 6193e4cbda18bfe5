using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>Frames of one structure that differ in one setting.</summary>
internal sealed record ConvergenceGrouping(string Name, ConvergenceQuantity Quantity, string Unit, List<(double Value, Frame Frame)> Members)
{
    /// <summary>Geometries of one series may differ by what outputs round, Å.</summary>
    private const double SameGeometry = 1e-4;

    /// <summary>Puts frames together by what their provenance says; frames without one by what their method says.</summary>
    /// <exception cref="AtomProNetException">A frame cannot be placed, or two of a series do not belong together.</exception>
    internal static List<ConvergenceGrouping> Of(List<Frame> frames)
    {
        var series = new Dictionary<(string, ConvergenceQuantity, string), ConvergenceGrouping>();
        var unmarked = new List<Frame>();
        foreach (Frame frame in frames)
        {
            if (frame.Energy is null)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "ConvergenceEnergyMissing", "A frame has no energy.", value: frame.ToString());
            }

            if (ConvergenceSetting.Of(frame.Structure) is not { } setting)
            {
                unmarked.Add(frame);
                continue;
            }

            Provenance step = frame.Structure.Provenance!.Chain().Last(p => p.Operation == ConvergenceSetting.Operation);
            string unit = setting.Unit ?? ConvergenceSetting.UnitOf(setting.Quantity);
            // The same structure may have been computed by two codes, which count in units of their own.
            (string, ConvergenceQuantity, string) key = (step.ParentHash ?? step.RootId, setting.Quantity, $"{unit} {frame.Method?.Code}");
            if (!series.TryGetValue(key, out ConvergenceGrouping? found))
            {
                series[key] = found = new($"{frame.Structure.ReducedFormula} of {step.RootId}", setting.Quantity, unit, []);
            }

            found.Add(setting.Value, frame);
        }

        List<ConvergenceGrouping> all = [.. series.Values];
        if (unmarked.Count > 0)
        {
            all.Add(ByMethod(unmarked));
        }

        return all;
    }

    private void Add(double value, Frame frame)
    {
        if (Members.Exists(m => m.Value.Equals(value)))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ConvergenceSettingTwice", string.Create(CultureInfo.InvariantCulture, $"Two frames of {Name} have {Quantity} = {value}."), value: frame.ToString(), remedy: "Compare one ionic step for each setting (Import with -IonicStep Last), and one series at a time.");
        }

        if (Members.Count > 0 && !SamePlaces(frame.Structure, Members[0].Frame.Structure))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ConvergenceGeometryDiffers", $"Two frames of {Name} are not of the same geometry: their labels differ for other reasons than {Quantity}.", value: frame.ToString(), remedy: "Compare static runs of one structure.");
        }

        Members.Add((value, frame));
    }

    /// <summary>One series by the single setting in which the methods of its frames differ.</summary>
    private static ConvergenceGrouping ByMethod(List<Frame> frames)
    {
        (double? Cutoff, double? Spacing, double? Width)[] settings = [.. frames.Select(f => (f.Method?.CutoffEnergy, Spacing(f), f.Method?.SmearingWidth))];
        (ConvergenceQuantity Quantity, double?[] Values)[] varied =
        [
            .. new[]
            {
                (ConvergenceQuantity.CutoffEnergy, settings.Select(s => s.Cutoff).ToArray()),
                (ConvergenceQuantity.KPointSpacing, settings.Select(s => s.Spacing).ToArray()),
                (ConvergenceQuantity.SmearingWidth, settings.Select(s => s.Width).ToArray()),
            }.Where(v => v.Item2.Distinct().Count() > 1),
        ];
        if (varied is not [var (quantity, values)] || values.Any(v => v is null))
        {
            throw new AtomProNetException(
                ErrorKind.InvalidArgument,
                "ConvergenceUnclear",
                varied.Length == 0 ? "The frames do not differ in cut-off, k-points or smearing width, and their provenance names no series." : $"The frames differ in {string.Join(" and ", varied.Select(v => v.Quantity))}, and not every one tells what it used.",
                remedy: "Compare one setting at a time; New-ConvergenceSeries marks its calculations so that they can come together.");
        }

        // pw.x's own unit, and its numbers as somebody wrote them.
        bool inRydberg = quantity != ConvergenceQuantity.KPointSpacing && frames.All(f => f.Method?.Code == "pw.x");
        var series = new ConvergenceGrouping(frames[0].Structure.Name ?? frames[0].Structure.ReducedFormula, quantity, inRydberg ? "Ry" : ConvergenceSetting.UnitOf(quantity), []);
        for (int i = 0; i < frames.Count; i++)
        {
            series.Add(inRydberg ? Math.Round(values[i]!.Value / PhysicalConstants.RydbergInElectronvolt, 6) : values[i]!.Value, frames[i]);
        }

        return series;
    }

    /// <summary>The largest distance of neighbouring k-points of a mesh such as 4x4x4.</summary>
    private static double? Spacing(Frame frame)
    {
        if (KPointMeshText.Divisions(frame.Method?.KPointMesh) is not { } n || frame.Structure.Lattice is not { } lattice)
        {
            return null;
        }

        double largest = 0;
        for (int i = 0; i < 3; i++)
        {
            largest = Math.Max(largest, 2 * Math.PI * lattice.Reciprocal[i].Length / n[i]);
        }

        return largest;
    }

    private static bool SamePlaces(Structure a, Structure b)
    {
        if (a.AtomCount != b.AtomCount || !a.Species.SequenceEqual(b.Species) || (a.Lattice is null) != (b.Lattice is null))
        {
            return false;
        }

        if (a.Lattice is { } la && b.Lattice is { } lb && Enumerable.Range(0, 3).Any(i => (la.Rows[i] - lb.Rows[i]).Length > SameGeometry))
        {
            return false;
        }

        var image = new MinimumImage(a.Lattice, a.Periodicity);
        return Enumerable.Range(0, a.AtomCount).All(i => image.Distance(a.CartesianPositions[i], b.CartesianPositions[i]) <= SameGeometry);
    }
}
