using System.Globalization;
using System.Text.Json;
using AtomProNet.Structures;

namespace AtomProNet.Databases.Optimade;

/// <summary>A species of an entry: what can be found on its sites, and how often.</summary>
/// <param name="Name">Its name, which says nothing about the element: a species called C can be titanium.</param>
/// <param name="Symbols">Symbols of elements, <c>vacancy</c>, or <c>X</c> for what is no element.</param>
/// <param name="Concentrations">How often each of them is there.</param>
/// <param name="HasAttachments">Whether atoms without positions are attached.</param>
internal sealed record OptimadeSpecies(string Name, string[] Symbols, double[] Concentrations, bool HasAttachments)
{
    // Concentrations such as 0.33333333333 are written with finite precision (specification, "species").
    private const double Precision = 1e-4;

    public static OptimadeSpecies Read(JsonElement species) => new(
        species.GetProperty("name").GetString()!,
        [.. species.GetProperty("chemical_symbols").EnumerateArray().Select(s => s.GetString()!)],
        [.. species.GetProperty("concentration").EnumerateArray().Select(c => c.GetDouble())],
        species.TryGetProperty("attached", out JsonElement attached) && attached.ValueKind == JsonValueKind.Array && attached.GetArrayLength() > 0);

    /// <summary>The element that is surely on a site of this species; null where the site is surely empty.</summary>
    /// <param name="site">The site's number, for the error.</param>
    /// <exception cref="AtomProNetException">The site is mixed, or holds what is no element.</exception>
    public Element? Occupant(int site)
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"Site {site}");
        if (Symbols.Length != Concentrations.Length || Symbols.Length == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "MaterialUnreadable", $"The species '{Name}' has {Symbols.Length} symbols and {Concentrations.Length} concentrations.");
        }

        if (HasAttachments)
        {
            throw new AtomProNetException(ErrorKind.NotSupported, "StructureNotExplicit", $"{where} has atoms attached to it that have no positions.");
        }

        int[] present = [.. Enumerable.Range(0, Symbols.Length).Where(i => Concentrations[i] > Precision)];
        if (present.Length != 1 || Math.Abs(Concentrations[present[0]] - 1) > Precision)
        {
            string found = string.Join(", ", Symbols.Select((s, i) => string.Create(CultureInfo.InvariantCulture, $"{s} {Concentrations[i]}")));
            throw new AtomProNetException(ErrorKind.NotSupported, "PartialOccupancy", $"{where} is partly occupied or shared.", value: found, remedy: "A calculation needs whole atoms: take an ordered entry, or order this one first.");
        }

        string symbol = Symbols[present[0]];
        return symbol == "vacancy" ? null
            : symbol == "X" ? throw new AtomProNetException(ErrorKind.NotSupported, "ElementUnknown", $"{where} holds something that is no element (X).")
            : Element.FromSymbol(symbol);
    }
}
