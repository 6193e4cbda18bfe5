using AtomProNet.Structures;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>How <see cref="ExtendedXyzWriter"/> writes.</summary>
public sealed record ExtendedXyzWriteOptions
{
    /// <summary>Whose names the labels get.</summary>
    public KeyStyle KeyStyle { get; init; } = KeyStyle.Ase;

    /// <summary>Which energy becomes the label; null for <see cref="Frame.Energy"/>: F where there is one, else what there is.</summary>
    public EnergyKind? EnergyKind { get; init; }

    /// <summary>Whether where it comes from is written: name, group, root, source, method, verdict on the convergence.</summary>
    public bool IncludeDescent { get; init; } = true;

    /// <summary>Whether energies besides the label, temperature and the like are written, under names of our own.</summary>
    public bool IncludeFurtherLabels { get; init; } = true;
}
