using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Databases.Optimade;

/// <summary>Writes conditions in OPTIMADE's filter language (specification 1.2, section "API Filtering Format Specification").</summary>
internal static class OptimadeFilter
{
    /// <summary>The filter; empty where nothing is restricted.</summary>
    /// <exception cref="AtomProNetException">A condition has no counterpart in the standard.</exception>
    public static string Write(OptimadeQuery query)
    {
        MaterialQuery conditions = query.Conditions;
        if (conditions.StableOnly || conditions.EnergyAboveHullMinimum is not null || conditions.EnergyAboveHullMaximum is not null
            || conditions.BandGapMinimum is not null || conditions.BandGapMaximum is not null || conditions.Theoretical is not null || conditions.Deprecated || conditions.SpaceGroup is not null)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "FilterNotInStandard", "The OPTIMADE standard has no energies, band gaps or symmetries that every database answers for.", remedy: "Use the database's own properties in a filter, such as _mp_… or _oqmd_…");
        }

        var parts = new List<string>();
        if (!string.IsNullOrWhiteSpace(query.Filter))
        {
            parts.Add(query.Filter.Trim());
        }

        if (!conditions.MaterialIds.IsEmpty)
        {
            parts.Add(string.Join(" OR ", conditions.MaterialIds.Select(id => $"id={Quote(id)}")));
        }

        if (conditions.Formula is { } formula)
        {
            AddFormula(formula, parts);
        }

        if (conditions.ChemicalSystem is { } system)
        {
            AddElements("HAS ALL", system.Symbols, parts);
            parts.Add(Compare("nelements=", system.ElementCount));
        }

        AddElements("HAS ALL", conditions.Elements.Select(e => e.Symbol).Order(StringComparer.Ordinal), parts);
        if (!conditions.ExcludedElements.IsEmpty)
        {
            var excluded = new List<string>();
            AddElements("HAS ANY", conditions.ExcludedElements.Select(e => e.Symbol).Order(StringComparer.Ordinal), excluded);
            parts.Add($"NOT ({excluded[0]})");
        }

        if (conditions.SiteCountMinimum is { } least)
        {
            parts.Add(Compare("nsites>=", least));
        }

        if (conditions.SiteCountMaximum is { } most)
        {
            parts.Add(Compare("nsites<=", most));
        }

        return parts.Count == 1 ? parts[0] : string.Join(" AND ", parts.Select(p => p.Contains(" OR ", StringComparison.OrdinalIgnoreCase) || p == query.Filter?.Trim() ? $"({p})" : p));
    }

    /// <summary>The formula as the standard writes it: elements by alphabet, smallest whole numbers.</summary>
    internal static string Reduced(IEnumerable<KeyValuePair<Element, int>> counts) => string.Concat(counts
        .OrderBy(c => c.Key.Symbol, StringComparer.Ordinal)
        .Select(c => c.Key.Symbol + Proportion(c.Value)));

    /// <summary>The anonymous formula as the standard writes it: the largest numbers first, letters from A.</summary>
    /// <exception cref="AtomProNetException">There are more than 26 elements.</exception>
    internal static string Anonymous(IEnumerable<int> amounts)
    {
        int[] sorted = [.. amounts.OrderDescending()];
        return sorted.Length <= 26
            ? string.Concat(sorted.Select((n, i) => (char)('A' + i) + Proportion(n)))
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "FormulaInvalid", "No material has more than 26 elements.");
    }

    private static void AddFormula(FormulaPattern formula, List<string> parts)
    {
        if (formula.IsExact)
        {
            parts.Add($"chemical_formula_reduced={Quote(Reduced(formula.Named))}");
            return;
        }

        // The standard cannot say which number belongs to which open element: what comes is looked through once more.
        AddElements("HAS ALL", formula.Named.Keys.Select(e => e.Symbol).Order(StringComparer.Ordinal), parts);
        parts.Add($"chemical_formula_anonymous={Quote(Anonymous(formula.Named.Values.Concat(formula.Placeholders)))}");
    }

    private static void AddElements(string operation, IEnumerable<string> symbols, List<string> parts)
    {
        string list = string.Join(", ", symbols.Select(Quote));
        if (list.Length > 0)
        {
            parts.Add($"elements {operation} {list}");
        }
    }

    private static string Compare(string left, int right) => left + right.ToString(CultureInfo.InvariantCulture);

    private static string Proportion(int n) => n == 1 ? "" : n.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
