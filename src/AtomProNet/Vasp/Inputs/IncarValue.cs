using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AtomProNet.Vasp.Inputs;

/// <summary>What an <see cref="IncarValue"/> is.</summary>
public enum IncarValueKind
{
    /// <summary>.TRUE. or .FALSE.</summary>
    Logical,
    /// <summary>Whole numbers, one or several.</summary>
    Integers,
    /// <summary>Real numbers, one or several.</summary>
    Reals,
    /// <summary>Truth values, several.</summary>
    Logicals,
    /// <summary>Anything else, as it stands in the file.</summary>
    Text,
}

/// <summary>The value of an INCAR key, with its type. Immutable; equal by what is written.</summary>
public sealed class IncarValue : IEquatable<IncarValue>
{
    private readonly ImmutableArray<double> numbers;

    private IncarValue(IncarValueKind kind, string text, ImmutableArray<double> numbers)
    {
        Kind = kind;
        Text = text;
        this.numbers = numbers;
    }

    /// <summary>The type.</summary>
    public IncarValueKind Kind { get; }

    /// <summary>The value as it is written into the file.</summary>
    public string Text { get; }

    /// <summary>The numbers; truth values are 1 and 0; none for text.</summary>
    public ImmutableArray<double> Numbers => numbers;

    /// <summary>The truth value; null where it is none.</summary>
    public bool? AsLogical => Kind == IncarValueKind.Logical ? numbers[0] != 0 : null;

    /// <summary>The number, where there is exactly one; else null.</summary>
    public double? AsNumber => Kind is IncarValueKind.Integers or IncarValueKind.Reals && numbers.Length == 1 ? numbers[0] : null;

    /// <summary>The number, where there is exactly one and it is whole; else null.</summary>
    public int? AsInteger => AsNumber is { } n && n == Math.Floor(n) && Math.Abs(n) < int.MaxValue ? (int)n : null;

    /// <summary>A truth value.</summary>
    public static IncarValue Of(bool value) => new(IncarValueKind.Logical, Logical(value), [value ? 1 : 0]);

    /// <summary>A whole number.</summary>
    public static IncarValue Of(long value) => new(IncarValueKind.Integers, value.ToString(CultureInfo.InvariantCulture), [value]);

    /// <summary>A real number.</summary>
    /// <exception cref="AtomProNetException">It is not finite.</exception>
    public static IncarValue Of(double value) => new(IncarValueKind.Reals, Real(value), [value]);

    /// <summary>Real numbers; runs of equal ones are written as <c>3*0.6</c>.</summary>
    /// <exception cref="AtomProNetException">One is not finite.</exception>
    public static IncarValue Runs(ReadOnlySpan<double> values)
    {
        var text = new StringBuilder();
        for (int i = 0; i < values.Length;)
        {
            int end = i + 1;
            while (end < values.Length && values[end].Equals(values[i]))
            {
                end++;
            }

            text.Append(text.Length > 0 ? " " : "");
            if (end - i > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"{end - i}*");
            }

            text.Append(Real(values[i]));
            i = end;
        }

