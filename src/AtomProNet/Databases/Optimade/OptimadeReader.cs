using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Databases.Optimade;

/// <summary>
/// Turns an entry of a structures endpoint into a structure (OPTIMADE specification 1.1 and 1.2, section "Structures Entries").
/// What the standard lets an entry say and a structure cannot hold (mixed sites, assemblies, implicit or attached atoms) is an
/// error of that entry.
/// </summary>
internal static class OptimadeReader
{
    private static readonly string[] RefusedFeatures = ["assemblies", "implicit_atoms", "site_attachments"];

    /// <summary>Reads an entry. It never throws: what is wrong with it stands in its error.</summary>
    public static DatabaseEntry Read(JsonElement entry, OptimadeSource source)
    {
        string id = "?";
        try
        {
            id = Text(entry, "id") ?? (entry.TryGetProperty("id", out JsonElement number) && number.ValueKind == JsonValueKind.Number ? number.GetRawText() : throw Unreadable("The entry has no id."));
            if (Text(entry, "type") is { } type && type != "structures")
            {
                throw Unreadable($"The entry is of the type '{type}', not 'structures'.");
            }

            JsonElement attributes = entry.GetProperty("attributes");
            Refuse(attributes);
            Structure structure = ReadStructure(attributes, entry);
            Check(structure, attributes);
            return new(id, structure.With(name: $"{structure.ReducedFormula}_{id}", provenance: Describe(structure, attributes, id, source)), null, null);
        }
        catch (AtomProNetException e)
        {
            return new(id, null, new(e.Kind, e.ErrorId, $"{id}: {e.Problem}", value: e.Value, remedy: e.Remedy), null);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            return new(id, null, Unreadable($"{id}: the entry is not as it should be ({e.Message.TrimEnd('.')})."), null);
        }
    }

