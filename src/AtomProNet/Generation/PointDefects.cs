using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Generation;

/// <summary>
/// Structures with one point defect each: vacancies, pairs of vacancies, substitutions and antisites, interstitials. Of the defects that
/// the symmetry of the periodic arrangement makes the same, one is made, and how many it stands for is kept with it (its multiplicity).
/// Spins count: sites of different <c>magmom</c> are different.
/// </summary>
public static class PointDefects
{
    /// <summary>The pair distance unless told otherwise, in units of the shortest one.</summary>
    private const double NearestPairFactor = 1.25;

    /// <summary>Below this distance of a defect from its images a user is warned, Å.</summary>
    private const double SmallestImageDistance = 8;

    // Spins closer than this (μ_B) are the same.
    private const double SpinTolerance = 0.1;

    /// <summary>What is worth knowing before defects are made: a cell so small that a defect meets its own images, properties that cannot be carried over.</summary>
    public static IReadOnlyList<Finding> Inspect(Structure parent, IReadOnlyList<DefectRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(parent);
        var findings = new List<Finding>();
        string source = parent.Name ?? parent.ReducedFormula;
        if (ImageDistance(parent) is { } distance && distance < SmallestImageDistance)
        {
            findings.Add(new(FindingSeverity.Warning, "DefectImagesClose", string.Create(CultureInfo.InvariantCulture, $"a defect and its periodic images are {distance:F2} Å apart."), source, string.Create(CultureInfo.InvariantCulture, $"Make a supercell first: {SmallestImageDistance} Å or more is usual.")));
        }

        IEnumerable<Element> guests = requests.Select(r => r switch
        {
            DefectRequest.Substitution s => s.Guest,
            DefectRequest.Interstitial i => i.Guest,
            _ => null,
        }).OfType<Element>().Distinct();
        foreach (Element guest in guests)
        {
            foreach (string property in GuestProperties.Lost(parent, guest, null))
            {
                findings.Add(new(FindingSeverity.Warning, "SitePropertyLost", $"the value of '{property}' is not known for the new {guest} atom; structures with it come without that property.", source, "Set it afterwards."));
            }
        }

        return findings;
    }

