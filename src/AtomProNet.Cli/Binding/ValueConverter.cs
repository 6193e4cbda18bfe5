using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Security;
using AtomProNet.Cli.Commands;
using AtomProNet.Cli.Language;

namespace AtomProNet.Cli.Binding;

/// <summary>
/// Turns what was written, or what came down the pipeline, into a parameter's type; by the invariant culture. It follows
/// PowerShell, but loses nothing: where PowerShell would round 2.5 to 2, this refuses.
/// </summary>
internal static class ValueConverter
{
    /// <summary>The converted value.</summary>
    /// <exception cref="PSInvalidCastException">It cannot be; the message says what is wanted instead.</exception>
    public static object? Convert(object? value, Type target)
    {
        if (target == typeof(object))
        {
            return Word.Unwrap(value);
        }

        if (target == typeof(PSObject))
        {
            return Word.Unwrap(value) is { } plain ? PSObject.AsPSObject(plain) : null;
        }

        value = PSObject.Unwrap(value);
        if (value is null)
        {
            return !target.IsValueType || Nullable.GetUnderlyingType(target) is not null
                ? null
                : throw Refuse("$null", target);
        }

        target = Nullable.GetUnderlyingType(target) ?? target;
        if (target.IsInstanceOfType(value))
        {
            return value is object?[] list && target == typeof(object[]) ? Array.ConvertAll(list, Word.Unwrap) : value;
        }

        if (target == typeof(string))
        {
            return ToText(value);
        }

        if (target.IsArray && target.GetArrayRank() == 1)
        {
            return ToArray(value, target.GetElementType()!);
        }

        if (target == typeof(PSCredential))
        {
            return SecretArgument.ReadCredential(value);
        }

        if (value is object?[] several)
        {
            return several.Length == 1 ? Convert(several[0], target)
                : target.IsEnum && target.IsDefined(typeof(FlagsAttribute)) ? ToEnum(string.Join(',', several.Select(ToText)), target)
                : throw new PSInvalidCastException($"One {Name(target)} is wanted, not a list of {several.Length} values");
        }

        if (target == typeof(SwitchParameter))
        {
            return new SwitchParameter(ToBoolean(value));
        }

        if (target == typeof(bool))
        {
            return ToBoolean(value);
        }

        if (target.IsEnum)
        {
            return ToEnum(value, target);
        }

        if (target == typeof(SecureString))
        {
            return SecretArgument.Read(value);
        }

        if (typeof(IDictionary).IsAssignableFrom(target))
        {
            throw Refuse($"'{value}'", target);
        }

        return IsNumber(target) ? ToNumber(value, target) : ByItsOwnMeans(value, target);
    }

    /// <summary>A type's name as a user would say it.</summary>
    public static string Name(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            return $"list of {Name(type.GetElementType()!)}";
        }

