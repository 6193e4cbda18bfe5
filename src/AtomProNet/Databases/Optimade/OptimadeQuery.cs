namespace AtomProNet.Databases.Optimade;

/// <summary>What to look for: a filter as written in the standard, conditions that are put into such a filter, or both.</summary>
public sealed record OptimadeQuery
{
    /// <summary>
    /// Ids, formula, chemical system, elements and number of sites; the standard has no energies, so that other filters are refused.
    /// </summary>
    public MaterialQuery Conditions { get; init; } = new();

    /// <summary>A filter in OPTIMADE's language, passed on as it is.</summary>
    public string? Filter { get; init; }

    /// <summary>The query in words, for messages.</summary>
    public override string ToString() => Filter is null ? Conditions.ToString() : Conditions.IsRestricted ? $"{Filter}; {Conditions}" : Filter;
}
