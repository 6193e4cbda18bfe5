using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Reads a -TypeMap parameter.</summary>
internal static class TypeMapText
{
    /// <summary>The elements; null where none were named.</summary>
    /// <exception cref="AtomProNetException">A symbol names no element.</exception>
    public static ImmutableArray<Element>? Parse(string[] symbols) => symbols.Length == 0 ? null : [.. symbols.Select(Element.FromSymbol)];
}
