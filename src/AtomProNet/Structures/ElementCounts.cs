using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AtomProNet.Structures;

/// <summary>
/// The number of atoms of each element, by atomic number. Immutable. It is no IDictionary: to a shell such a one is a table with keys of
/// text, and ConvertTo-Json refuses every other.
/// </summary>
public sealed class ElementCounts : IReadOnlyDictionary<Element, int>
{
    private readonly ImmutableSortedDictionary<Element, int> counts;

    internal ElementCounts(IEnumerable<KeyValuePair<Element, int>> counts) => this.counts = counts.ToImmutableSortedDictionary();

    /// <inheritdoc/>
    public int Count => counts.Count;

    /// <inheritdoc/>
    public IEnumerable<Element> Keys => counts.Keys;

    /// <inheritdoc/>
    public IEnumerable<int> Values => counts.Values;

    /// <inheritdoc/>
    public int this[Element key] => counts[key];

    /// <inheritdoc/>
    public bool ContainsKey(Element key) => counts.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(Element key, [MaybeNullWhen(false)] out int value) => counts.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Element, int>> GetEnumerator() => counts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Symbols and numbers, such as <c>O 6, Al 4</c>.</summary>
    public override string ToString() => string.Join(", ", counts.Select(pair => FormattableString.Invariant($"{pair.Key.Symbol} {pair.Value}")));
}
