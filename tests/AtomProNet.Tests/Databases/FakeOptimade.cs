using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace AtomProNet.Tests.Databases;

/// <summary>
/// Answers as the OPTIMADE specification (1.1 and 1.2) says: info, structures, fields, paging by links, errors. Of the filter
/// language it knows what the specification makes mandatory and this project writes.
/// </summary>
internal sealed partial class FakeOptimade : FakeServer
{
    public List<JsonObject> Entries { get; } = [];

    public string ApiVersion { get; set; } = "1.1.0";

    public string? DatabaseVersion { get; set; } = "7";

    /// <summary>How links to the next page are written: absolute, relative, path, object.</summary>
    public string LinkForm { get; set; } = "absolute";

    public int LargestPage { get; set; } = 1000;

    /// <summary>What data_returned is off by; null leaves it out.</summary>
    public int? CountError { get; set; } = 0;

    public bool DropsLastLink { get; set; }

    public double? RequestDelay { get; set; }

    public HashSet<string> Properties { get; } = [.. "id type elements nelements chemical_formula_reduced chemical_formula_anonymous chemical_formula_descriptive dimension_types lattice_vectors cartesian_site_positions nsites species species_at_sites assemblies structure_features last_modified immutable_id".Split(' ')];

    public static JsonObject Entry(string id, double[][]? lattice, string[] sites, double[][] cartesian, string? reduced = null) => new()
    {
        ["id"] = id,
        ["type"] = "structures",
        ["attributes"] = new JsonObject
        {
            ["elements"] = new JsonArray([.. sites.Distinct().Order(StringComparer.Ordinal).Select(s => (JsonNode)s)]),
            ["chemical_formula_reduced"] = reduced,
            ["chemical_formula_descriptive"] = reduced,
            ["dimension_types"] = new JsonArray(1, 1, 1),
            ["lattice_vectors"] = lattice is null ? null : Matrix(lattice),
            ["cartesian_site_positions"] = Matrix(cartesian),
            ["nsites"] = sites.Length,
            ["species"] = new JsonArray([.. sites.Distinct().Select(s => (JsonNode)Species(s, [s], [1.0]))]),
            ["species_at_sites"] = new JsonArray([.. sites.Select(s => (JsonNode)s)]),
            ["assemblies"] = null,
            ["structure_features"] = new JsonArray(),
            ["last_modified"] = "2024-05-01T00:00:00Z",
            ["immutable_id"] = "i" + id,
        },
    };

    public static JsonObject Species(string name, string[] symbols, double[] concentrations) => new()
    {
        ["name"] = name,
        ["chemical_symbols"] = new JsonArray([.. symbols.Select(s => (JsonNode)s)]),
        ["concentration"] = new JsonArray([.. concentrations.Select(c => (JsonNode)c)]),
    };

    public static JsonArray Matrix(double[][] rows) => new([.. rows.Select(r => (JsonNode)new JsonArray([.. r.Select(x => (JsonNode)x)]))]);

    public static JsonObject RockSalt(string id, string cation, string anion, double a) =>
        Entry(id, [[0, a / 2, a / 2], [a / 2, 0, a / 2], [a / 2, a / 2, 0]], [cation, anion], [[0, 0, 0], [a / 2, a / 2, a / 2]], string.Concat(new[] { cation, anion }.Order(StringComparer.Ordinal)));

