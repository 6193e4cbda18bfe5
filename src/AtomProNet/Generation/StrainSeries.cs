using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>
/// A series of strained copies of a structure: the lattice becomes a′ = a·(I + ε) (row vectors, all nine entries), the fractional
/// positions stay as they are. The strains are listed one by one while they are used, so that a series can have any length. Immutable.
/// </summary>
public sealed class StrainSeries
{
    /// <summary>The <see cref="Provenance.Operation"/> of a strained structure.</summary>
    public const string Operation = "Strain";

    /// <summary>The largest strain unless told otherwise.</summary>
    public const decimal DefaultRange = 0.1m;

    /// <summary>The distance between two strains unless told otherwise.</summary>
    public const decimal DefaultStep = 0.01m;

    /// <summary>The largest strain that the elastic set has unless told otherwise.</summary>
    public const decimal DefaultElasticRange = 0.01m;

    /// <summary>The step of the elastic set unless told otherwise.</summary>
    public const decimal DefaultElasticStep = 0.005m;

    // Names carry at least four decimals, so that series of different steps look alike: strain_+0.0100.
    private const int MinimumDecimals = 4;

    private static readonly int[][] ComponentsOfPlane = [[1, 2], [0, 2], [0, 1]];

    private readonly StrainFamily[] families;
    private readonly int decimals;

