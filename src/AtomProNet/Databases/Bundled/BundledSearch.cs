using AtomProNet.Structures;

namespace AtomProNet.Databases.Bundled;

/// <summary>Answers a <see cref="MaterialQuery"/> from the bundled crystals.</summary>
public static class BundledSearch
{
    /// <summary>
    /// The crystals that match, the phases that are stable at ambient conditions first.
    /// Formula, chemical system and elements mean what they mean to the Materials Project. The number of sites is that of the
    /// conventional cell. <see cref="MaterialQuery.StableOnly"/> keeps the phases that the literature gives as the stable ones
    /// at ambient conditions.
    /// </summary>
    /// <exception cref="AtomProNetException">
    /// The query asks for what bundled crystals do not have: energies above the hull, band gaps, or ids of another database.
    /// </exception>
    public static IReadOnlyList<BundledCrystal> Find(MaterialQuery query)
    {
        if (query.EnergyAboveHullMinimum is not null || query.EnergyAboveHullMaximum is not null || query.BandGapMinimum is not null || query.BandGapMaximum is not null)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "BundledFilterUnanswerable", "The bundled structures carry no energies above the hull and no band gaps, so that this filter cannot be answered.", remedy: "Leave the filter out, use -Stable for the phases that are stable at ambient conditions, or ask the Materials Project with a key (-Source MaterialsProject).");
        }

        foreach (string id in query.MaterialIds.Where(id => BundledCrystals.Find(id) is null))
        {
            bool own = id.StartsWith(BundledCrystal.IdPrefix, StringComparison.OrdinalIgnoreCase);
            bool database = id.Contains('-', StringComparison.Ordinal) && !own;
            throw new AtomProNetException(
                ErrorKind.NotFound,
                "MaterialNotFound",
                database
                    ? $"The bundled structures are no entries of the Materials Project: there is no '{id}' among them."
                    : $"There is no bundled structure '{id}'.",
                remedy: database
                    ? "Ask for a formula instead (Get-MPStructure Al2O3), or get a key at https://next-gen.materialsproject.org/api and give it as -ApiKey or in MP_API_KEY."
                    : "If a formula was meant, write symbols as in the periodic table (Al2O3); Get-MPStructure -Source Bundled lists what there is.");
        }

        IEnumerable<BundledCrystal> found = BundledCrystals.All.Where(c => Matches(c, query)).OrderBy(c => c.Phase == CrystalPhase.Ambient ? 0 : 1);
        return [.. query.First is { } first ? found.Take(first) : found];
    }

    private static bool Matches(BundledCrystal crystal, MaterialQuery query)
    {
        Structure structure = crystal.Structure;
        Composition composition = structure.Composition;
        return (query.MaterialIds.IsEmpty || query.MaterialIds.Any(id => BundledCrystals.Find(id) == crystal))
            && query.Formula?.Matches(composition) != false
            && query.ChemicalSystem?.Matches(composition) != false
            && query.Elements.All(e => composition[e] > 0)
            && query.ExcludedElements.All(e => composition[e] == 0)
            && (!query.StableOnly || crystal.Phase == CrystalPhase.Ambient)
            && !(structure.AtomCount < query.SiteCountMinimum)
            && !(structure.AtomCount > query.SiteCountMaximum)
            && (query.SpaceGroup is null || query.SpaceGroup.Value.Number == crystal.SpaceGroupNumber)
            // All of them were measured, and none is withdrawn.
            && query.Theoretical != true
            && !query.Deprecated;
    }
}
