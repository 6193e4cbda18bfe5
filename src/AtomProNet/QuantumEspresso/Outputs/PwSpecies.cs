using System.Diagnostics.CodeAnalysis;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>One atomic species of a pw.x run, as its output describes it.</summary>
internal sealed class PwSpecies
{
    /// <summary>The label of ATOMIC_SPECIES, such as <c>Fe1</c>.</summary>
    internal string Label { get; init; } = "";

    /// <summary>The mass that the run used, u.</summary>
    internal double? Mass { get; init; }

    /// <summary>The symbol in the header of the pseudopotential; null where it is no element.</summary>
    internal Element? PotentialElement { get; init; }

    /// <summary>The element: the pseudopotential's, which is what was computed, else the label's.</summary>
    internal Element? Element => PotentialElement ?? (TryParseLabel(Label, out Element? element) ? element : null);

    /// <summary>Whether label and pseudopotential name different elements.</summary>
    internal bool IsContradictory => PotentialElement is not null && TryParseLabel(Label, out Element? element) && !element.Equals(PotentialElement);

    /// <summary>The element that a label names.</summary>
    /// <exception cref="AtomProNetException">It names none.</exception>
    internal static Element ElementOf(string label) => TryParseLabel(label, out Element? element)
        ? element
        : throw new AtomProNetException(ErrorKind.InvalidData, "SpeciesUnknown", "A species label names no element.", value: label);

    /// <summary>
    /// The element that a label names. pw.x takes <c>X</c>, <c>Xn</c>, <c>X_…</c> and <c>X-…</c> with X of one or two letters, in any
    /// case (INPUT_PW, ATOMIC_SPECIES); a second letter belongs to the symbol where both together are one.
    /// </summary>
    internal static bool TryParseLabel(string label, [NotNullWhen(true)] out Element? element)
    {
        element = null;
        if (label.Length == 0 || !char.IsAsciiLetter(label[0]))
        {
            return false;
        }

        string first = char.ToUpperInvariant(label[0]).ToString();
        return (label.Length > 1 && char.IsAsciiLetter(label[1]) && Element.TryFromSymbol(first + char.ToLowerInvariant(label[1]), out element))
            || Element.TryFromSymbol(first, out element);
    }
}

/// <summary>One pseudopotential of a pw.x run.</summary>
/// <param name="FileName">The name of the file, without its folder.</param>
/// <param name="Md5">The MD5 sum that pw.x prints (from 5.0 on), lower-case hex.</param>
internal sealed record PwPotential(string FileName, string? Md5);
