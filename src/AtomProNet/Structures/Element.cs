using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace AtomProNet.Structures;

/// <summary>A chemical element: one object each for hydrogen (1) to oganesson (118).</summary>
public sealed partial class Element : IEquatable<Element>, IComparable<Element>
{
    private Element(int number, string symbol, string name, double mass, double covalentRadius, double? electronegativity)
    {
        Number = number;
        Symbol = symbol;
        Name = name;
        Mass = mass;
        CovalentRadius = covalentRadius;
        Electronegativity = electronegativity;
    }

    /// <summary>All 118, by atomic number.</summary>
    public static IReadOnlyList<Element> All => Table;

    /// <summary>The atomic number Z, 1 to 118.</summary>
    public int Number { get; }

    /// <summary>The symbol, such as <c>Al</c>.</summary>
    public string Symbol { get; }

    /// <summary>The English name.</summary>
    public string Name { get; }

    /// <summary>The standard atomic weight in u.</summary>
    public double Mass { get; }

    /// <summary>The single-bond covalent radius in Å.</summary>
    public double CovalentRadius { get; }

    /// <summary>Pauling's electronegativity, or null where none is tabulated (He, Ne, Ar and elements beyond Lr).</summary>
    public double? Electronegativity { get; }

    /// <summary>The element of that atomic number.</summary>
    /// <exception cref="AtomProNetException">The number is not 1 to 118.</exception>
    public static Element FromNumber(int number) => number is >= 1 and <= 118
        ? Table[number - 1]
        : throw new AtomProNetException(ErrorKind.InvalidData, "ElementUnknown", "There is no element of that atomic number.", value: number.ToString(System.Globalization.CultureInfo.InvariantCulture), remedy: "Atomic numbers run from 1 to 118.");

    /// <summary>The element of that symbol, in its exact spelling (<c>Co</c> is cobalt, <c>CO</c> is none).</summary>
    /// <exception cref="AtomProNetException">There is no such symbol.</exception>
    public static Element FromSymbol(string symbol) => TryFromSymbol(symbol, out Element? element)
        ? element
        : throw new AtomProNetException(ErrorKind.InvalidData, "ElementUnknown", "This is not the symbol of an element.", value: symbol, remedy: "Symbols are written as in the periodic table, such as Al or O.");

    /// <summary>Looks a symbol up, in its exact spelling.</summary>
    public static bool TryFromSymbol(string? symbol, [NotNullWhen(true)] out Element? element)
    {
        element = null;
        return symbol is not null && ByName.Map.TryGetValue(symbol, out element);
    }

    /// <summary>Looks a symbol up in ASCII bytes, in its exact spelling, without allocating.</summary>
    public static bool TryFromSymbol(ReadOnlySpan<byte> symbol, [NotNullWhen(true)] out Element? element)
    {
        int key = symbol.Length switch
        {
            1 => symbol[0] - 'A',
            2 => symbol[0] - 'A' + 26 * (symbol[1] - 'a' + 1),
            _ => -1,
        };
        bool letters = symbol.Length is 1 or 2 && symbol[0] is >= (byte)'A' and <= (byte)'Z' && (symbol.Length == 1 || symbol[1] is >= (byte)'a' and <= (byte)'z');
        element = letters ? ByLetters.Map[key] : null;
        return element is not null;
    }

    /// <inheritdoc/>
    public bool Equals(Element? other) => ReferenceEquals(this, other) || (other is not null && other.Number == Number);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Element);

    /// <inheritdoc/>
    public override int GetHashCode() => Number;

    /// <summary>By atomic number.</summary>
    public int CompareTo(Element? other) => other is null ? 1 : Number.CompareTo(other.Number);

    /// <summary>The symbol.</summary>
    public override string ToString() => Symbol;

    // Nested, so that it is filled after the table, whatever the order of the files in the compilation.
    private static class ByName
    {
        internal static readonly FrozenDictionary<string, Element> Map = Table.ToFrozenDictionary(e => e.Symbol, StringComparer.Ordinal);
    }

    private static class ByLetters
    {
        internal static readonly Element?[] Map = Build();

        private static Element?[] Build()
        {
            var map = new Element?[26 * 27];
            foreach (Element e in Table)
            {
                map[e.Symbol[0] - 'A' + (e.Symbol.Length == 2 ? 26 * (e.Symbol[1] - 'a' + 1) : 0)] = e;
            }

            return map;
        }
    }
}
