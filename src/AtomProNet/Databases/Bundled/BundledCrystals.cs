using System.Collections.Immutable;
using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Databases.Bundled;

/// <summary>
/// The crystals that come with the library, so that everything works without a network and without a key. They are built from
/// published lattice constants and Wyckoff positions (Data/crystals.json), are measured rather than calculated, and stand in
/// their conventional cells. They are no data of the Materials Project and never pass for it.
/// </summary>
public static class BundledCrystals
{
    private static readonly Lazy<ImmutableArray<BundledCrystal>> Loaded = new(Load);

    /// <summary>All of them, in the order of the data file.</summary>
    public static ImmutableArray<BundledCrystal> All => Loaded.Value;

    /// <summary>The crystal of that id, with or without the prefix <c>bundled:</c>; null where there is none.</summary>
    public static BundledCrystal? Find(string id)
    {
        string bare = id.StartsWith(BundledCrystal.IdPrefix, StringComparison.OrdinalIgnoreCase) ? id[BundledCrystal.IdPrefix.Length..] : id;
        return All.FirstOrDefault(c => string.Equals(c.Id, bare, StringComparison.OrdinalIgnoreCase));
    }

    private static ImmutableArray<BundledCrystal> Load()
    {
        using Stream stream = typeof(BundledCrystals).Assembly.GetManifestResourceStream("AtomProNet.Databases.Bundled.Data.crystals.json")
            ?? throw new AtomProNetException(ErrorKind.Internal, "BundledDataMissing", "The bundled structures are missing from this build.");
        using JsonDocument document = JsonDocument.Parse(stream);
        var symmetries = new Dictionary<string, (int Number, string Symbol, IReadOnlyList<SymmetryOperation> Operations)>(StringComparer.Ordinal);
        foreach (JsonProperty symmetry in document.RootElement.GetProperty("symmetries").EnumerateObject())
        {
            IReadOnlyList<SymmetryOperation> operations = SymmetryOperation.Generate(
                [.. symmetry.Value.GetProperty("generators").EnumerateArray().Select(g => SymmetryOperation.Parse(g.GetString()!))]);
            if (operations.Count != symmetry.Value.GetProperty("operations").GetInt32())
            {
                throw new AtomProNetException(ErrorKind.Internal, "BundledCrystalInconsistent", $"The generators of {symmetry.Name} give {operations.Count} operations.");
            }

            symmetries.Add(symmetry.Name, (symmetry.Value.GetProperty("number").GetInt32(), symmetry.Value.GetProperty("symbol").GetString()!, operations));
        }

        var crystals = ImmutableArray.CreateBuilder<BundledCrystal>();
        foreach (JsonElement entry in document.RootElement.GetProperty("crystals").EnumerateArray())
        {
            (int number, string symbol, IReadOnlyList<SymmetryOperation> operations) = symmetries[entry.GetProperty("symmetry").GetString()!];
            crystals.Add(new(
                Text(entry, "id")!,
                Text(entry, "name")!,
                Text(entry, "prototype")!,
                number,
                symbol,
                Cell(number, entry.GetProperty("cell")),
                [.. entry.GetProperty("sites").EnumerateArray().Select(Site)],
                operations,
                Enum.Parse<CrystalPhase>(Text(entry, "phase")!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                Number(entry, "temperature"),
                Text(entry, "note"),
                Text(entry, "citation")!,
                Text(entry, "doi")));
        }

        return crystals.ToImmutable();
    }

    // Only what the crystal system leaves free is stored.
    private static Lattice Cell(int spaceGroup, JsonElement cell)
    {
        double a = cell.GetProperty("a").GetDouble();
        double b = Number(cell, "b") ?? a;
        double c = Number(cell, "c") ?? a;
        return Lattice.FromParameters(a, b, c, Number(cell, "alpha") ?? 90, Number(cell, "beta") ?? 90, Number(cell, "gamma") ?? (spaceGroup is >= 143 and <= 194 ? 120 : 90));
    }

    private static CrystalSite Site(JsonElement site)
    {
        double[] position = [.. site.GetProperty("position").EnumerateArray().Select(p => p.ValueKind == JsonValueKind.String ? Fraction.Parse(p.GetString()!) : p.GetDouble())];
        return new(Element.FromSymbol(site.GetProperty("element").GetString()!), site.GetProperty("wyckoff").GetString()!, new(position[0], position[1], position[2]));
    }

    private static string? Text(JsonElement entry, string key) => entry.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;

    private static double? Number(JsonElement entry, string key) => entry.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : null;
}
