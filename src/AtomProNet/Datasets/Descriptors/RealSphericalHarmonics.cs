namespace AtomProNet.Datasets.Descriptors;

/// <summary>The 25 real spherical harmonics up to l = 4, orthonormal on the sphere, as polynomials of a unit vector (Varshalovich et al., Quantum Theory of Angular Momentum, 1988).</summary>
internal static class RealSphericalHarmonics
{
    /// <summary>The largest l.</summary>
    public const int MaximumDegree = 4;

    /// <summary>How many there are.</summary>
    public const int Count = (MaximumDegree + 1) * (MaximumDegree + 1);

    /// <summary>Evaluates all of them; those of degree l stand at l² … (l + 1)² − 1.</summary>
    public static void Evaluate(double x, double y, double z, Span<double> values)
    {
        double xx = x * x, yy = y * y, zz = z * z;
        values[0] = 0.28209479177387814;                                   // 1/2 √(1/π)
        values[1] = 0.4886025119029199 * y;                                // √(3/4π)
        values[2] = 0.4886025119029199 * z;
        values[3] = 0.4886025119029199 * x;
        values[4] = 1.0925484305920792 * x * y;                            // 1/2 √(15/π)
        values[5] = 1.0925484305920792 * y * z;
        values[6] = 0.31539156525252005 * (3 * zz - 1);                    // 1/4 √(5/π)
        values[7] = 1.0925484305920792 * x * z;
        values[8] = 0.5462742152960396 * (xx - yy);                        // 1/4 √(15/π)
        values[9] = 0.5900435899266435 * y * (3 * xx - yy);                // 1/4 √(35/2π)
        values[10] = 2.890611442640554 * x * y * z;                        // 1/2 √(105/π)
        values[11] = 0.4570457994644658 * y * (5 * zz - 1);                // 1/4 √(21/2π)
        values[12] = 0.3731763325901154 * z * (5 * zz - 3);                // 1/4 √(7/π)
        values[13] = 0.4570457994644658 * x * (5 * zz - 1);
        values[14] = 1.445305721320277 * z * (xx - yy);                    // 1/4 √(105/π)
        values[15] = 0.5900435899266435 * x * (xx - 3 * yy);
        values[16] = 2.5033429417967046 * x * y * (xx - yy);               // 3/4 √(35/π)
        values[17] = 1.7701307697799304 * y * z * (3 * xx - yy);           // 3/4 √(35/2π)
        values[18] = 0.9461746957575601 * x * y * (7 * zz - 1);            // 3/4 √(5/π)
        values[19] = 0.6690465435572892 * y * z * (7 * zz - 3);            // 3/4 √(5/2π)
        values[20] = 0.10578554691520431 * (35 * zz * zz - 30 * zz + 3);   // 3/16 √(1/π)
        values[21] = 0.6690465435572892 * x * z * (7 * zz - 3);
        values[22] = 0.47308734787878004 * (xx - yy) * (7 * zz - 1);       // 3/8 √(5/π)
        values[23] = 1.7701307697799304 * x * z * (xx - 3 * yy);
        values[24] = 0.6258357354491761 * (xx * (xx - 3 * yy) - yy * (3 * xx - yy)); // 3/16 √(35/π)
    }
}