    public void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Entries.Add(RockSalt($"e/{i}", "Na", "Cl", 5.6 + 0.001 * i));
        }
    }

    protected override (int Status, string Body) Answer(HttpRequest request)
    {
        if (request.Path == "/v1/info/structures")
        {
            return (200, new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["description"] = "structures",
                    ["properties"] = new JsonObject(Properties.Select(p => KeyValuePair.Create(p, (JsonNode?)new JsonObject { ["description"] = p }))),
                    ["formats"] = new JsonArray("json"),
                },
                ["meta"] = Meta(null, false),
            }.ToJsonString());
        }

        if (request.Path != "/v1/structures")
        {
            return (404, """{"errors": [{"status": "404", "title": "Not Found", "detail": "no such endpoint"}], "meta": {"api_version": "1.1.0"}}""");
        }

        string[] fields = request.Query["response_fields"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (fields.FirstOrDefault(f => !Properties.Contains(f)) is { } unknown)
        {
            return (400, $$"""{"errors": [{"status": "400", "title": "Bad Request", "detail": "Unrecognised OPTIMADE field(s) in requested response_fields: {{unknown}}"}]}""");
        }

        string filter = request.Query["filter"].ToString();
        JsonObject[] all;
        try
        {
            all = [.. Entries.Where(e => Matches(e, filter))];
        }
        catch (FormatException e)
        {
            return (400, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["status"] = "400", ["title"] = "Bad filter", ["detail"] = e.Message }) }.ToJsonString());
        }

        int limit = Math.Min(LargestPage, int.Parse(request.Query["page_limit"].ToString() is { Length: > 0 } l ? l : "20", CultureInfo.InvariantCulture));
        int offset = int.Parse(request.Query["page_offset"].ToString() is { Length: > 0 } o ? o : "0", CultureInfo.InvariantCulture);
        bool more = offset + limit < all.Length;
        string path = $"/v1/structures?filter={Uri.EscapeDataString(filter)}&response_fields={request.Query["response_fields"]}&page_limit={limit}&page_offset={offset + limit}";
        string absolute = $"http://{request.Host}{path}";
        var body = new JsonObject
        {
            ["links"] = new JsonObject
            {
                ["next"] = !more || DropsLastLink ? null : LinkForm switch
                {
                    "relative" => path["/v1/".Length..],
                    "path" => path,
                    "object" => new JsonObject { ["href"] = absolute, ["meta"] = new JsonObject() },
                    _ => absolute,
                },
                ["base_url"] = new JsonObject { ["href"] = $"http://{request.Host}/" },
            },
            ["data"] = new JsonArray([.. all.Skip(offset).Take(limit).Select(e => e.DeepClone())]),
            ["meta"] = Meta(CountError is null ? null : all.Length + CountError, more),
        };
        return (200, body.ToJsonString());
    }

    private static bool Matches(JsonObject entry, string filter)
    {
        filter = filter.Trim();
        if (filter.Length == 0)
        {
            return true;
        }

        JsonNode attributes = entry["attributes"]!;
        string[] elements = [.. attributes["elements"]!.AsArray().Select(e => e!.GetValue<string>())];
        return Clauses().Split(filter).All(clause => Clause(clause.Trim()));

        bool Clause(string clause)
        {
            if (clause.StartsWith('(') && clause.EndsWith(')'))
            {
                return Clause(clause[1..^1]);
            }

            if (clause.Contains(" OR ", StringComparison.Ordinal))
            {
                return clause.Split(" OR ").Any(Clause);
            }

            if (clause.StartsWith("NOT (", StringComparison.Ordinal))
            {
                return !Clause(clause[5..^1]);
            }

            Match set = Set().Match(clause);
            if (set.Success)
            {
                string[] symbols = [.. Quoted().Matches(set.Groups[2].Value).Select(m => m.Groups[1].Value)];
                return set.Groups[1].Value == "ALL" ? symbols.All(elements.Contains) : symbols.Any(elements.Contains);
            }

            Match comparison = Comparison().Match(clause);
            if (!comparison.Success)
            {
                throw new FormatException("Cannot parse filter at: " + clause);
            }

            string name = comparison.Groups[1].Value, value = comparison.Groups[3].Value;
            if (value.StartsWith('"'))
            {
                string text = value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
                return (name == "id" ? entry["id"] : attributes[name])?.ToString() == text;
            }

            int number = name == "nelements" ? elements.Length : attributes[name]!.GetValue<int>(), wanted = int.Parse(value, CultureInfo.InvariantCulture);
            return comparison.Groups[2].Value switch { "=" => number == wanted, ">=" => number >= wanted, _ => number <= wanted };
        }
    }

    // AND outside of parentheses; nothing here nests deeper.
    [GeneratedRegex(@"\sAND\s(?![^(]*\))")]
    private static partial Regex Clauses();

    [GeneratedRegex(@"^elements HAS (ALL|ANY) (.+)$")]
    private static partial Regex Set();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^([a-z_]+)\s*(=|>=|<=)\s*("(?:[^"\\]|\\.)*"|\d+)$""")]
    private static partial Regex Comparison();

    private JsonObject Meta(int? returned, bool more)
    {
        var meta = new JsonObject
        {
            ["api_version"] = ApiVersion,
            ["query"] = new JsonObject { ["representation"] = "/structures" },
            ["more_data_available"] = more,
            ["provider"] = new JsonObject { ["name"] = "Example", ["description"] = "d", ["prefix"] = "exmpl" },
        };
        if (returned is not null)
        {
            meta["data_returned"] = returned;
        }

        if (DatabaseVersion is not null)
        {
            meta["database"] = new JsonObject { ["id"] = "exmpl", ["version"] = DatabaseVersion };
        }

        if (RequestDelay is not null)
        {
            meta["request_delay"] = RequestDelay;
        }

        return meta;
    }
}