    /// <summary>Makes the defects one by one as they are asked for.</summary>
    /// <param name="parent">A structure; usually a supercell, so that a defect and its images are far apart.</param>
    /// <param name="requests">The kinds of defect.</param>
    /// <param name="options">How to look for them.</param>
    /// <exception cref="AtomProNetException">An element or a site is not there; an option is out of range.</exception>
    public static IEnumerable<Structure> Make(Structure parent, IReadOnlyList<DefectRequest> requests, DefectOptions options)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(options);
        if (requests.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "DefectMissing", "No defect was asked for.", remedy: "Name at least one vacancy, substitution or interstitial.");
        }

        options.MinimumDistance.Validate();
        CheckSites(parent, options);
        foreach (DefectRequest request in requests)
        {
            CheckElements(parent, request);
        }

        CrystalSymmetry symmetry = CrystalSymmetry.Find(parent, options.SymmetryTolerance, SpinLabels(parent));
        return requests.SelectMany(request => request switch
        {
            DefectRequest.Vacancy vacancy => Vacancies(parent, vacancy, symmetry, options),
            DefectRequest.Divacancy pair => Divacancies(parent, pair, symmetry, options),
            DefectRequest.Substitution substitution => Substitutions(parent, substitution, symmetry, options),
            DefectRequest.Interstitial interstitial => Interstitials(parent, interstitial, symmetry, options),
            _ => throw new ArgumentOutOfRangeException(nameof(requests)),
        });
    }

    private static IEnumerable<Structure> Vacancies(Structure parent, DefectRequest.Vacancy request, CrystalSymmetry symmetry, DefectOptions options) =>
        Distinct(parent, request.Element, symmetry, options).Select(site => Remove(
            parent, [site.Site], "Vacancy", $"vacancy_{Label(parent, site.Site)}", Describe(parent, [site.Site], site.Multiplicity)));

    private static IEnumerable<Structure> Substitutions(Structure parent, DefectRequest.Substitution request, CrystalSymmetry symmetry, DefectOptions options)
    {
        string operation = parent.Composition[request.Guest] > 0 ? "Antisite" : "Substitution";
        foreach ((int site, int multiplicity) in Distinct(parent, request.Host, symmetry, options))
        {
            List<KeyValuePair<string, string>> parameters = Describe(parent, [site], multiplicity);
            parameters.Add(new("guest", request.Guest.Symbol));
            yield return new Structure(
                parent.Lattice,
                parent.Species.SetItem(site, request.Guest),
                parent.CoordinateKind == CoordinateKind.Fractional ? parent.FractionalPositions : parent.CartesianPositions,
                parent.CoordinateKind,
                parent.Periodicity,
                GuestProperties.Replace(parent, site, request.Guest),
                Descent.Name(parent, $"{operation.ToLowerInvariant()}_{Label(parent, site)}_{request.Guest}"),
                Derive(parent, operation, parameters));
        }
    }

    private static IEnumerable<Structure> Divacancies(Structure parent, DefectRequest.Divacancy request, CrystalSymmetry symmetry, DefectOptions options)
    {
        List<(int I, int J, double Distance)> pairs = Pairs(parent, request, options);
        var index = new Dictionary<(int, int), int>();
        foreach ((int i, int j, _) in pairs)
        {
            index.Add((i, j), index.Count);
        }

        // Which pair each operation turns a pair into; one just across the limit of the distance may be missing.
        var orbits = new DisjointSets(pairs.Count);
        foreach (ImmutableArray<int> p in symmetry.Generators)
        {
            foreach ((int i, int j, _) in pairs)
            {
                if (index.TryGetValue(Ordered(p[i], p[j]), out int image))
                {
                    orbits.Join(index[(i, j)], image);
                }
            }
        }

        ImmutableArray<int> classes = orbits.Lowest();
        IEnumerable<int> wanted = Enumerable.Range(0, pairs.Count).Where(n => options.IncludeEquivalent || options.Sites is not null || classes[n] == n);
        foreach (int n in wanted.OrderBy(n => Math.Round(pairs[n].Distance, 3)).ThenBy(n => n))
        {
            (int i, int j, double distance) = pairs[n];
            // The atoms in the order of the request: Al-O, not O-Al.
            (int first, int second) = parent.Species[i] == request.First ? (i, j) : (j, i);
            List<KeyValuePair<string, string>> parameters = Describe(parent, [first, second], classes.Count(c => c == classes[n]));
            parameters.Add(new("distance", distance.ToString("F6", CultureInfo.InvariantCulture)));
            yield return Remove(parent, [first, second], "Divacancy", $"vacancy_{Label(parent, first)}-{Label(parent, second)}", parameters);
        }
    }

    private static IEnumerable<Structure> Interstitials(Structure parent, DefectRequest.Interstitial request, CrystalSymmetry symmetry, DefectOptions options)
    {
        IReadOnlyList<InterstitialSites.Site> sites = request.Positions is { } given
            ? InterstitialSites.Check(parent, request.Guest, given, options)
            : InterstitialSites.Find(parent, request.Guest, symmetry, options);
        for (int n = 0; n < sites.Count; n++)
        {
            Vector3D fractional = sites[n].Fractional;
            List<KeyValuePair<string, string>> parameters =
            [
                new("guest", request.Guest.Symbol),
                new("fractional", Descent.Text([fractional.X, fractional.Y, fractional.Z])),
            ];
            if (sites[n].Multiplicity is { } multiplicity)
            {
                parameters.Add(new("multiplicity", multiplicity.ToString(CultureInfo.InvariantCulture)));
            }

            Vector3D position = parent.CoordinateKind == CoordinateKind.Fractional ? fractional : parent.Lattice!.ToCartesian(fractional);
            yield return new Structure(
                parent.Lattice,
                parent.Species.Add(request.Guest),
                (parent.CoordinateKind == CoordinateKind.Fractional ? parent.FractionalPositions : parent.CartesianPositions).Add(position),
                parent.CoordinateKind,
                parent.Periodicity,
                GuestProperties.Add(parent, request.Guest),
                Descent.Name(parent, string.Create(CultureInfo.InvariantCulture, $"interstitial_{request.Guest}_{n + 1}")),
                Derive(parent, "Interstitial", parameters));
        }
    }

    // The sites of an element, one of each class, with the size of the class.
    private static IEnumerable<(int Site, int Multiplicity)> Distinct(Structure parent, Element element, CrystalSymmetry symmetry, DefectOptions options)
    {
        var sizes = symmetry.EquivalentSites.GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count());
        return Enumerable.Range(0, parent.AtomCount)
            .Where(i => parent.Species[i] == element && (options.Sites is { } only ? only.Contains(i) : options.IncludeEquivalent || symmetry.EquivalentSites[i] == i))
            .Select(i => (i, sizes[symmetry.EquivalentSites[i]]));
    }

    private static List<(int I, int J, double Distance)> Pairs(Structure parent, DefectRequest.Divacancy request, DefectOptions options)
    {
        var image = new MinimumImage(parent.Lattice, parent.Periodicity);
        var pairs = new List<(int I, int J, double Distance)>();
        for (int i = 0; i < parent.AtomCount; i++)
        {
            for (int j = i + 1; j < parent.AtomCount; j++)
            {
                Element a = parent.Species[i], b = parent.Species[j];
                bool fits = (a == request.First && b == request.Second) || (a == request.Second && b == request.First);
                if (fits && (options.Sites is not { } only || (only.Contains(i) && only.Contains(j))))
                {
                    pairs.Add((i, j, image.Distance(parent.CartesianPositions[i], parent.CartesianPositions[j])));
                }
            }
        }

        if (pairs.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "DefectPairMissing", $"There is no pair {request.First}-{request.Second} to remove.", value: parent.Composition.Formula, remedy: "Take a larger cell, or other sites.");
        }

        // Pairs that were picked by their sites are taken as they are.
        double limit = options.MaximumPairDistance ?? (options.Sites is not null ? double.PositiveInfinity : NearestPairFactor * pairs.Min(p => p.Distance));
        pairs.RemoveAll(p => p.Distance > limit + options.SymmetryTolerance);
        return pairs.Count > 0 ? pairs : throw new AtomProNetException(
            ErrorKind.InvalidArgument, "DefectPairMissing", string.Create(CultureInfo.InvariantCulture, $"No pair {request.First}-{request.Second} is within {limit} Å."), remedy: "Give a larger distance.");
    }

    private static Structure Remove(Structure parent, int[] sites, string operation, string name, List<KeyValuePair<string, string>> parameters)
    {
        if (parent.AtomCount <= sites.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "DefectLeavesNothing", $"Without {sites.Length} of its {parent.AtomCount} atoms the cell would be empty.", value: parent.Composition.Formula, remedy: "Make a supercell first.");
        }

        Structure selected = parent.SelectSites(Enumerable.Range(0, parent.AtomCount).Except(sites).ToArray());
        return selected.With(siteProperties: Descent.Properties(selected), name: Descent.Name(parent, name), provenance: Derive(parent, operation, parameters));
    }

    private static Provenance Derive(Structure parent, string operation, IEnumerable<KeyValuePair<string, string>> parameters) =>
        Descent.Of(parent).Derive(operation, parent.ContentHash, parameters, opensGroup: true);

    private static List<KeyValuePair<string, string>> Describe(Structure parent, int[] sites, int multiplicity)
    {
        IEnumerable<Vector3D> places = sites.Select(i => parent.Lattice is null ? parent.CartesianPositions[i] : parent.FractionalPositions[i]);
        return
        [
            new("sites", string.Join(' ', sites.Select(i => (i + 1).ToString(CultureInfo.InvariantCulture)))),
            new("elements", string.Join(' ', sites.Select(i => parent.Species[i].Symbol))),
            new(parent.Lattice is null ? "cartesian" : "fractional", Descent.Text(places.SelectMany(p => new[] { p.X, p.Y, p.Z }))),
            new("multiplicity", multiplicity.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    private static string Label(Structure parent, int site) => string.Create(CultureInfo.InvariantCulture, $"{parent.Species[site]}{site + 1}");

    // The shortest lattice vector along the directions that repeat.
    private static double? ImageDistance(Structure parent)
    {
        bool[] periodic = [parent.Periodicity.A, parent.Periodicity.B, parent.Periodicity.C];
        if (parent.Lattice is not { } lattice || !parent.Periodicity.Any)
        {
            return null;
        }

        Vector3D[] vectors = [lattice.A, lattice.B, lattice.C];
        LatticeReduction.Reduce(vectors, periodic);
        return Enumerable.Range(0, 3).Where(i => periodic[i]).Min(i => vectors[i].Length);
    }

    private static (int, int) Ordered(int i, int j) => i < j ? (i, j) : (j, i);

    // Scalar moments, binned; vector moments, component by component. Turned moments would need magnetic groups: unlike ones are different.
    private static int[]? SpinLabels(Structure parent)
    {
        if (!parent.SiteProperties.TryGetValue("magmom", out SiteProperty? column) || column.Kind is not (SitePropertyKind.Real or SitePropertyKind.Integer))
        {
            return null;
        }

        double[] moments = column.Kind == SitePropertyKind.Real ? column.Reals.ToArray() : column.Integers.ToArray().Select(m => (double)m).ToArray();
        var bins = new List<double[]>();
        return Enumerable.Range(0, parent.AtomCount).Select(i =>
        {
            double[] moment = moments[(i * column.Width)..((i + 1) * column.Width)];
            int bin = bins.FindIndex(b => b.Zip(moment).All(p => Math.Abs(p.First - p.Second) <= SpinTolerance));
            if (bin < 0)
            {
                bins.Add(moment);
                bin = bins.Count - 1;
            }

            return bin;
        }).ToArray();
    }

    private static void CheckSites(Structure parent, DefectOptions options)
    {
        foreach (int site in options.Sites ?? [])
        {
            if (site < 0 || site >= parent.AtomCount)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "SiteUnknown", $"There is no such site: they are counted from 1 to {parent.AtomCount}.", value: (site + 1).ToString(CultureInfo.InvariantCulture));
            }
        }

        if (options.MaximumPairDistance is { } distance && !(distance > 0))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PairDistanceInvalid", "The largest distance of a pair is not positive.", value: Descent.Text(distance), remedy: "Give it in Å.");
        }

        if (!(options.GridSpacing is >= 0.05 and <= 2))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "GridSpacingInvalid", "The spacing of the grid is 0.05 to 2 Å.", value: Descent.Text(options.GridSpacing), remedy: "Give it such as 0.5.");
        }
    }

    private static void CheckElements(Structure parent, DefectRequest request)
    {
        Element[] needed = request switch
        {
            DefectRequest.Vacancy v => [v.Element],
            DefectRequest.Divacancy d => [d.First, d.Second],
            DefectRequest.Substitution s => [s.Host],
            _ => [],
        };
        foreach (Element e in needed)
        {
            if (parent.Composition[e] == 0)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ElementNotInStructure", $"The structure {parent.ReducedFormula} has no {e.Symbol}.", value: e.Symbol, remedy: $"It has {string.Join(", ", parent.Composition.Elements.Select(x => x.Symbol))}.");
            }
        }

        if (request is DefectRequest.Substitution { Host: var host, Guest: var guest } && host == guest)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "SubstitutionIdentical", "An element cannot take its own place.", value: host.Symbol);
        }

        if (request is DefectRequest.Interstitial && parent.Lattice is null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "Interstitial places are those of a cell, and the structure has none.", value: parent.ToString());
        }
    }
}