        return type == typeof(string) ? "text"
            : type == typeof(bool) || type == typeof(SwitchParameter) ? "truth value"
            : type == typeof(int) || type == typeof(long) || type == typeof(uint) || type == typeof(ulong) ? "whole number"
            : type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? "number"
            : typeof(IDictionary).IsAssignableFrom(type) ? "table @{key = value}"
            : type == typeof(SecureString) ? "secret"
            : type.Name;
    }

    private static string ToText(object? value) => value switch
    {
        null => "",
        Word word => word.Text,
        object?[] { Length: 1 } one => ToText(one[0]),
        object?[] list => throw new PSInvalidCastException($"One text is wanted, not a list of {list.Length} values"),
        IDictionary => throw new PSInvalidCastException("A text is wanted, not a table"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static Array ToArray(object value, Type element)
    {
        // A text is one value, and so is a table; anything else that can be enumerated is a list.
        object?[] items = value switch
        {
            object?[] list => list,
            string or IDictionary or Word => [value],
            IEnumerable several => [.. several.Cast<object?>()],
            _ => [value],
        };
        var result = Array.CreateInstance(element, items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            result.SetValue(Convert(items[i], element), i);
        }

        return result;
    }

    private static bool ToBoolean(object value) => Word.Unwrap(value) switch
    {
        bool truth => truth,
        SwitchParameter given => given.IsPresent,
        int number => number != 0,
        long number => number != 0,
        double number => number != 0,
        string text when bool.TryParse(text, out var meant) => throw new PSInvalidCastException($"'{text}' is a text; a truth value is written ${(meant ? "true" : "false")}"),
        _ => throw new PSInvalidCastException($"'{value}' is no truth value; write $true or $false"),
    };

    private static object ToEnum(object value, Type target)
    {
        var text = ToText(value);
        // Names and their combinations, but no number that has no name.
        if (Enum.TryParse(target, text, ignoreCase: true, out var result)
            && (Enum.IsDefined(target, result!) || (target.IsDefined(typeof(FlagsAttribute)) && !char.IsAsciiDigit(result!.ToString()![0]) && result.ToString()![0] != '-')))
        {
            return result!;
        }

        var names = Enum.GetNames(target);
        var beginnings = names.Where(name => text.Length > 0 && name.StartsWith(text, StringComparison.OrdinalIgnoreCase)).ToList();
        if (beginnings.Count == 1)
        {
            return Enum.Parse(target, beginnings[0]);
        }

        var close = ClosestNames.Among(names, text);
        throw new PSInvalidCastException($"'{text}' is not one of {string.Join(", ", names)}{(close.Count > 0 ? $"; did you mean {string.Join(" or ", close)}?" : "")}");
    }

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static object ToNumber(object value, Type target)
    {
        var plain = Word.Unwrap(value);
        if (plain is string text)
        {
            plain = NumberLiteral.Parse(text.Trim()) ?? ParseSpecial(text, target) ?? throw Refuse($"'{text}'", target, NumberHint(text));
        }

        if (plain is bool or char || !IsNumber(plain!.GetType()))
        {
            throw Refuse($"'{plain}'", target);
        }

        var isWholeTarget = target != typeof(double) && target != typeof(float) && target != typeof(decimal);
        if (isWholeTarget && plain is double or float or decimal)
        {
            var real = System.Convert.ToDouble(plain, CultureInfo.InvariantCulture);
            if (real != Math.Floor(real) || !double.IsFinite(real))
            {
                throw Refuse(ToText(plain), target);
            }
        }

        try
        {
            return System.Convert.ChangeType(plain, target, CultureInfo.InvariantCulture);
        }
        catch (OverflowException e)
        {
            throw new PSInvalidCastException($"{ToText(plain)} is too large or too small for a {Name(target)}", e);
        }
    }

    private static object? ParseSpecial(string text, Type target) =>
        target == typeof(double) || target == typeof(float)
            ? text.Trim().ToUpperInvariant() switch
            {
                "NAN" => double.NaN,
                "INFINITY" or "+INFINITY" or "∞" => double.PositiveInfinity,
                "-INFINITY" or "-∞" => double.NegativeInfinity,
                _ => null,
            }
            : null;

    private static string NumberHint(string text) =>
        text.Contains(',', StringComparison.Ordinal) && double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? $"; the decimal sign is a point: {text.Replace(',', '.')}"
            : "";

    /// <summary>A type that reads itself from text (Parse), is made from the value (a constructor) or converts it (an operator).</summary>
    private static object ByItsOwnMeans(object value, Type target)
    {
        var plain = Word.Unwrap(value)!;
        try
        {
            if (plain is string || value is Word)
            {
                var text = ToText(value);
                if (target.GetMethod("Parse", BindingFlags.Static | BindingFlags.Public, [typeof(string), typeof(IFormatProvider)]) is { } parse)
                {
                    return parse.Invoke(null, [text, CultureInfo.InvariantCulture])!;
                }

                if (target.GetMethod("Parse", BindingFlags.Static | BindingFlags.Public, [typeof(string)]) is { } parseText)
                {
                    return parseText.Invoke(null, [text])!;
                }

                if (target.GetConstructor([typeof(string)]) is { } fromText)
                {
                    return fromText.Invoke([text]);
                }
            }

            if (Operator(plain.GetType(), target) is { } convert)
            {
                return convert.Invoke(null, [plain])!;
            }

            if (target.GetConstructor([plain.GetType()]) is { } constructor)
            {
                return constructor.Invoke([plain]);
            }
        }
        catch (TargetInvocationException e)
        {
            throw new PSInvalidCastException($"'{value}' cannot be read as {Name(target)}: {e.InnerException!.Message.TrimEnd('.')}", e.InnerException);
        }

        throw Refuse($"'{value}'", target);
    }

    private static MethodInfo? Operator(Type source, Type target) =>
        source.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Concat(target.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .FirstOrDefault(method => method.Name is "op_Implicit" or "op_Explicit"
                && target.IsAssignableFrom(method.ReturnType)
                && method.GetParameters() is [var only] && only.ParameterType.IsAssignableFrom(source));

    private static PSInvalidCastException Refuse(string shown, Type target, string hint = "") =>
        new($"{shown} is no {Name(target)}{hint}");
}
