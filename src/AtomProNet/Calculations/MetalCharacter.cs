using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>Which elements are metals, for advice on smearing.</summary>
internal static class MetalCharacter
{
    /// <summary>Noble gases, halogens, other non-metals and metalloids (B Si Ge As Sb Te Po At); everything else is a metal.</summary>
    private static readonly HashSet<string> NonMetals = ["H", "He", "B", "C", "N", "O", "F", "Ne", "Si", "P", "S", "Cl", "Ar", "Ge", "As", "Se", "Br", "Kr", "Sb", "Te", "I", "Xe", "Po", "At", "Rn", "Ts", "Og"];

    /// <summary>Whether all elements are metals, so that the crystal most likely is one.</summary>
    internal static bool IsLikelyMetal(IEnumerable<Element> elements) => elements.All(e => !NonMetals.Contains(e.Symbol));
}
