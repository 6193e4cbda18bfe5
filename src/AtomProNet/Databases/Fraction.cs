using System.Globalization;

namespace AtomProNet.Databases;

/// <summary>Numbers of crystallographic tables: <c>0.35218</c> or <c>1/3</c>.</summary>
internal static class Fraction
{
    /// <summary>The number that a text stands for.</summary>
    /// <exception cref="FormatException">The text is neither a decimal number nor a fraction.</exception>
    public static double Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : double.Parse(text.AsSpan(0, slash), CultureInfo.InvariantCulture) / double.Parse(text.AsSpan(slash + 1), CultureInfo.InvariantCulture);
    }
}
