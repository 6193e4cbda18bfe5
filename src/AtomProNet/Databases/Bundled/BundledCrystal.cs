using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Databases.Bundled;

/// <summary>One of the well-known crystals that come with the library: published lattice constants and Wyckoff positions with their citation.</summary>
public sealed class BundledCrystal
{
    /// <summary>The prefix of <see cref="MaterialId"/>, so that no bundled crystal passes for an entry of a database.</summary>
    public const string IdPrefix = "bundled:";

    // Two images of a site closer than this in fractional coordinates are one atom on a special position.
    private const double SameSite = 1e-4;
    private readonly Lazy<Structure> structure;

    internal BundledCrystal(
        string id,
        string name,
        string prototype,
        int spaceGroupNumber,
        string spaceGroupSymbol,
        Lattice lattice,
        ImmutableArray<CrystalSite> sites,
        IReadOnlyList<SymmetryOperation> operations,
        CrystalPhase phase,
        double? temperature,
        string? note,
        string citation,
        string? doi)
    {
        Id = id;
        Name = name;
        Prototype = prototype;
        SpaceGroupNumber = spaceGroupNumber;
        SpaceGroupSymbol = spaceGroupSymbol;
        Lattice = lattice;
        Sites = sites;
        Phase = phase;
        Temperature = temperature;
        Note = note;
        Citation = citation;
        Doi = doi;
        structure = new(() => Build(operations));
    }

    /// <summary>The id within the set, such as <c>Al2O3-corundum</c>.</summary>
    public string Id { get; }

    /// <summary>The id as it stands in provenance: <c>bundled:Al2O3-corundum</c>.</summary>
    public string MaterialId => IdPrefix + Id;

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>The structure type, with its Strukturbericht symbol where there is one.</summary>
    public string Prototype { get; }

    /// <summary>The number of the space group in the International Tables, 1 to 230.</summary>
    public int SpaceGroupNumber { get; }

    /// <summary>The Hermann–Mauguin symbol of the setting that is used, such as <c>R-3c</c>.</summary>
    public string SpaceGroupSymbol { get; }

    /// <summary>The conventional cell, Å.</summary>
    public Lattice Lattice { get; }

    /// <summary>The sites of the asymmetric unit.</summary>
    public ImmutableArray<CrystalSite> Sites { get; }

    /// <summary>What the literature says of the phase.</summary>
    public CrystalPhase Phase { get; }

    /// <summary>The temperature of the measurement in K; null where the source does not say.</summary>
    public double? Temperature { get; }

    /// <summary>What else should be known.</summary>
    public string? Note { get; }

    /// <summary>Where the numbers were published.</summary>
    public string Citation { get; }

    /// <summary>The DOI of that publication, where it has one.</summary>
    public string? Doi { get; }

    /// <summary>The reduced formula.</summary>
    public string Formula => Structure.ReducedFormula;

    /// <summary>The crystal in its conventional cell, with its citation in the provenance (operation <c>Bundled</c>).</summary>
    public Structure Structure => structure.Value;

    /// <summary>The id and the name.</summary>
    public override string ToString() => $"{MaterialId} ({Name})";

    private static double IntoCell(double x)
    {
        double y = x - Math.Floor(x);
        // Special positions are kept on their exact fraction: 1/3 + 2/3 − 1/3 must not drift by a rounding error.
        double snapped = Math.Round(y * 24) / 24;
        y = Math.Abs(y - snapped) < 1e-12 ? snapped : y;
        return y >= 1 ? 0 : y;
    }

    private static bool Same(Vector3D a, Vector3D b) => Near(a.X, b.X) && Near(a.Y, b.Y) && Near(a.Z, b.Z);

    private static bool Near(double a, double b)
    {
        double d = Math.Abs(a - b);
        return d < SameSite || d > 1 - SameSite;
    }

    private Structure Build(IReadOnlyList<SymmetryOperation> operations)
    {
        var species = ImmutableArray.CreateBuilder<Element>();
        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        foreach (CrystalSite site in Sites)
        {
            int start = positions.Count;
            foreach (SymmetryOperation operation in operations)
            {
                (double x, double y, double z) = operation.Apply(site.Position.X, site.Position.Y, site.Position.Z);
                var image = new Vector3D(IntoCell(x), IntoCell(y), IntoCell(z));
                bool known = false;
                for (int i = start; i < positions.Count && !known; i++)
                {
                    known = Same(positions[i], image);
                }

                if (!known)
                {
                    species.Add(site.Element);
                    positions.Add(image);
                }
            }

            int multiplicity = int.Parse(site.Wyckoff.AsSpan(0, site.Wyckoff.Length - 1), CultureInfo.InvariantCulture);
            if (positions.Count - start != multiplicity)
            {
                throw new AtomProNetException(ErrorKind.Internal, "BundledCrystalInconsistent", $"The bundled crystal {Id} has {positions.Count - start} atoms on {site.Element} {site.Wyckoff}.");
            }
        }

        return new(Lattice, species.ToImmutable(), positions.ToImmutable(), CoordinateKind.Fractional, name: Id, provenance: Describe(Composition.Of(species)));
    }

    private Provenance Describe(Composition composition)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["database"] = "AtomProNet bundled structures",
            ["material_id"] = MaterialId,
            ["formula"] = composition.ReducedFormula,
            ["name"] = Name,
            ["prototype"] = Prototype,
            ["space_group_number"] = SpaceGroupNumber.ToString(CultureInfo.InvariantCulture),
            ["space_group_symbol"] = SpaceGroupSymbol,
            ["cell"] = "conventional",
            ["phase"] = Phase.ToString(),
            ["citation"] = Citation,
        };
        Add("doi", Doi);
        Add("note", Note);
        Add("temperature_kelvin", Temperature?.ToString(CultureInfo.InvariantCulture));
        return Provenance.Root("Bundled", MaterialId, parameters);

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                parameters[key] = value;
            }
        }
    }
}
