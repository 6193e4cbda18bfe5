using System.Collections.Immutable;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>The names under which labels stand in an extended XYZ file.</summary>
/// <param name="Energy">The energy of the cell, eV.</param>
/// <param name="Forces">The column of forces, eV/Å.</param>
/// <param name="Stress">Nine numbers, eV/Å³, tension positive; null where the style has a virial instead.</param>
/// <param name="Virial">Nine numbers, eV, −σ·V; null where the style has a stress.</param>
public sealed record LabelKeys(string Energy, string Forces, string? Stress, string? Virial)
{
    /// <summary>Names that hold an energy whose kind is told by <c>energy_kind</c>, if at all.</summary>
    internal static readonly ImmutableArray<string> EnergyNames = ["energy", "REF_energy"];

    /// <summary>Names of columns that hold forces.</summary>
    internal static readonly ImmutableArray<string> ForceNames = ["forces", "REF_forces"];

    /// <summary>Names that hold a stress in eV/Å³, tension positive.</summary>
    internal static readonly ImmutableArray<string> StressNames = ["stress", "REF_stress"];

    /// <summary>Names that hold a virial −σ·V in eV.</summary>
    internal static readonly ImmutableArray<string> VirialNames = ["virial", "virials", "REF_virial", "REF_virials"];

    /// <summary>The names under which mace_eval_configs adds a model's labels to those that the file already holds (its default prefix).</summary>
    internal static readonly LabelKeys MacePrediction = new("MACE_energy", "MACE_forces", "MACE_stress", null);

    /// <summary>The names of a style.</summary>
    public static LabelKeys Of(KeyStyle style) => style switch
    {
        KeyStyle.Ase or KeyStyle.NequIP => new("energy", "forces", "stress", null),
        KeyStyle.Mace => new("REF_energy", "REF_forces", "REF_stress", null),
        KeyStyle.Seed => new("energy", "forces", null, "virial"),
        _ => throw new ArgumentOutOfRangeException(nameof(style)),
    };
}
