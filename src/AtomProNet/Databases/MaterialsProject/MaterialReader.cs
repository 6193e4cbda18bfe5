using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Databases.MaterialsProject;

/// <summary>
/// Turns a document of the Materials Project into a structure. Only what can be relied on is used: <c>lattice.matrix</c> (Å, rows
/// a, b, c) and each site's <c>abc</c> (fractional) and <c>species</c>; everything else is optional.
/// </summary>
internal static class MaterialReader
{
    /// <summary>The fields that are asked for.</summary>
    public const string Fields = "material_id,formula_pretty,nsites,symmetry,energy_above_hull,formation_energy_per_atom,is_stable,theoretical,deprecated,band_gap,structure";

    private const double FullOccupancy = 1e-8;

    /// <summary>Reads a document. It never throws: what is wrong with the document stands in its error.</summary>
    public static MaterialDocument Read(JsonElement document, MaterialSource source)
    {
        string id = MaterialDocument.WithoutId;
        double? energy = null;
        bool? stable = null;
        try
        {
            if (document.ValueKind != JsonValueKind.Object)
            {
                throw Unreadable("The document is no JSON object.");
            }

            id = Text(document, "material_id") ?? throw Unreadable("The document has no material_id.");
            energy = Number(document, "energy_above_hull");
            stable = Truth(document, "is_stable");
            Structure structure = ReadStructure(document, id);
            Check(structure, document);
            string name = $"{structure.ReducedFormula}_{id}";
            return new(id, energy, stable, structure.With(name: name, provenance: Describe(structure, document, id, source)), null);
        }
        catch (AtomProNetException e)
        {
            // The id is not in the problem when a part deep inside finds it.
            return new(id, energy, stable, null, new(e.Kind, e.ErrorId, $"{id}: {e.Problem}", value: e.Value, remedy: e.Remedy));
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or IndexOutOfRangeException)
        {
            return new(id, energy, stable, null, Unreadable($"{id}: the structure is not as it should be ({e.Message.TrimEnd('.')})."));
        }
    }

    private static Structure ReadStructure(JsonElement document, string id)
    {
        if (!document.TryGetProperty("structure", out JsonElement structure) || structure.ValueKind != JsonValueKind.Object)
        {
            throw Unreadable("The document has no structure.");
        }

        double[][] rows = [.. structure.GetProperty("lattice").GetProperty("matrix").EnumerateArray().Select(Numbers)];
        if (rows.Length != 3)
        {
            throw Unreadable("The lattice has no three vectors.");
        }

        var lattice = new Lattice(new Matrix3x3(Vector(rows[0]), Vector(rows[1]), Vector(rows[2])));
        var species = ImmutableArray.CreateBuilder<Element>();
        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        var moments = ImmutableArray.CreateBuilder<double>();
        foreach (JsonElement site in structure.GetProperty("sites").EnumerateArray())
        {
            species.Add(ReadSpecies(site, species.Count + 1));
            positions.Add(Vector(Numbers(site.GetProperty("abc"))));
            if (site.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object && Number(properties, "magmom") is { } moment)
            {
                moments.Add(moment);
            }
        }

        if (species.Count == 0)
        {
            throw Unreadable("The structure has no sites.");
        }

        // A column of moments is one only if every site has one.
        var columns = moments.Count == species.Count
            ? ImmutableSortedDictionary.Create<string, SiteProperty>(StringComparer.Ordinal).Add("magmom", SiteProperty.Real(1, moments.ToImmutable()))
            : null;
        return new(lattice, species.ToImmutable(), positions.ToImmutable(), CoordinateKind.Fractional, siteProperties: columns, name: id);
    }

    private static Element ReadSpecies(JsonElement site, int number)
    {
        JsonElement[] species = [.. site.GetProperty("species").EnumerateArray()];
        if (species.Length != 1 || Math.Abs(Occupancy(species[0]) - 1) > FullOccupancy)
        {
            string found = string.Join(", ", species.Select(s => string.Create(CultureInfo.InvariantCulture, $"{Text(s, "element")} {Occupancy(s)}")));
            throw new AtomProNetException(ErrorKind.NotSupported, "PartialOccupancy", $"Site {number.ToString(CultureInfo.InvariantCulture)} is partly occupied or shared.", value: found, remedy: "A calculation needs whole atoms: take an ordered material, or order this one first.");
        }

        string symbol = Text(species[0], "element") ?? throw Unreadable($"Site {number.ToString(CultureInfo.InvariantCulture)} names no element.");
        return Element.FromSymbol(symbol);
    }

    private static double Occupancy(JsonElement species) => species.TryGetProperty("occu", out JsonElement occupancy) ? occupancy.GetDouble() : 1;

    // Two parts of a document that contradict each other make its label worthless.
    private static void Check(Structure structure, JsonElement document)
    {
        if (Number(document, "nsites") is { } sites && sites != structure.AtomCount)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "MaterialContradictory", string.Create(CultureInfo.InvariantCulture, $"The structure has {structure.AtomCount} sites, but nsites is {sites}."));
        }

        if (Text(document, "formula_pretty") is { } formula && FormulaPattern.TryParse(formula, out FormulaPattern? pattern, out _) && pattern!.IsExact && !pattern.Matches(structure.Composition))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "MaterialContradictory", $"The structure is {structure.Composition.Formula}, but the material is called {formula}.");
        }
    }

    private static Provenance Describe(Structure structure, JsonElement document, string id, MaterialSource source)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["database"] = "Materials Project",
            ["server"] = source.Server,
            ["material_id"] = id,
            ["formula"] = structure.ReducedFormula,
        };
        Add("database_version", source.DatabaseVersion);
        Add("energy_above_hull", Format(Number(document, "energy_above_hull")));
        Add("formation_energy_per_atom", Format(Number(document, "formation_energy_per_atom")));
        Add("band_gap", Format(Number(document, "band_gap")));
        Add("is_stable", Format(Truth(document, "is_stable")));
        Add("theoretical", Format(Truth(document, "theoretical")));
        Add("deprecated", Format(Truth(document, "deprecated")));
        if (document.TryGetProperty("symmetry", out JsonElement symmetry) && symmetry.ValueKind == JsonValueKind.Object)
        {
            Add("space_group_number", Format(Number(symmetry, "number")));
            Add("space_group_symbol", Text(symmetry, "symbol"));
        }

        return Provenance.Root("MaterialsProject", id, parameters);

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                parameters[key] = value;
            }
        }
    }

    private static string? Format(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Format(bool? truth) => truth is null ? null : truth.Value ? "true" : "false";

    private static string? Text(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static bool? Truth(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetDouble())];

    private static Vector3D Vector(double[] numbers) => numbers.Length == 3 ? new(numbers[0], numbers[1], numbers[2]) : throw Unreadable("A vector has no three components.");

    private static AtomProNetException Unreadable(string problem) => new(ErrorKind.InvalidData, "MaterialUnreadable", problem);
}
