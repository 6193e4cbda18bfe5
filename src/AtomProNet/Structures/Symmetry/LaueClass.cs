namespace AtomProNet.Structures.Symmetry;

/// <summary>The eleven Laue classes: what is left of a crystal's point group where inversion cannot be seen, as in its elastic constants.</summary>
public enum LaueClass
{
    /// <summary>−1.</summary>
    Triclinic,
    /// <summary>2/m.</summary>
    Monoclinic,
    /// <summary>mmm.</summary>
    Orthorhombic,
    /// <summary>4/m.</summary>
    TetragonalLow,
    /// <summary>4/mmm.</summary>
    TetragonalHigh,
    /// <summary>−3.</summary>
    TrigonalLow,
    /// <summary>−3m.</summary>
    TrigonalHigh,
    /// <summary>6/m.</summary>
    HexagonalLow,
    /// <summary>6/mmm.</summary>
    HexagonalHigh,
    /// <summary>m−3.</summary>
    CubicLow,
    /// <summary>m−3m.</summary>
    CubicHigh,
}
