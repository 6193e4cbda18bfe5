using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats;

/// <summary>What a format can hold, so that nothing is lost unsaid.</summary>
public sealed record FormatCapabilities
{
    /// <summary>Whether files of it can be read.</summary>
    public required bool CanRead { get; init; }

    /// <summary>Whether files of it can be written.</summary>
    public required bool CanWrite { get; init; }

    /// <summary>Whether a file can hold more than one structure.</summary>
    public required bool HoldsMany { get; init; }

    /// <summary>Whether it can hold a structure without a cell.</summary>
    public required bool HoldsMolecules { get; init; }

    /// <summary>Whether it tells along which vectors a structure repeats.</summary>
    public required bool HoldsPeriodicity { get; init; }

    /// <summary>Whether the cell keeps its orientation in space, which forces and stress refer to.</summary>
    public required bool KeepsOrientation { get; init; }

    /// <summary>Whether the sites keep their order.</summary>
    public required bool KeepsSiteOrder { get; init; }

    /// <summary>Whether it holds energies, forces and stress.</summary>
    public required bool HoldsLabels { get; init; }

    /// <summary>The site properties that it holds; default (not empty) for any.</summary>
    public ImmutableArray<string> SiteProperties { get; init; }

    /// <summary>Says what a file of this format would not hold of a structure: nothing where it holds everything.</summary>
    public IEnumerable<string> LossesOf(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (!HoldsPeriodicity && structure.Lattice is not null && !structure.Periodicity.All)
        {
            yield return $"that it repeats along {structure.Periodicity} only";
        }

        if (!SiteProperties.IsDefault)
        {
            foreach (string property in structure.SiteProperties.Keys)
            {
                if (!SiteProperties.Contains(property))
                {
                    yield return $"the site property '{property}'";
                }
            }
        }
    }
}
