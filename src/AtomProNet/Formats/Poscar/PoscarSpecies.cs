using System.Collections.Immutable;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.Poscar;

/// <summary>
/// Finds the element of every row. The line of symbols decides; where there is none (VASP 4), what the caller gave, the labels
/// behind the rows or the comment line, as long as they leave no doubt.
/// </summary>
internal static class PoscarSpecies
{
    private const string Remedy = "Give the elements in the order of the file, as with -Species Al,O, or write them on a line before the numbers of atoms.";

    /// <summary>The element of every row.</summary>
    /// <param name="named">The line of symbols; null in a file of VASP 4.</param>
    /// <param name="counts">The numbers of atoms.</param>
    /// <param name="comment">The first line.</param>
    /// <param name="labels">What stands behind the rows.</param>
    /// <param name="options">What the caller gave.</param>
    public static ImmutableArray<Element> Resolve(List<Element>? named, int[] counts, ReadOnlySpan<byte> comment, PoscarRowLabels labels, PoscarReadOptions options)
    {
        ImmutableArray<Element> given = options.Species.IsDefault ? [] : options.Species;
        if (given.Length > 0 && given.Length != counts.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PoscarSpeciesCount", FormattableString.Invariant($"{given.Length} elements were given, but the file has {counts.Length} blocks of atoms."), remedy: "Give one element for each number on the line of numbers.");
        }

        if (given.Length > 0 && named is not null && !given.SequenceEqual(named))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PoscarSpeciesContradict", $"The file names its elements ({string.Join(' ', named)}), and they are not the ones that were given.", value: string.Join(' ', given), remedy: "Leave -Species out for a file that names its elements.");
        }

        IReadOnlyList<Element> blocks = given.Length > 0 ? given : named ?? Infer(counts, comment, labels);
        var species = ImmutableArray.CreateBuilder<Element>();
        for (int block = 0; block < counts.Length; block++)
        {
            for (int i = 0; i < counts[block]; i++)
            {
                species.Add(blocks[block]);
            }
        }

        return species.ToImmutable();
    }

    private static List<Element> Infer(int[] counts, ReadOnlySpan<byte> comment, PoscarRowLabels labels)
    {
        List<Element>? byLabels = FromLabels(counts, labels);
        List<Element>? byComment = FromComment(counts, comment);
        if (byLabels is not null && byComment is not null && !byLabels.SequenceEqual(byComment))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "PoscarSpeciesMissing", $"The file has no line of symbols, and its comment line and the labels behind its rows ({string.Join(' ', byLabels)}) contradict each other.", line: 1, value: Utf8Fields.ToText(comment), remedy: Remedy);
        }

        return byLabels ?? byComment ?? throw new AtomProNetException(ErrorKind.InvalidData, "PoscarSpeciesMissing", FormattableString.Invariant($"The file has no line of symbols (VASP 4), and its comment line does not name {counts.Length} element(s) without doubt."), line: 1, value: Utf8Fields.ToText(comment), remedy: Remedy);
    }

    /// <summary>Every row has a label, and those of one block name one element.</summary>
    private static List<Element>? FromLabels(int[] counts, PoscarRowLabels labels)
    {
        if (!labels.AreComplete || counts.Contains(0))
        {
            return null;
        }

        var blocks = new List<Element>();
        int row = 0;
        foreach (int count in counts)
        {
            Element first = labels[row]!;
            for (int i = 0; i < count; i++, row++)
            {
                if (labels[row] != first)
                {
                    return null;
                }
            }

            blocks.Add(first);
        }

        return blocks;
    }

    /// <summary>Every word of the comment is a symbol, alone or with the very number of atoms (<c>Al8 O12</c>), and there are as many as blocks.</summary>
    private static List<Element>? FromComment(int[] counts, ReadOnlySpan<byte> comment)
    {
        var blocks = new List<Element>();
        var words = new Utf8Fields(comment);
        while (words.TryRead(out ReadOnlySpan<byte> word))
        {
            ReadOnlySpan<byte> symbol = word.TrimEnd("0123456789"u8);
            ReadOnlySpan<byte> number = word[symbol.Length..];
            if (blocks.Count == counts.Length || !Element.TryFromSymbol(symbol, out Element? element)
                || (!number.IsEmpty && !(Utf8Number.TryParseInteger(number, out long count) && count == counts[blocks.Count])))
            {
                return null;
            }

            blocks.Add(element);
        }

        return blocks.Count == counts.Length ? blocks : null;
    }
}
