using System.Collections.Immutable;
using System.Globalization;

namespace AtomProNet.Calculations;

/// <summary>A regular mesh of k-points along the reciprocal vectors. Immutable.</summary>
/// <param name="N1">Divisions along b₁.</param>
/// <param name="N2">Divisions along b₂.</param>
/// <param name="N3">Divisions along b₃.</param>
/// <param name="GammaCentred">Whether Γ is a point by construction; else Monkhorst–Pack.</param>
public readonly record struct KPointMesh(int N1, int N2, int N3, bool GammaCentred)
{
    /// <summary>The divisions.</summary>
    public ImmutableArray<int> Divisions => [N1, N2, N3];

    /// <summary>The number of points before symmetry.</summary>
    public long PointCount => (long)N1 * N2 * N3;

    /// <summary>Whether Γ is the only point.</summary>
    public bool IsGammaOnly => PointCount == 1;

    /// <summary>The shift of the mesh along each vector in units of its step: ½ for an even Monkhorst–Pack division, else 0.</summary>
    internal double Shift(int divisions) => !GammaCentred && divisions % 2 == 0 ? 0.5 : 0;

    /// <summary>The divisions and the kind.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{N1}×{N2}×{N3} {(GammaCentred ? "Γ-centred" : "Monkhorst–Pack")}");
}
