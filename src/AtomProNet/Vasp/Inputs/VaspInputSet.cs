using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>One input set: the full list of INCAR keys, the rules for those that depend on the structure, the k-points and the potentials. Immutable.</summary>
public sealed record VaspInputSet
{
    /// <summary>The name of the preset.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in one line.</summary>
    public string Description { get; init; } = "";

    /// <summary>The keys that are the same for every structure.</summary>
    public required Incar Incar { get; init; }

    /// <summary>EDIFF for each site, eV; null where <see cref="Incar"/> gives EDIFF itself.</summary>
    public double? EdiffPerAtom { get; init; }

    /// <summary>The rule for +U; null for none.</summary>
    public HubbardURule? HubbardU { get; init; }

    /// <summary>Whether LMAXMIX follows from the elements: 6 beyond Z = 56, 4 beyond Z = 20.</summary>
    public bool LMaxMixByElement { get; init; }

    /// <summary>How the k-points are made.</summary>
    public required KPointRule KPoints { get; init; }

    /// <summary>The version of VASP's library of potentials, such as <c>PBE</c> or <c>PBE_64</c>.</summary>
    public required string Functional { get; init; }

    /// <summary>The potential of each element; null where it is the plain one, named like the element.</summary>
    public ImmutableDictionary<string, string>? Potentials { get; init; }

    /// <summary>The potential of an element.</summary>
    /// <exception cref="AtomProNetException">The set names none.</exception>
    public string PotentialOf(Element element) => Potentials is null ? element.Symbol
        : Potentials.TryGetValue(element.Symbol, out string? name) ? name
        : throw new AtomProNetException(ErrorKind.NotFound, "PotentialNotInPreset", $"The preset {Name} names no potential for {element.Symbol}.", value: element.Symbol, remedy: $"Name one, such as -Potential @{{{element.Symbol}='{element.Symbol}'}}, or choose another preset.");
}

/// <summary>Where +U is applied, and how much.</summary>
/// <param name="Anions">The symbols of the elements of which the most electronegative one of the cell must be one.</param>
/// <param name="U">The effective U of each element symbol, eV (LDAUTYPE 2, L = 2, J = 0).</param>
public sealed record HubbardURule(ImmutableArray<string> Anions, ImmutableDictionary<string, double> U)
{
    /// <summary>U of each element, eV, 0 where it has none; null where the rule does not apply to this composition.</summary>
    /// <param name="elements">The elements in the order of the POSCAR.</param>
    public ImmutableArray<double>? For(IReadOnlyList<Element> elements)
    {
        Element anion = elements.MaxBy(e => e.Electronegativity ?? 0)!;
        if (!Anions.Contains(anion.Symbol))
        {
            return null;
        }

        ImmutableArray<double> u = [.. elements.Select(e => U.GetValueOrDefault(e.Symbol))];
        return u.Any(x => x > 0) ? u : null;
    }
}

/// <summary>Starting magnetic moments by species, μ_B.</summary>
/// <param name="Default">For elements that the tables do not name.</param>
/// <param name="Species">By element symbol.</param>
/// <param name="Ions">By ion, such as <c>Mn3+</c>; used where the sites have oxidation states.</param>
public sealed record MagneticMomentTable(double Default, ImmutableDictionary<string, double> Species, ImmutableDictionary<string, double> Ions)
{
    /// <summary>The moment of a site.</summary>
    /// <param name="element">Its element.</param>
    /// <param name="oxidationState">Its oxidation state, where it is known.</param>
    public double Of(Element element, double? oxidationState)
    {
        if (oxidationState is { } charge && charge == Math.Round(charge) && charge != 0
            && Ions.TryGetValue(FormattableString.Invariant($"{element.Symbol}{Math.Abs(charge):0}{(charge > 0 ? '+' : '-')}"), out double ion))
        {
            return ion;
        }

        return Species.TryGetValue(element.Symbol, out double moment) ? moment : Default;
    }
}

/// <summary>What molecular dynamics adds to a preset.</summary>
/// <param name="Name">The name of the ensemble.</param>
/// <param name="Incar">The keys.</param>
/// <param name="LangevinGamma">The friction of each species, 1/ps; null without a Langevin thermostat.</param>
/// <param name="CutoffOverEnmax">The least ratio of ENCUT to the potentials' ENMAX; null where the volume is fixed.</param>
public sealed record EnsembleRule(string Name, Incar Incar, double? LangevinGamma, double? CutoffOverEnmax);