    private StrainSeries(IEnumerable<StrainFamily> families)
    {
        this.families = [.. families];
        decimals = Math.Max(MinimumDecimals, this.families.Length == 0 ? 0 : this.families.Max(f => f.Decimals));
        foreach (VoigtStrain strain in this.families.SelectMany(f => f.Extremes))
        {
            if (!strain.KeepsCell)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainTooLarge", "A strain leaves no cell: it squeezes one to nothing or turns it inside out (I + ε is not positive definite).", value: strain.ToString(), remedy: "Strains are fractions (0.1 is 10 %): normal ones stay above -1, a single shear strain γ between -2 and 2.");
            }
        }
    }

    /// <summary>The strains in order, each one once.</summary>
    public IEnumerable<VoigtStrain> Strains => States.Select(s => s.Strain);

    /// <summary>The number of strains.</summary>
    public long Count => States.LongCount();

    private IEnumerable<StrainState> States
    {
        get
        {
            for (int i = 0; i < families.Length; i++)
            {
                foreach (StrainState state in families[i].States(decimals))
                {
                    // What an earlier mode has made is not made again: above all the unstrained structure.
                    bool seen = false;
                    for (int earlier = 0; earlier < i && !seen; earlier++)
                    {
                        seen = families[earlier].Contains(state.Strain);
                    }

                    if (!seen)
                    {
                        yield return state;
                    }
                }
            }
        }
    }

    /// <summary>A series by modes, one after the other; a strain that two of them share, such as none at all, appears once.</summary>
    /// <param name="modes">The modes.</param>
    /// <param name="range">The values for every mode but <see cref="StrainMode.Elastic"/>; default −10 % … +10 % by 1 %.</param>
    /// <param name="elasticRange">The values for <see cref="StrainMode.Elastic"/>; default −1 % … +1 % by 0.5 %.</param>
    /// <param name="axes">The axes of <see cref="StrainMode.Uniaxial"/>; default x, y and z.</param>
    /// <param name="planes">The planes of <see cref="StrainMode.Biaxial"/> and <see cref="StrainMode.Shear"/>; default yz, xz and xy.</param>
    /// <exception cref="AtomProNetException">There are no modes, or one of the strains leaves no cell.</exception>
    public static StrainSeries ByMode(IReadOnlyList<StrainMode> modes, StrainRange? range = null, StrainRange? elasticRange = null, IReadOnlyList<StrainAxis>? axes = null, IReadOnlyList<StrainPlane>? planes = null)
    {
        if (modes.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainModeMissing", "No strain mode was given.", remedy: "Give one, such as Hydrostatic.");
        }

        range ??= StrainRange.Symmetric(DefaultRange, DefaultStep);
        elasticRange ??= StrainRange.Symmetric(DefaultElasticRange, DefaultElasticStep);
        axes = axes is { Count: > 0 } ? axes : Enum.GetValues<StrainAxis>();
        planes = planes is { Count: > 0 } ? planes : Enum.GetValues<StrainPlane>();
        return new(modes.SelectMany(mode => Families(mode, mode == StrainMode.Elastic ? elasticRange : range, axes, planes)));
    }

    /// <summary>A series of strains of one's own.</summary>
    /// <exception cref="AtomProNetException">There are none, one appears twice, or one leaves no cell.</exception>
    public static StrainSeries OfList(IReadOnlyList<VoigtStrain> strains)
    {
        if (strains.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "VoigtStrainInvalid", "The list of strains is empty.", remedy: "Give at least one row of six numbers.");
        }

        var rows = new Dictionary<VoigtStrain, int>();
        for (int i = 0; i < strains.Count; i++)
        {
            if (!rows.TryAdd(strains[i], i))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "VoigtStrainRepeated", $"The strains {rows[strains[i]] + 1} and {i + 1} of the list are the same, and would make the same structure twice.", value: strains[i].ToString(), remedy: "Leave one of them out.");
            }
        }

        return new([new StrainList([.. strains])]);
    }

    /// <summary>The strained copies of a structure, made one by one as they are asked for.</summary>
    /// <param name="parent">A structure with a cell.</param>
    /// <exception cref="AtomProNetException">The structure has no cell.</exception>
    public IEnumerable<Structure> Apply(Structure parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        return parent.Lattice is null ? throw NoCell(parent) : Iterate();

        IEnumerable<Structure> Iterate()
        {
            Provenance descent = Descent.Of(parent);
            foreach (StrainState state in States)
            {
                var parameters = new List<KeyValuePair<string, string>>(3) { new("voigt", state.Strain.ToString()) };
                if (state.Mode is { } mode)
                {
                    parameters.Add(new("mode", mode.ToString()));
                }

                if (state.Value is { } value)
                {
                    parameters.Add(new("value", VoigtStrain.Shortest(value)));
                }

                Structure strained = state.Strain.IsZero ? parent : Strain(parent, state.Strain.ToMatrix());
                yield return strained.With(
                    name: Descent.Name(parent, state.Name),
                    provenance: descent.Derive(Operation, parent.ContentHash, parameters));
            }
        }
    }

    /// <summary>Deforms one structure: a′ = a·(I + ε), fractional positions kept, site properties kept but for results such as forces; name and provenance stay as they were.</summary>
    /// <param name="parent">A structure with a cell.</param>
    /// <param name="strain">ε with its nine entries; it need not be symmetric. Zero leaves all numbers as they are to the last bit.</param>
    /// <exception cref="AtomProNetException">There is no cell, or none would be left (det(I + ε) ≤ 0).</exception>
    public static Structure Strain(Structure parent, Matrix3x3 strain)
    {
        ArgumentNullException.ThrowIfNull(parent);
        Lattice lattice = parent.Lattice ?? throw NoCell(parent);
        if (strain == default)
        {
            return parent;
        }

        Matrix3x3 deformation = Matrix3x3.Identity + strain;
        if (!(deformation.Determinant > 0) || !strain.IsFinite)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StrainTooLarge", "A strain leaves no cell: det(I + ε) is not positive.", value: strain.ToString(), remedy: "Normal strains stay above -1.");
        }

        return parent.With(lattice: new Lattice(lattice.Rows * deformation), positions: parent.FractionalPositions, kind: CoordinateKind.Fractional, siteProperties: Descent.Properties(parent));
    }

    private static IEnumerable<StrainFamily> Families(StrainMode mode, StrainRange range, IReadOnlyList<StrainAxis> axes, IReadOnlyList<StrainPlane> planes) => mode switch
    {
        StrainMode.Hydrostatic => [new StrainLine(mode, [0, 1, 2], range)],
        StrainMode.Uniaxial => axes.Select(axis => new StrainLine(mode, [(int)axis], range)),
        StrainMode.Biaxial => planes.Select(plane => new StrainLine(mode, ComponentsOfPlane[(int)plane], range)),
        StrainMode.Shear => planes.Select(plane => new StrainLine(mode, [3 + (int)plane], range)),
        StrainMode.Volumetric => [new StrainGrid(range)],
        StrainMode.Elastic => Enumerable.Range(0, 6).Select(i => new StrainLine(mode, [i], range)),
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    private static AtomProNetException NoCell(Structure parent) =>
        new(ErrorKind.InvalidArgument, "LatticeMissing", "A structure without a cell cannot be strained.", value: parent.ToString(), remedy: "Give it a lattice first.");
}
