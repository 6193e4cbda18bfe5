using System.Management.Automation;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>What -Composition and -ConfigType parameters match.</summary>
internal static class FormulaPatterns
{
    /// <summary>
    /// Says whether a composition is one of those named: a formula stands for all cells of its reduced formula, elements in any order; a
    /// pattern with wildcards is held against the reduced formula and that of the cell.
    /// </summary>
    /// <exception cref="AtomProNetException">A name is no formula.</exception>
    public static Func<Composition, bool> Matcher(string[] names)
    {
        var formulas = names.Where(n => !WildcardPattern.ContainsWildcardCharacters(n)).Select(n => Composition.Parse(n).ReducedFormula).ToHashSet(StringComparer.Ordinal);
        WildcardPattern[] patterns = [.. names.Where(WildcardPattern.ContainsWildcardCharacters).Select(n => WildcardPattern.Get(n, WildcardOptions.None))];
        return c => formulas.Contains(c.ReducedFormula) || Array.Exists(patterns, p => p.IsMatch(c.ReducedFormula) || p.IsMatch(c.Formula));
    }

    /// <summary>Says whether a text is one of those named, in any case.</summary>
    public static Func<string, bool> TextMatcher(string[] names)
    {
        WildcardPattern[] patterns = [.. names.Select(n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase))];
        return text => Array.Exists(patterns, p => p.IsMatch(text));
    }
}
