using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AtomProNet.Structures;

/// <summary>Which coordinates a <see cref="Structure"/> was given: the other ones are computed from them.</summary>
public enum CoordinateKind
{
    /// <summary>Fractions of the lattice vectors.</summary>
    Fractional,
    /// <summary>Å along x, y, z.</summary>
    Cartesian,
}

/// <summary>
/// Atoms in a cell: lattice, species, positions, periodicity, site properties, and where it all comes from. Immutable.
/// The coordinates that were given are kept to the last bit and the other kind is computed from them, so that reading and
/// writing a file changes no number.
/// </summary>
public sealed class Structure : IEquatable<Structure>
{
    private readonly ImmutableArray<Vector3D> given;
    private Vector3D[]? computed;
    private string? contentHash;
    private Composition? composition;
    // Replaced as one object, so that threads never see half of it.
    private static volatile Tuple<ImmutableArray<Element>, Composition>? lastComposition;

    /// <summary>Creates a structure.</summary>
    /// <param name="lattice">The cell; null for a molecule without one.</param>
    /// <param name="species">The element of each site.</param>
    /// <param name="positions">The position of each site.</param>
    /// <param name="kind">Whether the positions are fractional or Cartesian (Å).</param>
    /// <param name="periodicity">Along which vectors it repeats; default: all three with a lattice, none without.</param>
    /// <param name="siteProperties">Further columns by name: <c>magmom</c>, <c>selective_dynamics</c>, <c>velocities</c> …</param>
    /// <param name="name">A short name, used for folders and titles.</param>
    /// <param name="provenance">Where it comes from.</param>
    /// <exception cref="AtomProNetException">The parts do not fit each other, or a position is not finite.</exception>
    public Structure(
        Lattice? lattice,
        ImmutableArray<Element> species,
        ImmutableArray<Vector3D> positions,
        CoordinateKind kind,
        Periodicity? periodicity = null,
        ImmutableSortedDictionary<string, SiteProperty>? siteProperties = null,
        string? name = null,
        Provenance? provenance = null)
    {
        if (species.Length != positions.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "SiteCountMismatch", $"There are {species.Length} species but {positions.Length} positions.");
        }

