using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Databases;

/// <summary>
/// A chemical system: these elements and no others, such as <c>Al-O</c>. A star leaves an element open: <c>Al-*</c> is every
/// binary system with aluminium.
/// </summary>
public sealed class ChemicalSystem
{
    private readonly int openCount;

    private ChemicalSystem(ImmutableSortedSet<string> symbols, int openCount)
    {
        Symbols = symbols;
        this.openCount = openCount;
    }

    /// <summary>The symbols of the named elements, by alphabet.</summary>
    public ImmutableSortedSet<string> Symbols { get; }

    /// <summary>How many elements there are, the open ones included.</summary>
    public int ElementCount => Symbols.Count + openCount;

    /// <summary>Whether elements are left open.</summary>
    public bool HasWildcards => openCount > 0;

    /// <summary>Reads a chemical system.</summary>
    /// <exception cref="AtomProNetException">The text is none.</exception>
    public static ChemicalSystem Parse(string text) => TryParse(text, out ChemicalSystem? system)
        ? system!
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "ChemicalSystemInvalid", "This is not a chemical system.", value: text, remedy: "Write symbols of elements joined by hyphens, such as Al-O, with a star for an open element: Al-*.");

    /// <summary>Reads a chemical system, where the text is one.</summary>
    public static bool TryParse(string text, out ChemicalSystem? system)
    {
        system = null;
        var symbols = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        int open = 0;
        foreach (string part in text.Trim().Split('-', StringSplitOptions.TrimEntries))
        {
            if (part == "*")
            {
                open++;
            }
            else if (!Element.TryFromSymbol(part, out _) || !symbols.Add(part))
            {
                return false;
            }
        }

        system = new(symbols.ToImmutable(), open);
        return true;
    }

    /// <summary>Whether a composition consists of exactly these elements.</summary>
    public bool Matches(Composition composition)
    {
        var elements = composition.Counts.Keys.Select(e => e.Symbol).ToHashSet(StringComparer.Ordinal);
        return elements.Count == ElementCount && Symbols.All(elements.Contains);
    }

    /// <summary>The named symbols by alphabet, then the stars: two ways of writing one system give one text.</summary>
    public override string ToString() => string.Join('-', Symbols.Concat(Enumerable.Repeat("*", openCount)));
}
