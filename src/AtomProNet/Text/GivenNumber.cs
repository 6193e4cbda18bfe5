using System.Collections;
using System.Globalization;

namespace AtomProNet.Text;

/// <summary>
/// A number that a person gave as a value of a table. An empty value is none (converted it would be 0, and a misspelt variable an energy of 0 eV),
/// and a text is one only with a decimal point: to .NET the comma of "-0,2" parts thousands, and the number would be -2.
/// </summary>
public static class GivenNumber
{
    /// <summary>The number; null where the value is none.</summary>
    public static double? Of(object? value) => value switch
    {
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
        double or float or decimal or sbyte or byte or short or ushort or int or uint or long or ulong => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>What was given instead, as a person reads it: the list that a shell makes of "-0,2" in its parts, and something where it is nothing.</summary>
    public static string Shown(object? value) => value switch
    {
        null or "" => "$null",
        IEnumerable list and not string => string.Join(',', list.Cast<object?>().Select(Shown)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
