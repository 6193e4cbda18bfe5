using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Databases;

/// <summary>
/// What to look for in a database of materials: a selection (ids, formula, chemical system, elements) and filters. All parts
/// that are given must hold.
/// </summary>
public sealed record MaterialQuery
{
    /// <summary>These materials. Ids are opaque: whatever the database says is one.</summary>
    public ImmutableArray<string> MaterialIds { get; init; } = [];

    /// <summary>This formula, with wildcards or anonymous where wanted.</summary>
    public FormulaPattern? Formula { get; init; }

    /// <summary>Exactly these elements.</summary>
    public ChemicalSystem? ChemicalSystem { get; init; }

    /// <summary>At least these elements.</summary>
    public ImmutableArray<Element> Elements { get; init; } = [];

    /// <summary>None of these elements.</summary>
    public ImmutableArray<Element> ExcludedElements { get; init; } = [];

    /// <summary>Only what lies on the convex hull.</summary>
    public bool StableOnly { get; init; }

    /// <summary>The least energy above the convex hull, eV per atom.</summary>
    public double? EnergyAboveHullMinimum { get; init; }

    /// <summary>The greatest energy above the convex hull, eV per atom.</summary>
    public double? EnergyAboveHullMaximum { get; init; }

    /// <summary>The least number of sites in the database's cell.</summary>
    public int? SiteCountMinimum { get; init; }

    /// <summary>The greatest number of sites in the database's cell.</summary>
    public int? SiteCountMaximum { get; init; }

    /// <summary>This space group.</summary>
    public SpaceGroup? SpaceGroup { get; init; }

    /// <summary>True: never made so far; false: known from experiment; null: both.</summary>
    public bool? Theoretical { get; init; }

    /// <summary>Only withdrawn entries instead of only current ones.</summary>
    public bool Deprecated { get; init; }

    /// <summary>The least band gap, eV.</summary>
    public double? BandGapMinimum { get; init; }

    /// <summary>The greatest band gap, eV.</summary>
    public double? BandGapMaximum { get; init; }

    /// <summary>No more than this many results, the lowest in energy; null for all.</summary>
    public int? First { get; init; }

    /// <summary>Whether something is selected or filtered at all, other than by <see cref="First"/>.</summary>
    public bool IsRestricted => !MaterialIds.IsEmpty || Formula is not null || ChemicalSystem is not null || !Elements.IsEmpty || !ExcludedElements.IsEmpty || HasFilters;

    /// <summary>Whether anything narrows the selection.</summary>
    public bool HasFilters => StableOnly || EnergyAboveHullMinimum is not null || EnergyAboveHullMaximum is not null || SiteCountMinimum is not null || SiteCountMaximum is not null
        || SpaceGroup is not null || Theoretical is not null || Deprecated || BandGapMinimum is not null || BandGapMaximum is not null;

    /// <summary>Whether it asks for a formula and nothing else, which can give a flood of polymorphs.</summary>
    public bool IsBareFormula => Formula is not null && !HasFilters && First is null && ExcludedElements.IsEmpty;

    /// <summary>Makes the selection out of one word: an id (<c>mp-1143</c>), a formula (<c>Al2O3</c>), a chemical system (<c>Al-O</c>) or a list of elements (<c>Al,O</c>).</summary>
    /// <param name="text">The word.</param>
    /// <exception cref="AtomProNetException">It is empty, or a formula that mixes two ways of leaving elements open.</exception>
    public MaterialQuery Select(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "QueryEmpty", "The query is empty.", remedy: "Give an id (mp-1143), a formula (Al2O3), a chemical system (Al-O) or a list of elements ('Al,O').");
        }

        if (text.Contains(',', StringComparison.Ordinal))
        {
            return this with { Elements = ParseElements(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) };
        }

        if (text.Contains('-', StringComparison.Ordinal) && ChemicalSystem.TryParse(text, out ChemicalSystem? system))
        {
            return this with { ChemicalSystem = system };
        }

        if (FormulaPattern.TryParse(text, out FormulaPattern? formula, out _))
        {
            return this with { Formula = formula };
        }

        // A star is in no id: this was meant as a formula, and the reason why it is none helps more than "no such material".
        return text.Contains('*', StringComparison.Ordinal) ? this with { Formula = FormulaPattern.Parse(text) } : this with { MaterialIds = [text] };
    }

    /// <summary>Reads symbols of elements.</summary>
    /// <exception cref="AtomProNetException">One is no element.</exception>
    public static ImmutableArray<Element> ParseElements(IEnumerable<string> symbols)
    {
        var elements = ImmutableArray.CreateBuilder<Element>();
        foreach (string symbol in symbols)
        {
            if (!Element.TryFromSymbol(symbol.Trim(), out Element? element))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ElementUnknown", "This is not the symbol of an element.", value: symbol, remedy: "Symbols are written as in the periodic table, such as Al or O.");
            }

            if (!elements.Contains(element))
            {
                elements.Add(element);
            }
        }

        return elements.ToImmutable();
    }

    /// <summary>The query in words, for messages.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Add(MaterialIds.Length > 3 ? $"{MaterialIds[0]}, {MaterialIds[1]}, … ({MaterialIds.Length} ids)" : string.Join(", ", MaterialIds));
        Add(Formula?.Text);
        Add(ChemicalSystem?.ToString());
        Add(Elements.IsEmpty ? null : "with " + string.Join(", ", Elements));
        Add(ExcludedElements.IsEmpty ? null : "without " + string.Join(", ", ExcludedElements));
        return parts.Count == 0 ? "all materials" : string.Join("; ", parts);

        void Add(string? part)
        {
            if (!string.IsNullOrEmpty(part))
            {
                parts.Add(part);
            }
        }
    }
}
