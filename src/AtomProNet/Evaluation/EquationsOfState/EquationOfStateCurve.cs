namespace AtomProNet.Evaluation.EquationsOfState;

/// <summary>
/// An equation of state E(V) with its four parameters. Units are whatever fits together: with E in eV and V in Å³, B is in eV/Å³.
/// </summary>
/// <param name="Form">The curve.</param>
/// <param name="E0">The energy at the minimum.</param>
/// <param name="V0">The volume at the minimum.</param>
/// <param name="B0">The bulk modulus −V dP/dV at the minimum.</param>
/// <param name="B0Prime">Its derivative dB/dP there.</param>
internal readonly record struct EquationOfStateCurve(EquationOfStateForm Form, double E0, double V0, double B0, double B0Prime)
{
    /// <summary>The energy at a volume.</summary>
    internal double Energy(double v) => E0 + B0 * Shape(v).Value;

    /// <summary>The pressure −dE/dV at a volume.</summary>
    internal double Pressure(double v)
    {
        double b = B0Prime;
        switch (Form)
        {
            case EquationOfStateForm.BirchMurnaghan:
                double x = Math.Cbrt(V0 / v);
                double x2 = x * x, x5 = x2 * x2 * x;
                return 1.5 * B0 * (x5 * x2 - x5) * (1 + 0.75 * (b - 4) * (x2 - 1));
            case EquationOfStateForm.Vinet:
                double y = Math.Cbrt(v / V0);
                return 3 * B0 * (1 - y) / (y * y) * Math.Exp(1.5 * (b - 1) * (1 - y));
            default:
                return B0 / b * (Math.Pow(V0 / v, b) - 1);
        }
    }

    /// <summary>dE/dE0, dE/dV0, dE/dB0 and dE/dB0′ at a volume.</summary>
    internal double[] Gradient(double v)
    {
        (double value, double byVolume, double byPrime) = Shape(v);
        return [1, B0 * byVolume, value, B0 * byPrime];
    }

    // (E − E0)/B0 and its derivatives by V0 and B0′.
    private (double Value, double ByVolume, double ByPrime) Shape(double v)
    {
        double b = B0Prime;
        switch (Form)
        {
            case EquationOfStateForm.BirchMurnaghan:
            {
                // 9V0/16 [w³ B′ + w²(6 − 4x)] with x = (V0/V)^(2/3), w = x − 1.
                double x = Math.Pow(V0 / v, 2.0 / 3), w = x - 1;
                double g = w * w * (w * b + 6 - 4 * x), slope = 3 * w * w * b + 2 * w * (6 - 4 * x) - 4 * w * w;
                return (9 * V0 / 16 * g, 9.0 / 16 * (g + 2.0 / 3 * x * slope), 9 * V0 / 16 * w * w * w);
            }

            case EquationOfStateForm.Vinet:
            {
                // 4V0/(B′ − 1)² [1 − (1 + u)e^(−u)] with u = 3/2 (B′ − 1)(y − 1), y = (V/V0)^(1/3).
                double y = Math.Cbrt(v / V0), h = 1.5 * (b - 1), u = h * (y - 1), e = Math.Exp(-u);
                double bracket = 1 - (1 + u) * e, factor = 4 * V0 / ((b - 1) * (b - 1));
                return (factor * bracket, factor / V0 * bracket - factor * u * e * h * y / (3 * V0), -2 * factor / (b - 1) * bracket + factor * u * e * 1.5 * (y - 1));
            }

            default:
            {
                // V/B′ [(V0/V)^B′/(B′ − 1) + 1] − V0/(B′ − 1).
                double r = Math.Pow(V0 / v, b), c = b * (b - 1);
                return (
                    v / b * (r / (b - 1) + 1) - V0 / (b - 1),
                    (v * r / V0 - 1) / (b - 1),
                    v * (r * Math.Log(V0 / v) / c - r * (2 * b - 1) / (c * c) - 1 / (b * b)) + V0 / ((b - 1) * (b - 1)));
            }
        }
    }
}
