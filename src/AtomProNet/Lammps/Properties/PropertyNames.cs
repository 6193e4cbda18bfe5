using AtomProNet.Structures;

namespace AtomProNet.Lammps.Properties;

/// <summary>The names under which a potential's and the reference's properties meet.</summary>
internal static class PropertyNames
{
    internal const string Volume = "volume per atom", EnergyPerAtom = "E/N", Cohesive = "cohesive energy", Bulk = "bulk modulus (Hill)", Shear = "shear modulus (Hill)";

    internal static readonly string[] Lengths = ["a", "b", "c"], Angles = ["alpha", "beta", "gamma"];

    internal static string Vacancy(Element element, int? kind = null) => $"vacancy formation energy {element.Symbol}{(kind is null ? "" : FormattableString.Invariant($" {kind}"))}";

    internal static string VacancyPerAtom(Element element, int? kind = null) => $"E/N with vacancy {element.Symbol}{(kind is null ? "" : FormattableString.Invariant($" {kind}"))}";
}
