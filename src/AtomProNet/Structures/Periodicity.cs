namespace AtomProNet.Structures;

/// <summary>Along which lattice vectors a structure repeats.</summary>
/// <param name="A">Along a.</param>
/// <param name="B">Along b.</param>
/// <param name="C">Along c.</param>
public readonly record struct Periodicity(bool A, bool B, bool C)
{
    /// <summary>A crystal.</summary>
    public static Periodicity Full => new(true, true, true);

    /// <summary>A molecule or cluster.</summary>
    public static Periodicity None => default;

    /// <summary>Whether it repeats in any direction.</summary>
    public bool Any => A || B || C;

    /// <summary>Whether it repeats in all three directions.</summary>
    public bool All => A && B && C;

    /// <summary>Extended XYZ's form, such as <c>T T F</c>.</summary>
    public override string ToString() => $"{(A ? 'T' : 'F')} {(B ? 'T' : 'F')} {(C ? 'T' : 'F')}";
}
