namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>How <see cref="ExtendedXyzReader"/> reads.</summary>
public sealed record ExtendedXyzReadOptions
{
    /// <summary>
    /// Whose names hold the labels. Null: every known name is taken, and two that contradict each other are an error. A style:
    /// only its names are; others stay what they are, further information.
    /// </summary>
    public KeyStyle? KeyStyle { get; init; }

    /// <summary>
    /// Whether a model's labels are wanted. mace_eval_configs leaves the reference labels in the frame and writes its own beside
    /// them (<c>MACE_energy</c>, <c>MACE_forces</c>, <c>MACE_stress</c>): where a frame has any of those, only they are labels.
    /// </summary>
    public bool Predicted { get; init; }
}
