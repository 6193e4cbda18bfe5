using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>A numerical setting whose influence on the labels is looked at.</summary>
public enum ConvergenceQuantity
{
    /// <summary>The plane-wave cut-off, eV; finer is higher.</summary>
    CutoffEnergy,
    /// <summary>The distance of k-points, 1/Å with the factor 2π; finer is lower.</summary>
    KPointSpacing,
    /// <summary>The smearing width, eV; finer is lower.</summary>
    SmearingWidth,
}

/// <summary>One member of a convergence series: the same structure, one setting varied. It stands in the provenance.</summary>
/// <param name="Quantity">The setting.</param>
/// <param name="Value">Its value, in the unit.</param>
/// <param name="Unit">The unit that the code's input uses; null for that of the quantity (<see cref="UnitOf"/>).</param>
public sealed record ConvergenceSetting(ConvergenceQuantity Quantity, double Value, string? Unit = null)
{
    /// <summary>The <see cref="Provenance.Operation"/> of a member.</summary>
    public const string Operation = "Convergence";

    /// <summary>The unit of a quantity.</summary>
    public static string UnitOf(ConvergenceQuantity quantity) => quantity == ConvergenceQuantity.KPointSpacing ? "1/Å" : "eV";

    /// <summary>Whether the first value costs less than the second: a lower cut-off, a larger spacing, a larger width.</summary>
    public static bool IsCheaper(ConvergenceQuantity quantity, double first, double second) =>
        quantity == ConvergenceQuantity.CutoffEnergy ? first < second : first > second;

    /// <summary>The setting that a structure was computed with, by its provenance; null where it belongs to no convergence series.</summary>
    public static ConvergenceSetting? Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Provenance?.Chain().LastOrDefault(p => p.Operation == Operation) is { } step
            && step.Parameters.TryGetValue("quantity", out string? name) && Enum.TryParse(name, out ConvergenceQuantity quantity) && Enum.IsDefined(quantity)
            && step.Parameters.TryGetValue("value", out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new(quantity, value, step.Parameters.TryGetValue("unit", out string? unit) && unit != UnitOf(quantity) ? unit : null)
            : null;
    }

    /// <summary>The same structure, marked and named as a member of a series.</summary>
    public Structure Mark(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        string value = Value.ToString("R", CultureInfo.InvariantCulture);
        string word = Quantity switch
        {
            ConvergenceQuantity.CutoffEnergy => "cutoff",
            ConvergenceQuantity.KPointSpacing => "spacing",
            _ => "width",
        };
        Provenance parent = structure.Provenance ?? Provenance.Root("Structure", structure.ContentHash);
        var parameters = new Dictionary<string, string> { ["quantity"] = Quantity.ToString(), ["value"] = value, ["unit"] = Unit ?? UnitOf(Quantity) };
        return structure.With(name: $"{structure.Name ?? structure.ReducedFormula}_{word}_{value}", provenance: parent.Derive(Operation, structure.ContentHash, parameters));
    }
}
