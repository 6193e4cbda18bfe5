namespace AtomProNet.Generation;

/// <summary>
/// Logarithm, exponential and error function from additions, multiplications and divisions alone, which IEEE 754 defines to the last
/// bit: the platform's own functions may differ there, and a random structure must be the same on every machine.
/// Accurate to a few units in the last place.
/// </summary>
internal static class PortableMath
{
    private const double LogOf2High = 0.693147180369123816490, LogOf2Low = 1.90821492927058770002e-10; // their sum is ln 2 to twice the precision

    /// <summary>The natural logarithm of a positive normal number: x = m·2ᵉ with m near 1, ln m = 2·artanh((m − 1)/(m + 1)).</summary>
    internal static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (m > 1.4142135623730951)
        {
            m /= 2;
            exponent++;
        }

        double s = (m - 1) / (m + 1), s2 = s * s, sum = 0;
        // |s| < 0.172: the term of s²⁵ is below 1e-20.
        for (int n = 23; n >= 3; n -= 2)
        {
            sum = s2 * (1.0 / n + sum);
        }

        return exponent * LogOf2High + (2 * s * (1 + sum) + exponent * LogOf2Low);
    }

    /// <summary>eˣ for −700 &lt; x &lt; 700: x = k·ln 2 + r, Taylor's series for r.</summary>
    internal static double Exp(double x)
    {
        int k = (int)Math.Floor(x / (LogOf2High + LogOf2Low) + 0.5);
        double r = x - k * LogOf2High - k * LogOf2Low, sum = 1;
        // |r| < 0.35: the term of r¹⁸ is below 1e-23.
        for (int n = 17; n >= 1; n--)
        {
            sum = 1 + r / n * sum;
        }

        return sum * BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);
    }

    /// <summary>The error function: 2/√π · exp(−x²) · Σ 2ⁿx²ⁿ⁺¹/(2n + 1)!! (Abramowitz and Stegun 7.1.6), whose terms are all positive.</summary>
    internal static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a >= 6)
        {
            return Math.Sign(x);
        }

        double term = a, sum = a;
        for (int n = 1; n < 200 && term > sum * 1e-17; n++)
        {
            term *= 2 * a * a / (2 * n + 1);
            sum += term;
        }

        const double twoOverRootPi = 1.1283791670955126;
        return Math.Sign(x) * Math.Min(1, twoOverRootPi * Exp(-a * a) * sum);
    }
}
