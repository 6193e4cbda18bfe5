using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>
/// Rattled copies of a structure: Gaussian displacements of the atoms, a random strain of the cell where asked for, and no two atoms
/// closer than a fraction of the sum of their covalent radii. Structure number i depends on the seed, the parent and the options alone, not on
/// how many others are made, and is the same on every machine.
/// </summary>
public static class RattleSeries
{
    /// <summary>The <see cref="Provenance.Operation"/> of a rattled structure.</summary>
    public const string Operation = "Rattle";

    // Displacements of a walk do not grow beyond this many standard deviations.
    private const double MaximumDeviations = 5;

    // Redraws of the atoms that came too close; attempts of one step of one atom.
    private const int MaximumRounds = 200, MaximumAttempts = 5000;

    /// <summary>Makes rattled structures one by one as they are asked for.</summary>
    /// <param name="parent">Any structure; a random strain of the cell needs one with a cell.</param>
    /// <param name="count">How many.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops between two structures and within long ones.</param>
    /// <exception cref="AtomProNetException">
    /// An option is out of range; atoms of the parent are closer than allowed already; no displacements could be found that keep the distance.
    /// </exception>
    public static IEnumerable<Structure> Make(Structure parent, int count, RattleOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (options.CellStandardDeviation > 0 && parent.Lattice is null)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "A structure without a cell has none to strain.", value: parent.ToString(), remedy: "Leave the random strain of the cell out.");
        }

        bool[] moves = Moving(parent, options);
        CheckParent(parent, options);
        return Enumerable.Range(1, count).Select(index => One(parent, index, options, moves, cancellation));
    }

    private static Structure One(Structure parent, int index, RattleOptions options, bool[] moves, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string method = options.IsMonteCarlo ? "MonteCarlo" : "Gaussian";
        RandomStream random = RandomStream.For("AtomProNet.Rattle", options.Seed, parent.ContentHash, $"{method} {Descent.Text(options.StandardDeviation)}", index);
        Structure start = parent;
        Matrix3x3 strain = default;
        if (options.CellStandardDeviation > 0)
        {
            strain = RandomStrain(random, options.CellStandardDeviation);
            start = StrainSeries.Strain(parent, strain);
        }

        var limits = new ContactLimits(start, options.MinimumDistance);
        Vector3D[] displaced = options.StandardDeviation == 0 ? [.. start.CartesianPositions]
            : options.IsMonteCarlo ? Walk(start, options, moves, random, limits, cancellation)
            : Draw(start, options, moves, random, limits, cancellation);
        // The random strain alone can push atoms together as well.
        if (options.StandardDeviation == 0 && limits.FirstViolation(displaced) is { } pair)
        {
            throw TooClose(parent, index, pair);
        }

        var parameters = new List<KeyValuePair<string, string>>
        {
            new("method", method),
            new("standardDeviation", Descent.Text(options.StandardDeviation)),
            new("minimumDistance", Descent.Text(options.MinimumDistance.Fraction)),
            new("index", index.ToString(CultureInfo.InvariantCulture)),
        };
        if (options.IsMonteCarlo)
        {
            parameters.Add(new("iterations", options.Iterations.ToString(CultureInfo.InvariantCulture)));
            parameters.Add(new("width", Descent.Text(options.Width)));
        }

        if (options.Elements is not null)
        {
            parameters.Add(new("elements", string.Join(' ', options.Elements.Select(e => e.Symbol))));
        }

        if (options.CellStandardDeviation > 0)
        {
            parameters.Add(new("cellStandardDeviation", Descent.Text(options.CellStandardDeviation)));
            parameters.Add(new("voigt", Descent.Text([strain[0, 0], strain[1, 1], strain[2, 2], 2 * strain[1, 2], 2 * strain[0, 2], 2 * strain[0, 1]])));
        }

        return start.With(
            positions: ImmutableArray.Create(displaced),
            kind: CoordinateKind.Cartesian,
            siteProperties: Descent.Properties(start),
            name: Descent.Name(parent, string.Create(CultureInfo.InvariantCulture, $"rattle_{options.StandardDeviation:F4}_{index:D4}")),
            provenance: Descent.Of(parent).Derive(Operation, parent.ContentHash, parameters, seed: options.Seed));
    }

    // All displacements at once; atoms that come too close are drawn again, together with their partners.
    private static Vector3D[] Draw(Structure start, RattleOptions options, bool[] moves, RandomStream random, ContactLimits limits, CancellationToken cancellation)
    {
        Vector3D[] positions = [.. start.CartesianPositions];
        var again = new SortedSet<int>(Enumerable.Range(0, positions.Length).Where(i => moves[i]));
        (int I, int J, double Distance) worst = default;
        for (int round = 0; round < MaximumRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (int i in again)
            {
                positions[i] = start.CartesianPositions[i] + random.NextVector(options.StandardDeviation);
            }

            again.Clear();
            foreach ((int i, int j, double distance) in limits.Violations(positions))
            {
                worst = (i, j, distance);
                again.UnionWith(new[] { i, j }.Where(site => moves[site]));
            }

            if (again.Count == 0)
            {
                return positions;
            }
        }

        throw TooClose(start, null, worst);
    }

    // Each atom makes small steps in turn; a step is taken with the probability (erf((d − d_min)/width) + 1)/2, where d − d_min is that of its
    // tightest neighbour (hiphive's mc_rattle: Eriksson, Fransson and Erhart, Adv. Theory Simul. 2, 1800184 (2019)), and never below d_min.
    private static Vector3D[] Walk(Structure start, RattleOptions options, bool[] moves, RandomStream random, ContactLimits limits, CancellationToken cancellation)
    {
        double reach = MaximumDeviations * options.StandardDeviation;
        double step = options.StandardDeviation / Math.Sqrt(options.Iterations);
        ImmutableArray<Vector3D> reference = start.CartesianPositions;
        Vector3D[] positions = [.. reference];
        List<int>[] neighbours = limits.Neighbours(positions, 2 * reach + 4 * options.Width);
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < positions.Length; i++)
            {
                if (!moves[i])
                {
                    continue;
                }

                int attempt = 0;
                for (; attempt < MaximumAttempts; attempt++)
                {
                    Vector3D trial = positions[i] + random.NextVector(step);
                    if ((trial - reference[i]).Length > reach)
                    {
                        continue;
                    }

                    double room = limits.Room(positions, i, trial, neighbours[i]);
                    if (room >= 0 && (PortableMath.Erf(room / options.Width) + 1) / 2 > random.NextUniform())
                    {
                        positions[i] = trial;
                        break;
                    }
                }

                if (attempt == MaximumAttempts)
                {
                    throw new AtomProNetException(ErrorKind.LimitExceeded, "RattleTooClose", $"No step was found for atom {i + 1} ({start.Species[i]}) that keeps it away from its neighbours.", value: start.Name, remedy: "Give a smaller standard deviation or a smaller minimum distance.");
                }
            }
        }

        return positions;
    }

    private static Matrix3x3 RandomStrain(RandomStream random, double deviation)
    {
        while (true)
        {
            double xx = random.NextNormal() * deviation, yy = random.NextNormal() * deviation, zz = random.NextNormal() * deviation;
            double yz = random.NextNormal() * deviation, xz = random.NextNormal() * deviation, xy = random.NextNormal() * deviation;
            Matrix3x3 strain = new(new(xx, xy, xz), new(xy, yy, yz), new(xz, yz, zz));
            Matrix3x3 m = Matrix3x3.Identity + strain;
            // Far out in the tails a cell could be flattened or turned inside out.
            if (m[0, 0] > 0.3 && m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0] > 0.1 && m.Determinant > 0.1)
            {
                return strain;
            }
        }
    }

    private static bool[] Moving(Structure parent, RattleOptions options)
    {
        if (options.Elements is not { } elements)
        {
            return [.. Enumerable.Repeat(true, parent.AtomCount)];
        }

        foreach (Element e in elements)
        {
            if (parent.Composition[e] == 0)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ElementNotInStructure", $"The structure {parent.ReducedFormula} has no {e.Symbol} to displace.", value: e.Symbol);
            }
        }

        return [.. parent.Species.Select(elements.Contains)];
    }

    private static void CheckParent(Structure parent, RattleOptions options)
    {
        if (new ContactLimits(parent, options.MinimumDistance).FirstViolation([.. parent.CartesianPositions]) is { } pair)
        {
            throw TooClose(parent, null, pair);
        }
    }

    private static AtomProNetException TooClose(Structure structure, int? index, (int I, int J, double Distance) pair) => new(
        ErrorKind.InvalidArgument,
        "RattleTooClose",
        string.Create(CultureInfo.InvariantCulture, $"The atoms {pair.I + 1} ({structure.Species[pair.I]}) and {pair.J + 1} ({structure.Species[pair.J]}) {(index is null ? "are" : "come")} {pair.Distance:F3} Å close, below the minimum distance."),
        value: structure.Name ?? structure.Composition.Formula,
        remedy: "Check the structure, give a smaller standard deviation, or a smaller minimum distance.");
}
