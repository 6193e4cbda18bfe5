using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AtomProNet.Databases.MaterialsProject;

/// <summary>A <see cref="MaterialQuery"/> in the words of the summary endpoint.</summary>
internal static class SummaryQuery
{
    /// <summary>The endpoint. Without the slash at its end the server redirects.</summary>
    public const string Path = "materials/summary/";

    /// <summary>The order that is asked for: by energy, and among equals by id, so that paging is stable.</summary>
    private const string Order = "energy_above_hull,material_id";

    /// <summary>The query without its page, in a fixed order of its parts: two ways of asking the same thing give one text.</summary>
    /// <param name="query">What to look for.</param>
    /// <param name="ids">The ids of this request, a part of the query's where the list is long.</param>
    public static string Write(MaterialQuery query, ImmutableArray<string> ids)
    {
        var text = new StringBuilder();
        Add("material_ids", string.Join(',', ids));
        Add("formula", query.Formula?.Text);
        Add("chemsys", query.ChemicalSystem?.ToString());
        Add("elements", string.Join(',', query.Elements.Select(e => e.Symbol).Order(StringComparer.Ordinal)));
        Add("exclude_elements", string.Join(',', query.ExcludedElements.Select(e => e.Symbol).Order(StringComparer.Ordinal)));
        Add("is_stable", query.StableOnly ? "true" : null);
        Add("energy_above_hull_min", Number(query.EnergyAboveHullMinimum));
        Add("energy_above_hull_max", Number(query.EnergyAboveHullMaximum));
        Add("nsites_min", Number(query.SiteCountMinimum));
        Add("nsites_max", Number(query.SiteCountMaximum));
        Add("spacegroup_number", Number(query.SpaceGroup?.Number));
        Add("theoretical", query.Theoretical is null ? null : query.Theoretical.Value ? "true" : "false");
        Add("deprecated", query.Deprecated ? "true" : "false");
        Add("band_gap_min", Number(query.BandGapMinimum));
        Add("band_gap_max", Number(query.BandGapMaximum));
        Add("_sort_fields", Order);
        Add("_fields", MaterialReader.Fields);
        return text.ToString();

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                // Commas and stars are allowed in a query and keep the address readable and short.
                string escaped = Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal).Replace("%2A", "*", StringComparison.Ordinal);
                text.Append(text.Length > 0 ? "&" : "").Append(key).Append('=').Append(escaped);
            }
        }
    }

    /// <summary>Path and query of one page.</summary>
    public static string Page(string query, long skip, int limit) => string.Create(CultureInfo.InvariantCulture, $"{Path}?{query}&_skip={skip}&_limit={limit}");

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
