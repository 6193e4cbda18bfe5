using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Lammps;

/// <summary>
/// Which element is which atom type: one order for masses, pair_coeff and the data file. Unless another is asked for, symbols by
/// alphabet. Immutable.
/// </summary>
public sealed class TypeOrder
{
    private readonly ImmutableDictionary<Element, int> types;

    private TypeOrder(ImmutableArray<Element> elements)
    {
        Elements = elements;
        types = elements.Select((e, i) => (e, i)).ToImmutableDictionary(p => p.e, p => p.i + 1);
    }

    /// <summary>The element of each type, type 1 first.</summary>
    public ImmutableArray<Element> Elements { get; }

    /// <summary>The number of types.</summary>
    public int Count => Elements.Length;

    /// <summary>The type of an element, counted from 1.</summary>
    /// <exception cref="AtomProNetException">The order does not hold it.</exception>
    public int this[Element element] => types.TryGetValue(element, out int type) ? type : throw new AtomProNetException(
        ErrorKind.InvalidArgument, "ElementWithoutType", $"{element.Symbol} is none of the atom types.", value: ToString(), remedy: "Name every element of the structures, in the order of the types (-Element).");

    /// <summary>The order by alphabet of the elements of some structures.</summary>
    public static TypeOrder Of(IEnumerable<Structure> structures) =>
        new([.. structures.SelectMany(s => s.Composition.Counts.Keys).Distinct().OrderBy(e => e.Symbol, StringComparer.Ordinal)]);

    /// <summary>An order that somebody stated.</summary>
    /// <exception cref="AtomProNetException">It is empty, or an element stands twice.</exception>
    public static TypeOrder Of(IReadOnlyList<Element> elements) => elements.Count > 0 && elements.Distinct().Count() == elements.Count
        ? new([.. elements])
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "TypeOrderInvalid", "The order of types names no element, or one twice.", value: string.Join(", ", elements.Select(e => e.Symbol)));

    /// <summary>The symbols in order.</summary>
    public override string ToString() => string.Join(' ', Elements.Select(e => e.Symbol));
}
