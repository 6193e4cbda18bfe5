using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.Poscar;

/// <summary>What stands behind the rows of positions: an element, perhaps with a charge (<c>Al3+</c>), or any remark.</summary>
internal struct PoscarRowLabels(int total)
{
    private Element?[]? elements;
    private double[]? states;
    private int named;
    private int charged;

    /// <summary>Whether every row names an element.</summary>
    public readonly bool AreComplete => named == total;

    /// <summary>The element that a row names, or null.</summary>
    public readonly Element? this[int row] => elements?[row];

    /// <summary>Takes the label of a row.</summary>
    public void Add(int row, ReadOnlySpan<byte> label)
    {
        if (SpeciesLabel.TryParseOxidationState(label, out Element? element, out double state))
        {
            states ??= new double[total];
            states[row] = state;
            charged++;
        }
        else if (!Element.TryFromSymbol(label, out element))
        {
            return;
        }

        elements ??= new Element?[total];
        elements[row] = element;
        named++;
    }

    /// <summary>The charges, where every row has one and names the element that stands there.</summary>
    public readonly double[]? OxidationStates(IReadOnlyList<Element> species) =>
        states is not null && charged == total && Contradiction(species) is null ? states : null;

    /// <summary>Says which label names another element than the row has; null where none does.</summary>
    public readonly string? Contradiction(IReadOnlyList<Element> species)
    {
        for (int i = 0; elements is not null && i < total; i++)
        {
            if (elements[i] is { } element && element != species[i])
            {
                return FormattableString.Invariant($"Row {i + 1} is labelled {element}, but by the line of symbols it is {species[i]}.");
            }
        }

        return null;
    }
}
