using System.Globalization;

namespace AtomProNet.PS.Hosting;

/// <summary>
/// What the columns of the format file show: the same digits under every culture, and nothing where there is no value. Public,
/// because the format file calls it by name; both hosts read that file.
/// </summary>
public static class ViewText
{
    /// <summary>A number with so many decimals.</summary>
    public static string Fixed(object? value, int decimals) => Number(value, "F", decimals);

    /// <summary>A number with so many significant digits.</summary>
    public static string Significant(object? value, int digits) => Number(value, "G", digits);

    /// <summary>A number in exponential form.</summary>
    public static string Exponential(object? value, int decimals) => Number(value, "E", decimals);

    /// <summary>Anything else, by the invariant culture.</summary>
    public static string Plain(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>The end of a text that is too long, such as a path: the last folders say more than the first.</summary>
    public static string Tail(object? value, int width)
    {
        var text = Plain(value);
        return text.Length <= width ? text : "…" + text[^(width - 1)..];
    }

    /// <summary>A date and time, in local time to the second.</summary>
    public static string Time(object? value) => value switch
    {
        DateTimeOffset time => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTime time => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ => Plain(value),
    };

    /// <summary>A span of time as a clock shows it: 0:05, 2:03:04, days before it.</summary>
    public static string Duration(object? value) => value is not TimeSpan span ? Plain(value)
        : span.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}:{span.Seconds:D2}")
        : string.Create(CultureInfo.InvariantCulture, $"{(span.Days > 0 ? FormattableString.Invariant($"{span.Days}-") : "")}{span.Hours}:{span.Minutes:D2}:{span.Seconds:D2}");

    private static string Number(object? value, string format, int digits)
    {
        var text = value is IFormattable number ? number.ToString(format + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : Plain(value);

        // A rounded −0.0001 is no −0.00.
        return text.StartsWith('-') && text.AsSpan(1).IndexOfAnyExcept('0', '.') < 0 ? text[1..] : text;
    }
}
