using System.Globalization;
using System.Text;

namespace AtomProNet.Structures;

/// <summary>How many atoms of each element: of a cell, or of a formula. Immutable.</summary>
public sealed class Composition : IEquatable<Composition>
{
    private string? formula, reducedFormula;

    private Composition(IReadOnlyDictionary<Element, int> counts)
    {
        Counts = new(counts);
        AtomCount = Counts.Values.Sum();
    }

    /// <summary>The number of atoms of each element, by atomic number.</summary>
    public ElementCounts Counts { get; }

    /// <summary>The number of all atoms.</summary>
    public int AtomCount { get; }

    /// <summary>The elements, by electronegativity and then symbol: metals first, as formulas are written.</summary>
    public IEnumerable<Element> Elements => Counts.Keys
        .OrderBy(e => e.Electronegativity ?? double.PositiveInfinity)
        .ThenBy(e => e.Symbol, StringComparer.Ordinal);

    /// <summary>The formula of the cell, such as <c>Al4O6</c>, elements by electronegativity.</summary>
    public string Formula => formula ??= Write(1);

    /// <summary>
    /// The formula divided by its greatest common divisor, such as <c>Al2O3</c>, elements by electronegativity (pymatgen's order).
    /// Elements that come as molecules keep two atoms where the cell has an even number: O2, N2, H2, F2, Cl2.
    /// </summary>
    public string ReducedFormula => reducedFormula ??= Reduced();

    /// <summary>The number of formula units in the cell.</summary>
    public int Divisor => Counts.Count == 0 ? 1 : Counts.Values.Aggregate(0, GreatestCommonDivisor);

    /// <summary>The chemical system, symbols by alphabet, such as <c>Al-O</c>.</summary>
    public string ChemicalSystem => string.Join('-', Counts.Keys.Select(e => e.Symbol).Order(StringComparer.Ordinal));

    /// <summary>The number of atoms of an element, 0 where there are none.</summary>
    public int this[Element element] => Counts.GetValueOrDefault(element);

    /// <summary>Counts the atoms of a structure.</summary>
    public static Composition Of(IEnumerable<Element> species)
    {
        var counts = new SortedDictionary<Element, int>();
        // Atoms of one element mostly follow each other.
        Element? last = null;
        int run = 0;
        foreach (Element e in species)
        {
            if (last is not null && !ReferenceEquals(e, last))
            {
                counts[last] = counts.GetValueOrDefault(last) + run;
                run = 0;
            }

            last = e;
            run++;
        }

        if (last is not null)
        {
            counts[last] = counts.GetValueOrDefault(last) + run;
        }

        return new(counts);
    }

    /// <summary>Reads a formula such as <c>Al2O3</c>, <c>Ca(OH)2</c> or <c>LiCoO2</c>.</summary>
    /// <exception cref="AtomProNetException">The text is no formula.</exception>
    public static Composition Parse(string formula)
    {
        int position = 0;
        Dictionary<Element, int> counts = Group(formula, ref position, depth: 0);
        if (counts.Count == 0 || position != formula.Length)
        {
            throw Wrong(formula);
        }

        return new(counts);
    }

    /// <inheritdoc/>
    public bool Equals(Composition? other) => other is not null && Counts.SequenceEqual(other.Counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Composition);

    /// <inheritdoc/>
    public override int GetHashCode() => Counts.Aggregate(0, (hash, pair) => HashCode.Combine(hash, pair.Key.Number, pair.Value));

    /// <summary>The formula of the cell.</summary>
    public override string ToString() => Formula;

    private static Dictionary<Element, int> Group(string text, ref int position, int depth)
    {
        var counts = new Dictionary<Element, int>();
        while (position < text.Length && text[position] != ')')
        {
            Dictionary<Element, int> part;
            if (text[position] == '(')
            {
                position++;
                part = Group(text, ref position, depth + 1);
                if (position >= text.Length)
                {
                    throw Wrong(text);
                }

                position++;
            }
            else
            {
                int length = position + 1 < text.Length && char.IsAsciiLetterLower(text[position + 1]) ? 2 : 1;
                if (!Element.TryFromSymbol(text.Substring(position, length), out Element? element))
                {
                    throw Wrong(text);
                }

                position += length;
                part = new() { [element] = 1 };
            }

            int start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            int factor = 1;
            if (position > start && (!int.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out factor) || factor == 0))
            {
                throw Wrong(text);
            }

            foreach ((Element e, int n) in part)
            {
                counts[e] = counts.GetValueOrDefault(e) + n * factor;
            }
        }

        if (depth == 0 && position < text.Length)
        {
            throw Wrong(text);
        }

        return counts;
    }

    private string Reduced()
    {
        int divisor = Divisor;
        bool molecule = Counts.Count == 1 && Counts.Keys.First().Symbol is "H" or "N" or "O" or "F" or "Cl";
        return molecule && Counts.Count == 1 && AtomCount % 2 == 0 ? Write(AtomCount / 2) : Write(divisor);
    }

    private static AtomProNetException Wrong(string formula) =>
        new(ErrorKind.InvalidArgument, "FormulaInvalid", "This is not a chemical formula.", value: formula, remedy: "Write it with element symbols and whole numbers, such as Al2O3.");

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private string Write(int divisor)
    {
        var text = new StringBuilder();
        foreach (Element e in Elements)
        {
            int n = Counts[e] / divisor;
            text.Append(e.Symbol);
            if (n != 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"{n}");
            }
        }

        return text.ToString();
    }
}
