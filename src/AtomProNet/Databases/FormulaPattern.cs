using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Databases;

/// <summary>
/// A formula as databases are asked for it, by the Materials Project's rules: an ordinary one (<c>Al2O3</c>), one with wildcards
/// (<c>Al*O3</c>: each star is some other element), or an anonymous one (<c>ABO3</c>: any elements in these proportions;
/// as soon as one letter is no element, every letter is a placeholder).
/// </summary>
public sealed class FormulaPattern
{
    private readonly ImmutableSortedDictionary<Element, int> named;
    private readonly ImmutableArray<int> placeholders;

    private FormulaPattern(string text, ImmutableSortedDictionary<Element, int> named, ImmutableArray<int> placeholders, bool isAnonymous)
    {
        int divisor = named.Values.Concat(placeholders).Aggregate(0, GreatestCommonDivisor);
        Text = text;
        IsAnonymous = isAnonymous;
        this.named = named.ToImmutableSortedDictionary(p => p.Key, p => p.Value / divisor);
        this.placeholders = [.. placeholders.Select(n => n / divisor).Order()];
    }

    /// <summary>The formula as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether every letter is a placeholder, as in <c>ABO3</c>.</summary>
    public bool IsAnonymous { get; }

    /// <summary>Whether some elements are left open by stars.</summary>
    public bool HasWildcards => !IsAnonymous && !placeholders.IsEmpty;

    /// <summary>Whether it names all its elements.</summary>
    public bool IsExact => placeholders.IsEmpty;

    /// <summary>The elements that are named.</summary>
    public IEnumerable<Element> Elements => named.Keys;

    /// <summary>The named elements with their numbers, in lowest terms together with <see cref="Placeholders"/>.</summary>
    internal ImmutableSortedDictionary<Element, int> Named => named;

    /// <summary>The numbers of the open elements, ascending.</summary>
    internal ImmutableArray<int> Placeholders => placeholders;

    /// <summary>Reads a formula.</summary>
    /// <exception cref="AtomProNetException">The text is no formula of any of the three kinds.</exception>
    public static FormulaPattern Parse(string text) => TryParse(text, out FormulaPattern? pattern, out string? problem)
        ? pattern!
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "FormulaInvalid", problem!, value: text, remedy: "Write Al2O3, with stars for open elements Al*O3, or anonymous ABO3.");

    /// <summary>Reads a formula, where the text is one.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="pattern">What was read.</param>
    /// <param name="problem">Why the text is none.</param>
    public static bool TryParse(string text, out FormulaPattern? pattern, out string? problem)
    {
        text = text.Trim();
        pattern = null;
        var symbols = new Dictionary<string, int>(StringComparer.Ordinal);
        int stars = 0, position = 0;
        if (text.Length == 0 || !Group(text, ref position, 0, symbols, ref stars) || position != text.Length || symbols.Count == 0)
        {
            problem = "This is not a chemical formula.";
            return false;
        }

        string[] unknown = [.. symbols.Keys.Where(s => s[0] != '*' && !Element.TryFromSymbol(s, out _))];
        if (unknown.Length == 0)
        {
            var named = ImmutableSortedDictionary.CreateBuilder<Element, int>();
            foreach ((string symbol, int n) in symbols.Where(s => s.Key[0] != '*'))
            {
                named.Add(Element.FromSymbol(symbol), n);
            }

            pattern = new(text, named.ToImmutable(), [.. symbols.Where(s => s.Key[0] == '*').Select(s => s.Value)], isAnonymous: false);
        }
        else if (stars == 0 && symbols.Keys.All(s => s.Length == 1))
        {
            pattern = new(text, ImmutableSortedDictionary<Element, int>.Empty, [.. symbols.Values], isAnonymous: true);
        }
        else
        {
            problem = $"'{unknown[0]}' is no element, and a formula is either anonymous (single letters only) or names elements and leaves others open with stars.";
            return false;
        }

        problem = null;
        return true;
    }

    /// <summary>Whether a composition has this formula, in any multiple.</summary>
    public bool Matches(Composition composition)
    {
        if (composition.Counts.Count != named.Count + placeholders.Length)
        {
            return false;
        }

        int divisor = composition.Divisor;
        var open = new List<int>(placeholders.Length);
        foreach ((Element element, int n) in composition.Counts)
        {
            if (named.TryGetValue(element, out int wanted))
            {
                if (wanted != n / divisor)
                {
                    return false;
                }
            }
            else
            {
                open.Add(n / divisor);
            }
        }

        open.Sort();
        return open.SequenceEqual(placeholders);
    }

    /// <summary>The formula as it was given.</summary>
    public override string ToString() => Text;

    // Stars are numbered: each stands for an element of its own.
    private static bool Group(string text, ref int position, int depth, Dictionary<string, int> into, ref int stars)
    {
        while (position < text.Length && text[position] != ')')
        {
            var part = new Dictionary<string, int>(StringComparer.Ordinal);
            char c = text[position];
            if (c == '(')
            {
                position++;
                if (!Group(text, ref position, depth + 1, part, ref stars) || position >= text.Length || part.Count == 0)
                {
                    return false;
                }

                position++;
            }
            else if (c == '*')
            {
                position++;
                part["*" + (++stars).ToString(CultureInfo.InvariantCulture)] = 1;
            }
            else if (char.IsAsciiLetterUpper(c))
            {
                int length = position + 1 < text.Length && char.IsAsciiLetterLower(text[position + 1]) ? 2 : 1;
                part[text.Substring(position, length)] = 1;
                position += length;
            }
            else
            {
                return false;
            }

            int start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            int factor = 1;
            if (position > start && (!int.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out factor) || factor is 0 or > 100_000))
            {
                return false;
            }

            foreach ((string symbol, int n) in part)
            {
                into[symbol] = into.GetValueOrDefault(symbol) + n * factor;
            }
        }

        return depth > 0 || position == text.Length;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
