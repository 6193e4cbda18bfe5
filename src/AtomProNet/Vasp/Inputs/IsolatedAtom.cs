using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>
/// The settings for a single atom in a box, whose energy is the zero of a potential (MACE's E0): Γ only, spin-polarised from Hund's
/// moment, no symmetry, fixed atom; the rest (cut-off, functional, potentials) stays that of the set.
/// </summary>
internal static class IsolatedAtom
{
    /// <summary>The operation in the provenance, and the <c>config_type</c> of its frame.</summary>
    internal const string Operation = Calculations.IsolatedAtoms.Operation;

    /// <summary>The keys that differ from a crystal's.</summary>
    internal static ImmutableArray<KeyValuePair<string, IncarValue>> Settings { get; } =
    [
        new("ISMEAR", IncarValue.Of(0)),
        new("SIGMA", IncarValue.Of(0.01)),
        new("ISYM", IncarValue.Of(0)),
        new("ISPIN", IncarValue.Of(2)),
        new("LREAL", IncarValue.Of(false)),
        new("NSW", IncarValue.Of(0)),
        new("IBRION", IncarValue.Of(-1)),
    ];

    /// <summary>Whether a structure was made as an isolated atom.</summary>
    internal static bool Is(Structure structure) => structure.Provenance?.Operation == Operation;

    /// <summary>The moment of the free atom by Hund's first rule, μ_B: its number of unpaired electrons.</summary>
    internal static double HundMoment(Element element) => Calculations.IsolatedAtoms.UnpairedElectrons(element);
}