        return new(IncarValueKind.Reals, text.ToString(), [.. values]);
    }

    /// <summary>Real numbers, each written out.</summary>
    /// <exception cref="AtomProNetException">One is not finite.</exception>
    public static IncarValue List(IEnumerable<double> values)
    {
        ImmutableArray<double> all = [.. values];
        return new(IncarValueKind.Reals, string.Join(' ', all.Select(Real)), all);
    }

    /// <summary>Whole numbers.</summary>
    public static IncarValue List(IEnumerable<int> values)
    {
        ImmutableArray<int> all = [.. values];
        return new(IncarValueKind.Integers, string.Join(' ', all.Select(n => n.ToString(CultureInfo.InvariantCulture))), [.. all.Select(n => (double)n)]);
    }

    /// <summary>
    /// What stands behind the equals sign of an INCAR: numbers (with runs such as <c>3*0.6</c> and exponents after e or d), truth values
    /// (<c>.TRUE.</c>, <c>T</c>, <c>.f.</c>), else text.
    /// </summary>
    /// <exception cref="AtomProNetException">The text holds a line end.</exception>
    public static IncarValue Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "IncarValueHoldsLineEnd", "The value of an INCAR key must stand on one line.", value: text);
        }

        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 1 && TryLogical(words[0], out bool single))
        {
            return new(IncarValueKind.Logical, Logical(single), [single ? 1 : 0]);
        }

        if (words.Length > 1 && words.All(w => TryLogical(w, out _)))
        {
            return new(IncarValueKind.Logicals, string.Join(' ', words.Select(w => Logical(TryLogical(w, out bool b) && b))), [.. words.Select(w => TryLogical(w, out bool b) && b ? 1.0 : 0.0)]);
        }

        return TryNumbers(words, out ImmutableArray<double> numbers, out bool whole)
            ? new(whole ? IncarValueKind.Integers : IncarValueKind.Reals, string.Join(' ', words), numbers)
            : new(IncarValueKind.Text, text, []);
    }

    /// <summary>The numbers or truth values that a text begins with; null where it begins with neither.</summary>
    internal static IncarValue? ParseBeginning(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] logicals = [.. words.TakeWhile(w => TryLogical(w, out _))], numbers = [.. words.TakeWhile(w => TryNumbers([w], out _, out _))];
        return logicals.Length > 0 ? Parse(string.Join(' ', logicals)) : numbers.Length > 0 ? Parse(string.Join(' ', numbers)) : null;
    }

    /// <summary>A value from what a script gives: a number, a truth value, text, or a list of them.</summary>
    /// <exception cref="AtomProNetException">It is none of these.</exception>
    public static IncarValue From(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        switch (value)
        {
            case IncarValue own:
                return own;
            case bool b:
                return Of(b);
            case sbyte or byte or short or ushort or int or uint or long:
                return Of(Convert.ToInt64(value, CultureInfo.InvariantCulture));
            case float f:
                return Of(double.Parse(f.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)); // 0.026f is meant as 0.026
            case double or decimal:
                return Of(Convert.ToDouble(value, CultureInfo.InvariantCulture));
            case string text:
                return Parse(text);
            case Enum or char:
                return Parse(value.ToString()!);
            case IDictionary:
                break;
            case IEnumerable list:
                return Parse(string.Join(' ', list.Cast<object?>().Select(item => item is null or IEnumerable and not string ? throw Unusable(value) : From(item).Text)));
        }

        throw Unusable(value);
    }

    /// <inheritdoc/>
    public bool Equals(IncarValue? other) => other is not null && Family == other.Family
        && (Kind == IncarValueKind.Text ? string.Equals(Text, other.Text, StringComparison.OrdinalIgnoreCase) : Numbers.SequenceEqual(other.Numbers));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IncarValue);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind == IncarValueKind.Text ? StringComparer.OrdinalIgnoreCase.GetHashCode(Text) : HashCode.Combine(Family, Numbers.Length, Numbers.Length > 0 ? Numbers[0] : 0);

    /// <summary>The value as it is written into the file.</summary>
    public override string ToString() => Text;

    /// <summary>5 and 5.0 are one value; 1 and .TRUE. are not.</summary>
    private IncarValueKind Family => Kind switch
    {
        IncarValueKind.Integers => IncarValueKind.Reals,
        IncarValueKind.Logicals => IncarValueKind.Logical,
        _ => Kind,
    };

    private static string Logical(bool value) => value ? ".TRUE." : ".FALSE.";

    private static string Real(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "IncarValueNotFinite", "The value of an INCAR key must be a finite number.", value: value.ToString(CultureInfo.InvariantCulture));
        }

        // Plain digits where they are short; other programs' readers know 1e-06 better than 1E-06.
        return value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    private static bool TryLogical(string word, out bool value)
    {
        // VASP looks at the first letter behind an optional point, but .t and true alone are what people write; anything looser would take ALGO = Fast for a truth value.
        switch (word.ToUpperInvariant())
        {
            case "T" or ".T." or ".T" or "TRUE" or ".TRUE." or ".TRUE":
                value = true;
                return true;
            case "F" or ".F." or ".F" or "FALSE" or ".FALSE." or ".FALSE":
                value = false;
                return true;
            default:
                value = false;
                return false;
        }
    }

    private static bool TryNumbers(string[] words, out ImmutableArray<double> numbers, out bool whole)
    {
        var found = ImmutableArray.CreateBuilder<double>();
        whole = true;
        numbers = [];
        foreach (string word in words)
        {
            int star = word.IndexOf('*', StringComparison.Ordinal);
            int repeat = 1;
            if (star >= 0 && (!int.TryParse(word.AsSpan(0, star), NumberStyles.None, CultureInfo.InvariantCulture, out repeat) || repeat is < 1 or > 10_000_000))
            {
                return false;
            }

            string digits = word[(star + 1)..];
            if (!Text2Number(digits, out double number))
            {
                return false;
            }

            whole &= digits.AsSpan().IndexOfAny(".eEdD") < 0;
            found.AddRange(Enumerable.Repeat(number, repeat));
        }

        numbers = found.ToImmutable();
        return numbers.Length > 0;
    }

    private static bool Text2Number(string digits, out double number)
    {
        number = 0;
        return System.Text.Ascii.IsValid(digits) && AtomProNet.Text.Utf8Number.TryParseDouble(Encoding.ASCII.GetBytes(digits), out number);
    }

    private static AtomProNetException Unusable(object value) =>
        new(ErrorKind.InvalidArgument, "IncarValueUnusable", "An INCAR value is a number, a truth value, text, or a list of them.", value: value.GetType().Name);
}