    // Features change what the sites mean, so that one which is not known must not be passed over.
    private static void Refuse(JsonElement attributes)
    {
        foreach (string? feature in Elements(attributes, "structure_features").Select(f => f.GetString()))
        {
            if (feature != "disorder")
            {
                string meaning = feature switch
                {
                    "assemblies" => "groups of sites that exclude each other",
                    "implicit_atoms" => "atoms without positions",
                    "site_attachments" => "atoms that are attached to sites without positions",
                    _ => "a feature that is not known here",
                };
                throw new AtomProNetException(ErrorKind.NotSupported, RefusedFeatures.Contains(feature) ? "StructureNotExplicit" : "FeatureUnknown", $"The entry has {meaning} ({feature}).", remedy: "A calculation needs one position for each atom: take another entry.");
            }
        }

        if (Elements(attributes, "assemblies").Length > 0)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "StructureNotExplicit", "The entry has groups of sites that exclude each other (assemblies).", remedy: "A calculation needs one position for each atom: take another entry.");
        }
    }

    private static Structure ReadStructure(JsonElement attributes, JsonElement entry)
    {
        Dictionary<string, OptimadeSpecies> species = Elements(attributes, "species").Select(OptimadeSpecies.Read).ToDictionary(s => s.Name, StringComparer.Ordinal);
        string[] names = [.. Required(attributes, entry, "species_at_sites").Select(s => s.GetString() ?? "")];
        Vector3D[]? cartesian = Vectors(attributes, "cartesian_site_positions"), fractional = Vectors(attributes, "fractional_site_positions");
        if ((cartesian ?? fractional) is null)
        {
            Required(attributes, entry, "cartesian_site_positions");
        }

        if ((cartesian ?? fractional)!.Length != names.Length || names.Length == 0 || (fractional ?? cartesian)!.Length != names.Length)
        {
            throw Unreadable(string.Create(CultureInfo.InvariantCulture, $"There are {(cartesian ?? fractional)!.Length} positions for {names.Length} sites."));
        }

        int[] dimensions = [.. Elements(attributes, "dimension_types").Select(d => d.GetInt32())];
        Periodicity periodicity = dimensions switch
        {
            [] => Periodicity.Full,
            [0 or 1, 0 or 1, 0 or 1] => new(dimensions[0] == 1, dimensions[1] == 1, dimensions[2] == 1),
            _ => throw Unreadable("The dimension_types are not three of 0 and 1."),
        };
        Lattice? lattice = OptimadeCell.Read(Elements(attributes, "lattice_vectors"), periodicity, cartesian);
        bool useCartesian = cartesian is not null;
        IReadOnlyList<string>? operations = Operations(attributes);
        if (operations is not null)
        {
            if (lattice is null)
            {
                throw Unreadable("The entry gives a part of a cell (site_coordinate_span) but no lattice.");
            }

            fractional ??= [.. cartesian!.Select(lattice.ToFractional)];
            (fractional, names) = AsymmetricUnit.Expand(lattice, fractional, names, operations);
            useCartesian = false;
        }

        if (Number(attributes, "nsites") is { } sites && sites != names.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "MaterialContradictory", string.Create(CultureInfo.InvariantCulture, $"There are {names.Length} sites, but nsites is {sites}."));
        }

        var elements = ImmutableArray.CreateBuilder<Element>();
        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        for (int i = 0; i < names.Length; i++)
        {
            OptimadeSpecies site = species.GetValueOrDefault(names[i]) ?? throw Unreadable($"The species '{names[i]}' is not described.");
            // A site that is surely empty is no atom.
            if (site.Occupant(i + 1) is { } element)
            {
                elements.Add(element);
                positions.Add(useCartesian ? cartesian![i] : fractional![i]);
            }
        }

        if (elements.Count == 0)
        {
            throw Unreadable("The structure has no atoms.");
        }

        return new(lattice, elements.ToImmutable(), positions.ToImmutable(), useCartesian ? CoordinateKind.Cartesian : CoordinateKind.Fractional, lattice is null ? Periodicity.None : periodicity);
    }

    // Since version 1.2 the sites can be a part of the cell, from which symmetry makes the rest.
    private static string[]? Operations(JsonElement attributes)
    {
        string span = Text(attributes, "site_coordinate_span") ?? "unit_cell";
        switch (span)
        {
            case "unit_cell" or "molecular_unit_cell":
                return null;
            case "fundamental_domain" or "asymmetric_unit" or "molecular_fundamental_domain" or "molecular_asymmetric_unit":
                string[] operations = [.. Elements(attributes, "space_group_symmetry_operations_xyz").Select(o => o.GetString() ?? "")];
                return operations.Length > 0
                    ? operations
                    : throw new AtomProNetException(ErrorKind.NotSupported, "SymmetryMissing", $"The entry gives a part of the cell ({span}) without the symmetry operations that make the rest.");
            default:
                throw new AtomProNetException(ErrorKind.NotSupported, "SpanUnknown", "The sites of the entry are no unit cell.", value: span, remedy: "Take another entry.");
        }
    }

    // Two parts of an entry that contradict each other make its label worthless.
    private static void Check(Structure structure, JsonElement attributes)
    {
        if (Text(attributes, "chemical_formula_reduced") is { } formula && FormulaPattern.TryParse(formula, out FormulaPattern? pattern, out _) && pattern!.IsExact && !pattern.Matches(structure.Composition))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "MaterialContradictory", $"The sites are {structure.Composition.Formula}, but the entry is called {formula}.");
        }
    }

    private static Provenance Describe(Structure structure, JsonElement attributes, string id, OptimadeSource source)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["database"] = source.Database,
            ["server"] = source.Server,
            ["material_id"] = id,
            ["formula"] = structure.ReducedFormula,
        };
        Add("api_version", source.ApiVersion);
        Add("database_version", source.DatabaseVersion);
        Add("immutable_id", Text(attributes, "immutable_id"));
        Add("last_modified", Text(attributes, "last_modified"));
        Add("chemical_formula_descriptive", Text(attributes, "chemical_formula_descriptive"));
        Add("space_group_number", Number(attributes, "space_group_it_number")?.ToString(CultureInfo.InvariantCulture));
        Add("space_group_symbol", Text(attributes, "space_group_symbol_hermann_mauguin"));
        Add("optimization_type", Text(attributes, "optimization_type"));
        return Provenance.Root("Optimade", $"{source.Database}:{id}", parameters);

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parameters[key] = value;
            }
        }
    }

    private static JsonElement[] Required(JsonElement attributes, JsonElement entry, string key)
    {
        JsonElement[] elements = Elements(attributes, key);
        if (elements.Length > 0)
        {
            return elements;
        }

        bool elsewhere = entry.TryGetProperty("meta", out JsonElement meta) && meta.ValueKind == JsonValueKind.Object
            && meta.TryGetProperty("partial_data_links", out JsonElement partial) && partial.ValueKind == JsonValueKind.Object && partial.TryGetProperty(key, out _);
        throw elsewhere
            ? new AtomProNetException(ErrorKind.NotSupported, "EntryTooLarge", $"The server holds {key} back because the structure is large (partial data).")
            : Unreadable($"The entry has no {key}.");
    }

    private static JsonElement[] Elements(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private static Vector3D[]? Vectors(JsonElement attributes, string key)
    {
        JsonElement[] rows = Elements(attributes, key);
        return rows.Length == 0 ? null : [.. rows.Select(OptimadeCell.Vector)];
    }

    private static string? Text(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static AtomProNetException Unreadable(string problem) => new(ErrorKind.InvalidData, "MaterialUnreadable", problem);
}
