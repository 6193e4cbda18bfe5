using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>One species of a pw.x input: atoms of one element that start with one moment.</summary>
/// <param name="Label">Symbol, or symbol and a number where an element has several: <c>Fe1</c>, <c>Fe2</c>. At most three characters.</param>
/// <param name="Element">The element.</param>
/// <param name="Moment">The starting moment, μ_B.</param>
internal sealed record PwType(string Label, Element Element, double Moment);

/// <summary>The species of an input and which one each site is.</summary>
/// <param name="Types">In the order of their first sites.</param>
/// <param name="SiteTypes">The index of each site's species.</param>
/// <param name="HasMoments">Whether any of them starts with a moment.</param>
internal sealed record PwTypes(ImmutableArray<PwType> Types, ImmutableArray<int> SiteTypes, bool HasMoments)
{
    /// <summary>The most species that pw.x takes as it is distributed (ntypx of its Modules/parameters.f90).</summary>
    private const int MaximumTypes = 10;

    /// <summary>What tells the species of one element apart, in one character: labels have at most three.</summary>
    private const string Numbers = "123456789a";

    /// <summary>The moment of a spin-polarised run for which nobody gave any, μ_B: the published sets' for elements without one of their own.</summary>
    private const double UsualMoment = 0.6;

    /// <summary>The labels of species, for messages.</summary>
    /// <param name="species">Their indices.</param>
    internal string Labels(IEnumerable<int> species) => string.Join(", ", species.Select(i => Types[i].Label));

    /// <summary>Sorts sites into species.</summary>
    /// <param name="structure">The structure; its site property <c>magmom</c> goes before the table.</param>
    /// <param name="moments">Starting moments by symbol.</param>
    /// <param name="spinPolarised">Whether the run is spin-polarised; null where the moments tell.</param>
    /// <exception cref="AtomProNetException">There are too many species.</exception>
    internal static PwTypes Of(Structure structure, ImmutableDictionary<string, double> moments, bool? spinPolarised)
    {
        double[]? own = spinPolarised == false ? null : SiteMoments(structure);
        var perSite = new double[structure.AtomCount];
        for (int i = 0; i < perSite.Length && spinPolarised != false; i++)
        {
            perSite[i] = own?[i] ?? moments.GetValueOrDefault(structure.Species[i].Symbol);
        }

        if (spinPolarised == true && perSite.All(m => m == 0))
        {
            // All zero would stay zero for ever.
            Array.Fill(perSite, UsualMoment);
        }

        var keys = new List<(Element Element, double Moment)>();
        var siteTypes = ImmutableArray.CreateBuilder<int>(perSite.Length);
        for (int i = 0; i < perSite.Length; i++)
        {
            (Element, double) key = (structure.Species[i], Math.Round(perSite[i], 3) + 0.0);
            int index = keys.IndexOf(key);
            if (index < 0)
            {
                index = keys.Count;
                keys.Add(key);
            }

            siteTypes.Add(index);
        }

        if (keys.Count > MaximumTypes)
        {
            int elements = keys.Select(k => k.Element).Distinct().Count();
            throw new AtomProNetException(ErrorKind.NotSupported, "TooManySpecies", $"Elements and their starting moments make {keys.Count} species, and pw.x takes {MaximumTypes}.", value: structure.ToString(), remedy: elements > MaximumTypes ? $"A crystal of {elements} elements needs a pw.x compiled for more, and an input of one's own." : "Give moments by element with -MagneticMoment to structures without the site property magmom, or round that.");
        }

        var types = ImmutableArray.CreateBuilder<PwType>(keys.Count);
        foreach ((Element element, double moment) in keys)
        {
            int several = keys.Count(k => k.Element.Equals(element)), number = types.Count(t => t.Element.Equals(element));
            types.Add(new(several == 1 ? element.Symbol : element.Symbol + Numbers[number], element, moment));
        }

        return new(types.MoveToImmutable(), siteTypes.MoveToImmutable(), keys.Exists(k => k.Moment != 0));
    }

    private static double[]? SiteMoments(Structure structure) => structure.SiteProperties.GetValueOrDefault("magmom") switch
    {
        { Kind: SitePropertyKind.Real, Width: 1 } column => column.Reals.ToArray(),
        { Kind: SitePropertyKind.Integer, Width: 1 } column => [.. column.Integers.ToArray().Select(m => (double)m)],
        _ => null,
    };
}
