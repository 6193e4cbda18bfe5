namespace AtomProNet.Generation;

/// <summary>Which strains a series is made of. e stands for the values of the series' range.</summary>
public enum StrainMode
{
    /// <summary>ε_xx = ε_yy = ε_zz = e: linear strain; the volume changes by (1 + e)³.</summary>
    Hydrostatic,
    /// <summary>e along one Cartesian axis at a time.</summary>
    Uniaxial,
    /// <summary>e along both axes of one Cartesian plane at a time.</summary>
    Biaxial,
    /// <summary>One engineering shear strain γ = 2ε = e at a time.</summary>
    Shear,
    /// <summary>The full grid ε_xx × ε_yy × ε_zz.</summary>
    Volumetric,
    /// <summary>What the fit of elastic constants needs: each of the six Voigt components at a few small values of both signs, and the unstrained structure.</summary>
    Elastic,
}

/// <summary>A Cartesian axis.</summary>
public enum StrainAxis
{
    /// <summary>x.</summary>
    X,
    /// <summary>y.</summary>
    Y,
    /// <summary>z.</summary>
    Z,
}

/// <summary>A plane of two Cartesian axes.</summary>
public enum StrainPlane
{
    /// <summary>The yz plane.</summary>
    YZ,
    /// <summary>The xz plane.</summary>
    XZ,
    /// <summary>The xy plane.</summary>
    XY,
}
