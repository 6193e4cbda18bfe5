using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Poscar;

/// <summary>
/// The sites of a structure gathered by element, as POSCAR and POTCAR want them: elements in the order of their first
/// appearance, sites of one element in their old order (Li O Li becomes Li Li O).
/// </summary>
public sealed class SpeciesGrouping
{
    private SpeciesGrouping(ImmutableArray<Element> elements, ImmutableArray<int> counts, ImmutableArray<int> siteOrder, bool isIdentity)
    {
        Elements = elements;
        Counts = counts;
        SiteOrder = siteOrder;
        IsIdentity = isIdentity;
    }

    /// <summary>Each element once, in the order of first appearance: the order of the POTCAR.</summary>
    public ImmutableArray<Element> Elements { get; }

    /// <summary>The number of sites of each of <see cref="Elements"/>.</summary>
    public ImmutableArray<int> Counts { get; }

    /// <summary>For each row of the POSCAR, the index of the structure's site (from 0) that stands there.</summary>
    public ImmutableArray<int> SiteOrder { get; }

    /// <summary>Whether the sites stand in this order already.</summary>
    public bool IsIdentity { get; }

    /// <summary>Groups the sites of a structure.</summary>
    public static SpeciesGrouping Of(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var index = new Dictionary<Element, int>();
        var elements = ImmutableArray.CreateBuilder<Element>();
        var counts = new List<int>();
        foreach (Element element in structure.Species)
        {
            if (!index.TryGetValue(element, out int group))
            {
                index[element] = group = elements.Count;
                elements.Add(element);
                counts.Add(0);
            }

            counts[group]++;
        }

        var next = new int[counts.Count];
        for (int group = 1; group < next.Length; group++)
        {
            next[group] = next[group - 1] + counts[group - 1];
        }

        var order = new int[structure.AtomCount];
        bool identity = true;
        for (int site = 0; site < order.Length; site++)
        {
            int row = next[index[structure.Species[site]]]++;
            order[row] = site;
            identity &= row == site;
        }

        return new(elements.ToImmutable(), [.. counts], [.. order], identity);
    }
}
