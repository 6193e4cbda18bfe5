using AtomProNet.Structures;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>The words of <c>energy_kind</c>, by which a file tells which energy its label is.</summary>
internal static class EnergyKindNames
{
    /// <summary>The word of a kind; null for an energy of unknown kind, for which nothing is written.</summary>
    public static string? NameOf(EnergyKind kind) => kind switch
    {
        EnergyKind.Free => "free",
        EnergyKind.WithoutEntropy => "without_entropy",
        EnergyKind.SigmaToZero => "sigma_to_zero",
        _ => null,
    };

    /// <summary>The kind of a word; null where it is none.</summary>
    public static EnergyKind? Parse(string name) => name switch
    {
        "free" => EnergyKind.Free,
        "without_entropy" => EnergyKind.WithoutEntropy,
        "sigma_to_zero" => EnergyKind.SigmaToZero,
        _ => null,
    };
}
