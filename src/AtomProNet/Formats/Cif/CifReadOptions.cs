namespace AtomProNet.Formats.Cif;

/// <summary>How <see cref="CifReader"/> reads.</summary>
public sealed record CifReadOptions
{
    /// <summary>Told what was noticed about a file that could still be read: a formula or a multiplicity that contradicts the sites.</summary>
    public Action<Finding>? Report { get; init; }
}
