using System.Text;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>One entry of the POTCAR: a species may stand in it twice (Ti O Ti), and is never merged by name.</summary>
/// <param name="Element">The element.</param>
/// <param name="Count">The number of its atoms.</param>
/// <param name="Potential">The potential's TITEL without blanks at its ends; null where the file does not tell.</param>
internal sealed record VaspType(Element Element, int Count, string? Potential);

/// <summary>Reads elements off the names that VASP prints for potentials.</summary>
internal static class VaspSpecies
{
    /// <summary>
    /// From <c>VRHFIN =Li: 1s2s2p</c>. Some potentials have <c>X</c> there for Xe and <c>r</c> for Zr_sv: the former is known,
    /// the latter is none.
    /// </summary>
    internal static Element? FromConfiguration(ReadOnlySpan<byte> text)
    {
        int equals = text.IndexOf((byte)'=');
        return Leading(text[(equals + 1)..]);
    }

    /// <summary>From <c>PAW_PBE Sn_d 06Sep2000</c>, <c>US H</c>, <c>PAW H1.25 07Sep2000</c>: the second word up to what is no letter.</summary>
    internal static Element? FromTitle(string? title)
    {
        if (title is null)
        {
            return null;
        }

        string[] words = title.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : Leading(Encoding.UTF8.GetBytes(words[words.Length > 1 ? 1 : 0]));
    }

    private static bool Counted(ReadOnlySpan<Element?> votes, Element candidate)
    {
        foreach (Element? vote in votes)
        {
            if (candidate.Equals(vote))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The element that most of the places agree on which name it. Each place that names another one, or none, is a finding;
    /// where they are at a draw nobody knows, and nothing is guessed.
    /// </summary>
    /// <param name="votes">What VRHFIN, TITEL and the POTCAR line say; null where a line is missing or names no element.</param>
    /// <param name="unanimous">Whether all that name an element name the same.</param>
    /// <returns>Null where no element was named, or it is a draw.</returns>
    internal static Element? Agree(ReadOnlySpan<Element?> votes, out bool unanimous)
    {
        Element? best = null;
        int bestCount = 0, secondCount = 0;
        for (int i = 0; i < votes.Length; i++)
        {
            if (votes[i] is not { } candidate || Counted(votes[..i], candidate))
            {
                continue;
            }

            int count = 0;
            foreach (Element? vote in votes)
            {
                count += candidate.Equals(vote) ? 1 : 0;
            }

            if (count > bestCount)
            {
                (best, bestCount, secondCount) = (candidate, count, bestCount);
            }
            else
            {
                secondCount = Math.Max(secondCount, count);
            }
        }

        unanimous = secondCount == 0;
        return bestCount > secondCount ? best : null;
    }

    private static Element? Leading(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        int length = 0;
        while (length < text.Length && (text[length] | 0x20) is >= 'a' and <= 'z')
        {
            length++;
        }

        ReadOnlySpan<byte> symbol = text[..length];
        return symbol.SequenceEqual("X"u8) ? Element.FromSymbol("Xe") : Element.TryFromSymbol(symbol, out Element? element) ? element : null;
    }
}
