namespace AtomProNet;

/// <summary>How serious a <see cref="Finding"/> is.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,
    /// <summary>Probably not what the user wants.</summary>
    Warning,
    /// <summary>The data must not be used as they are.</summary>
    Error,
}

/// <summary>Something noticed about data that could still be read: it goes to the user as an object, never silently.</summary>
/// <param name="Severity">How serious it is.</param>
/// <param name="Code">A stable identifier in PascalCase.</param>
/// <param name="Message">One sentence: what was noticed.</param>
/// <param name="Source">The file, frame or calculation it is about.</param>
/// <param name="Advice">One sentence: what to do about it.</param>
public sealed record Finding(FindingSeverity Severity, string Code, string Message, string? Source = null, string? Advice = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (Source is null ? "" : Source + ": ") + Message + (Advice is null ? "" : " " + Advice);
}
