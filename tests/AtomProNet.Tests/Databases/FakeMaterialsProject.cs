using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AtomProNet.Tests.Databases;

/// <summary>Answers as the summary endpoint of the Materials Project does: filters, fields, order, paging, errors.</summary>
internal sealed class FakeMaterialsProject : FakeServer
{
    public const string Key = "0123456789abcdefKEY0123456789XYZ";

    public string? Version { get; set; } = "2025.09.25";

    /// <summary>What total_doc is off by.</summary>
    public int CountError { get; set; }

    /// <summary>The longest request line before 414.</summary>
    public int LongestRequest { get; set; } = 16_000;

    public List<JsonObject> Materials { get; } = [];

    /// <summary>A cubic rock-salt material; every number of it can be checked by hand.</summary>
    public static JsonObject RockSalt(string id, string cation, string anion, double a, double energy, bool theoretical = false, bool deprecated = false) =>
        Material(id, [cation, anion], [cation + anion], [[a / 2, a / 2, 0], [a / 2, 0, a / 2], [0, a / 2, a / 2]], [[0, 0, 0], [0.5, 0.5, 0.5]], energy, 225, "Fm-3m", theoretical, deprecated);

    public static JsonObject Material(string id, string[] species, string[] formula, double[][] matrix, double[][] abc, double? energy, int group, string symbol, bool theoretical = false, bool deprecated = false)
    {
        string[] elements = [.. species.Distinct().Order(StringComparer.Ordinal)];
        var sites = new JsonArray();
        for (int i = 0; i < species.Length; i++)
        {
            sites.Add(new JsonObject
            {
                ["species"] = new JsonArray(new JsonObject { ["element"] = species[i], ["occu"] = 1 }),
                ["abc"] = Row(abc[i]),
                ["properties"] = new JsonObject { ["magmom"] = 0.25 * i },
                ["label"] = species[i],
            });
        }

        return new JsonObject
        {
            ["material_id"] = id,
            ["formula_pretty"] = formula[0],
            ["chemsys"] = string.Join('-', elements),
            ["elements"] = new JsonArray([.. elements.Select(e => (JsonNode)e)]),
            ["nsites"] = species.Length,
            ["energy_above_hull"] = energy,
            ["formation_energy_per_atom"] = -1.5,
            ["is_stable"] = energy == 0,
            ["theoretical"] = theoretical,
            ["deprecated"] = deprecated,
            ["band_gap"] = 4.5,
            ["symmetry"] = new JsonObject { ["crystal_system"] = "Cubic", ["symbol"] = symbol, ["number"] = group },
            ["structure"] = new JsonObject
            {
                ["@module"] = "pymatgen.core.structure",
                ["@class"] = "Structure",
                ["charge"] = 0,
                ["lattice"] = new JsonObject { ["matrix"] = new JsonArray([.. matrix.Select(r => (JsonNode)Row(r))]), ["pbc"] = new JsonArray(true, true, true) },
                ["sites"] = sites,
            },
        };

        static JsonArray Row(double[] values) => new([.. values.Select(v => (JsonNode)v)]);
    }

    /// <summary>Many polymorphs of one formula with rising energies, in a mixed order.</summary>
    public void AddPolymorphs(int count)
    {
        for (int i = 0; i < count; i++)
        {
            int k = (i * 7919) % count;
            Materials.Add(RockSalt($"mp-{100 + k}", "Mg", "O", 4.2 + 0.001 * k, 0.01 * k));
        }
    }

    protected override (int Status, string Body) Answer(HttpRequest request)
    {
        if (request.Headers["X-API-KEY"] != Key)
        {
            // Real gateways repeat what they got.
            return (401, $$"""{"detail": "No API key found in request or invalid key '{{request.Headers["X-API-KEY"]}}'"}""");
        }

        if (request.Path == "/heartbeat")
        {
            return (200, Version is null ? """{"status": "OK"}""" : $$"""{"status": "OK", "time": "2026-01-01T00:00:00", "version": "0.84", "db_version": "{{Version}}"}""");
        }

        if (request.Path != "/materials/summary/")
        {
            return (404, """{"detail": "Not Found"}""");
        }

        if (request.Path.Value!.Length + request.QueryString.Value!.Length > LongestRequest)
        {
            return (414, "<html><body>414 Request-URI Too Large</body></html>");
        }

        string? Get(string key) => request.Query.TryGetValue(key, out var value) ? value.ToString() : null;
        int limit = int.Parse(Get("_limit") ?? "100", CultureInfo.InvariantCulture), skip = int.Parse(Get("_skip") ?? "0", CultureInfo.InvariantCulture);
        if (limit > 1000)
        {
            return (422, """{"detail": [{"loc": ["query", "_limit"], "msg": "ensure this value is less than or equal to 1000", "type": "value_error"}]}""");
        }

        if (Get("formula") == "Zz9")
        {
            return (400, """{"detail": "Problem processing one or more provided formulas."}""");
        }

        IEnumerable<JsonObject> found = Materials.Where(m => Matches(m, Get));
        // MongoDB puts documents without a value before all others.
        found = Get("_sort_fields") == "energy_above_hull,material_id"
            ? found.OrderBy(m => m["energy_above_hull"]?.GetValue<double>() ?? double.NegativeInfinity).ThenBy(m => m["material_id"]!.GetValue<string>(), StringComparer.Ordinal)
            : found;
        JsonObject[] all = [.. found];
        string[] fields = (Get("_fields") ?? "material_id").Split(',');
        var data = new JsonArray([.. all.Skip(skip).Take(limit).Select(m => (JsonNode)new JsonObject(fields.Where(m.ContainsKey).Select(f => KeyValuePair.Create(f, m[f]?.DeepClone()))))]);
        return (200, new JsonObject
        {
            ["data"] = data,
            ["meta"] = new JsonObject { ["api_version"] = "0.84", ["total_doc"] = all.Length + CountError, ["max_limit"] = 1000 },
        }.ToJsonString());
    }

    private static bool Matches(JsonObject material, Func<string, string?> get)
    {
        string[] elements = [.. material["elements"]!.AsArray().Select(e => e!.GetValue<string>())];
        double? energy = material["energy_above_hull"]?.GetValue<double>();
        int sites = material["nsites"]!.GetValue<int>();
        return In("material_ids", material["material_id"]!)
            && In("formula", material["formula_pretty"]!)
            && In("chemsys", material["chemsys"]!)
            && (get("elements")?.Split(',').All(elements.Contains) ?? true)
            && !(get("exclude_elements")?.Split(',').Any(elements.Contains) ?? false)
            && Truth("is_stable", null) && Truth("theoretical", null) && Truth("deprecated", false)
            && !(energy > Real("energy_above_hull_max")) && !(energy < Real("energy_above_hull_min"))
            && !(sites > Real("nsites_max")) && !(sites < Real("nsites_min"))
            && (get("spacegroup_number") is not { } number || number == material["symmetry"]!["number"]!.ToString());

        bool In(string key, JsonNode value) => get(key) is not { } list || list.Split(',').Contains(value.GetValue<string>());

        double? Real(string key) => get(key) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

        bool Truth(string key, bool? byDefault) => (get(key) is { } text ? text == "true" : byDefault) is not { } wanted || material[key]!.GetValue<bool>() == wanted;
    }
}