        Periodicity = periodicity ?? (lattice is null ? Periodicity.None : Periodicity.Full);
        if (lattice is null && (Periodicity.Any || kind == CoordinateKind.Fractional))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "LatticeMissing", "Periodic boundaries and fractional coordinates need a lattice.", remedy: "Give the three lattice vectors.");
        }

        if (Vector3D.IndexOfNotFinite(positions.AsSpan()) is >= 0 and var atom)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "PositionNotFinite", $"The position of atom {atom + 1} is not finite.", value: positions[atom].ToString());
        }

        SiteProperties = siteProperties ?? ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal);
        foreach ((string property, SiteProperty column) in SiteProperties)
        {
            if (column.SiteCount != species.Length)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "SiteCountMismatch", $"The site property '{property}' has values for {column.SiteCount} sites, but there are {species.Length}.");
            }
        }

        Lattice = lattice;
        Species = species;
        given = positions;
        CoordinateKind = kind;
        Name = name;
        Provenance = provenance;
    }

    /// <summary>The cell; null for a molecule without one.</summary>
    public Lattice? Lattice { get; }

    /// <summary>Along which vectors it repeats.</summary>
    public Periodicity Periodicity { get; }

    /// <summary>The element of each site.</summary>
    public ImmutableArray<Element> Species { get; }

    /// <summary>Which coordinates were given, and so are exact.</summary>
    public CoordinateKind CoordinateKind { get; }

    /// <summary>Further columns by name.</summary>
    public ImmutableSortedDictionary<string, SiteProperty> SiteProperties { get; }

    /// <summary>A short name, used for folders and titles.</summary>
    public string? Name { get; }

    /// <summary>Where it comes from; null where nobody said.</summary>
    public Provenance? Provenance { get; }

    /// <summary>The number of sites.</summary>
    public int AtomCount => Species.Length;

    /// <summary>The Cartesian positions in Å.</summary>
    public ImmutableArray<Vector3D> CartesianPositions => CoordinateKind == CoordinateKind.Cartesian ? given : Compute();

    /// <summary>The fractional positions.</summary>
    /// <exception cref="AtomProNetException">There is no lattice.</exception>
    public ImmutableArray<Vector3D> FractionalPositions => CoordinateKind == CoordinateKind.Fractional ? given
        : Lattice is not null ? Compute()
        : throw new AtomProNetException(ErrorKind.NotSupported, "LatticeMissing", "A structure without a lattice has no fractional coordinates.");

    /// <summary>The volume of the cell in Å³; null without a lattice.</summary>
    public double? Volume => Lattice?.Volume;

    /// <summary>How many atoms of each element.</summary>
    public Composition Composition => composition ??= CompositionOf(Species);

    /// <summary>The reduced formula, such as <c>Al2O3</c>.</summary>
    public string ReducedFormula => Composition.ReducedFormula;

    /// <summary>
    /// SHA-256 (lower-case hex) over periodicity, lattice, species and Cartesian positions to the last bit, in the order of the sites.
    /// It does not depend on the machine, on names, on provenance or on site properties.
    /// </summary>
    public string ContentHash => contentHash ??= Hash();

    /// <summary>The shortest distance between two sites under periodic boundaries, Å. For many pairs use one <see cref="MinimumImage"/>.</summary>
    /// <param name="first">Index of the one site, from 0.</param>
    /// <param name="second">Index of the other site, from 0. The site itself: the distance is 0.</param>
    public double Distance(int first, int second) =>
        new MinimumImage(Lattice, Periodicity).Distance(CartesianPositions[first], CartesianPositions[second]);

    /// <summary>The same structure with each site moved into the cell: fractional coordinates in [0, 1) along the periodic directions.</summary>
    public Structure Wrap()
    {
        if (Lattice is null || !Periodicity.Any)
        {
            return this;
        }

        ImmutableArray<Vector3D> fractional = FractionalPositions;
        var wrapped = ImmutableArray.CreateBuilder<Vector3D>(fractional.Length);
        foreach (Vector3D f in fractional)
        {
            wrapped.Add(new(Periodicity.A ? Into(f.X) : f.X, Periodicity.B ? Into(f.Y) : f.Y, Periodicity.C ? Into(f.Z) : f.Z));
        }

        return With(positions: wrapped.MoveToImmutable(), kind: CoordinateKind.Fractional);

        static double Into(double x)
        {
            double y = x - Math.Floor(x);
            // A tiny negative number rounds up to 1, which is the same place as 0.
            return y >= 1 ? 0 : y;
        }
    }

    /// <summary>The sites in another order, or some of them left out.</summary>
    /// <param name="sites">For each new site, the index of the old one.</param>
    public Structure SelectSites(IReadOnlyList<int> sites) => new(
        Lattice,
        sites.Select(i => Species[i]).ToImmutableArray(),
        sites.Select(i => given[i]).ToImmutableArray(),
        CoordinateKind,
        Periodicity,
        SiteProperties.ToImmutableSortedDictionary(p => p.Key, p => p.Value.Select(sites), StringComparer.Ordinal),
        Name,
        Provenance);

    /// <summary>
    /// The same structure with some parts replaced; what is not given stays. A new lattice with old fractional positions
    /// deforms the structure; with old Cartesian positions it leaves the atoms where they are.
    /// </summary>
    public Structure With(
        Lattice? lattice = null,
        ImmutableArray<Vector3D>? positions = null,
        CoordinateKind? kind = null,
        ImmutableSortedDictionary<string, SiteProperty>? siteProperties = null,
        string? name = null,
        Provenance? provenance = null)
    {
        if (kind is not null && positions is null && kind != CoordinateKind)
        {
            positions = kind == CoordinateKind.Fractional ? FractionalPositions : CartesianPositions;
        }

        return new(
            lattice ?? Lattice,
            Species,
            positions ?? given,
            kind ?? CoordinateKind,
            Periodicity,
            siteProperties ?? SiteProperties,
            name ?? Name,
            provenance ?? Provenance);
    }

    /// <summary>Whether lattice, periodicity, species, Cartesian positions and site properties are the same to the last bit. Name and provenance do not count.</summary>
    public bool Equals(Structure? other) => ReferenceEquals(this, other) || (other is not null
        && Periodicity == other.Periodicity
        && Equals(Lattice, other.Lattice)
        && Species.AsSpan().SequenceEqual(other.Species.AsSpan())
        && CartesianPositions.AsSpan().SequenceEqual(other.CartesianPositions.AsSpan())
        && SiteProperties.SequenceEqual(other.SiteProperties));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Structure);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AtomCount, Lattice, AtomCount > 0 ? CartesianPositions[0] : default, AtomCount > 0 ? Species[^1] : null);

    /// <summary>Name, formula and cell in one line.</summary>
    public override string ToString() => $"{(Name is null ? "" : Name + ": ")}{Composition.Formula} {Lattice?.ToString() ?? "without a cell"}";

    // The frames of a file, and often those of thousands, share one list of species.
    private static Composition CompositionOf(ImmutableArray<Element> species)
    {
        if (lastComposition is { } last && species.Equals(last.Item1))
        {
            return last.Item2;
        }

        var composition = Composition.Of(species);
        lastComposition = new(species, composition);
        return composition;
    }

    private ImmutableArray<Vector3D> Compute()
    {
        Vector3D[]? result = computed;
        if (result is null)
        {
            // ToCartesian or ToFractional of each.
            Matrix3x3 matrix = CoordinateKind == CoordinateKind.Fractional ? Lattice!.Rows : Lattice!.Inverse();
            result = new Vector3D[given.Length];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = given[i] * matrix;
            }

            // Two threads may both come here: they compute the same numbers, and the assignment of a reference is atomic.
            computed = result;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(result);
    }

    private string Hash()
    {
        ImmutableArray<Vector3D> positions = CartesianPositions;
        var bytes = new byte[8 + 72 + positions.Length * 28];
        bytes[0] = 1; // the version of this layout
        bytes[1] = (byte)((Periodicity.A ? 1 : 0) | (Periodicity.B ? 2 : 0) | (Periodicity.C ? 4 : 0) | (Lattice is null ? 0 : 8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), positions.Length);
        int at = 8;
        foreach (double entry in Lattice?.Rows.ToRowMajor() ?? new double[9])
        {
            Put(entry);
        }

        for (int i = 0; i < positions.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), Species[i].Number);
            at += 4;
            Put(positions[i].X);
            Put(positions[i].Y);
            Put(positions[i].Z);
        }

        return Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();

        // Negative zero is the same place as zero.
        void Put(double value)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), value == 0 ? 0 : value);
            at += 8;
        }
    }
}
