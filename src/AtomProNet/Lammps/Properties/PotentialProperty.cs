using System.Globalization;

namespace AtomProNet.Lammps.Properties;

/// <summary>One property of a crystal as a potential gives it, and beside it as the reference does: a cell of the paper's Table 1. Immutable.</summary>
/// <param name="Potential">The potential.</param>
/// <param name="Crystal">The formula of the cell.</param>
/// <param name="Property">What it is: a, C11, cohesive energy …</param>
/// <param name="Value">Its value; null where the potential gives none.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Reference">The reference's value; null where it gives none.</param>
/// <param name="Note">What to keep in mind; null for nothing.</param>
public sealed record PotentialProperty(string Potential, string Crystal, string Property, double? Value, string Unit, double? Reference = null, string? Note = null)
{
    /// <summary>Value − reference; null where one is missing.</summary>
    public double? Difference => Value - Reference;

    /// <summary>The property in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Potential}, {Crystal}: {Property} = {Value:G7} {Unit}");
}
