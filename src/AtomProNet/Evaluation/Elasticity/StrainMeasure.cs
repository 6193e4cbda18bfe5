namespace AtomProNet.Evaluation.Elasticity;

/// <summary>Which strain is set against which stress.</summary>
public enum StrainMeasure
{
    /// <summary>
    /// The infinitesimal strain ε = (F + Fᵀ)/2 − 1 against the Cauchy stress, which codes print. Under a residual stress the constants are
    /// the stress–strain coefficients (D. C. Wallace, Thermodynamics of Crystals, 1972): those that stability depends on.
    /// </summary>
    Infinitesimal,
    /// <summary>
    /// The Green–Lagrange strain η = (F·Fᵀ − 1)/2 against the second Piola–Kirchhoff stress det(F)·F⁻ᵀ·σ·F⁻¹ (for row vectors): the constants
    /// are the second derivatives of the energy by η, per volume.
    /// </summary>
    GreenLagrange,
}
