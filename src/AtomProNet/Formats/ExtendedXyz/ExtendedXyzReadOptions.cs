namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>How <see cref="ExtendedXyzReader"/> reads.</summary>
public sealed record ExtendedXyzReadOptions
{
    /// <summary>
    /// Whose names hold the labels. Null: every known name is taken, and two that contradict each other are an error. A style:
    /// only its names are; others stay what they are, further information.
    /// </summary>
    public KeyStyle? KeyStyle { get; init; }
}
