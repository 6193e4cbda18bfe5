using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

/// <summary>Random structures for property tests: any element, any cell, numbers of every size with all their bits.</summary>
internal static class RandomStructures
{
    public static double AnyDouble(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => -0.0,
        2 => Math.Round(random.NextDouble() * 10 - 5, random.Next(6)),
        3 => random.Next(-1000, 1000),
        4 => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
        5 => BitConverter.Int64BitsToDouble(random.NextInt64(1, 1L << 52)), // subnormal
        _ => random.NextDouble() * 20 - 10,
    };

    public static Lattice AnyLattice(Random random)
    {
        while (true)
        {
            double Entry() => random.Next(3) == 0 ? 0 : random.NextDouble() * 20 - 10;
            try
            {
                return new Lattice(new Vector3D(Entry(), Entry(), Entry()), new Vector3D(Entry(), Entry(), Entry()), new Vector3D(Entry(), Entry(), Entry()));
            }
            catch (AtomProNetException)
            {
                // Flat: draw again.
            }
        }
    }

    public static Vector3D AnyVector(Random random) => new(random.NextDouble() * 20 - 10, random.Next(4) == 0 ? AnyDouble(random) % 1e3 : random.NextDouble(), random.NextDouble());

    public static Structure Any(Random random, bool grouped = false, ImmutableSortedDictionary<string, SiteProperty>? properties = null, int? atoms = null, string? name = null, CoordinateKind? kind = null)
    {
        int n = atoms ?? random.Next(1, 12);
        Element[] species = new Element[n];
        for (int i = 0; i < n; i++)
        {
            species[i] = i > 0 && random.Next(2) == 0 ? species[i - 1] : Element.FromNumber(random.Next(1, 119));
        }

        if (grouped)
        {
            species = [.. species.GroupBy(e => e).SelectMany(g => g)];
        }

        kind ??= random.Next(2) == 0 ? CoordinateKind.Fractional : CoordinateKind.Cartesian;
        return new Structure(AnyLattice(random), [.. species], [.. Enumerable.Range(0, n).Select(_ => AnyVector(random))], kind.Value, siteProperties: properties, name: name);
    }
}
