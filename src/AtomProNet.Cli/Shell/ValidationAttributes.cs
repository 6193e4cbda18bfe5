using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

/// <summary>Handed to transformations and validations; PowerShell's holds the session, ours nothing.</summary>
public sealed class EngineIntrinsics;

/// <summary>Turns an argument into something else before it is converted to the parameter's type.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ArgumentTransformationAttribute : Attribute
{
    public abstract object? Transform(EngineIntrinsics engineIntrinsics, object? inputData);
}

/// <summary>Thrown by a transformation that cannot use its argument.</summary>
public class ArgumentTransformationMetadataException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Thrown by a validation that refuses its argument.</summary>
public class ValidationMetadataException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Looks at a converted argument before the cmdlet sees it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ValidateArgumentsAttribute : Attribute
{
    protected abstract void Validate(object? arguments, EngineIntrinsics engineIntrinsics);

    internal void Check(object? arguments) => Validate(arguments, new EngineIntrinsics());
}

/// <summary>Looks at each element of an argument.</summary>
public abstract class ValidateEnumeratedArgumentsAttribute : ValidateArgumentsAttribute
{
    protected abstract void ValidateElement(object? element);

    protected sealed override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is IEnumerable list and not string)
        {
            foreach (var element in list)
            {
                ValidateElement(element);
            }
        }
        else
        {
            ValidateElement(arguments);
        }
    }
}

/// <summary>One of a list of words.</summary>
public sealed class ValidateSetAttribute(params string[] validValues) : ValidateEnumeratedArgumentsAttribute
{
    public IList<string> ValidValues { get; } = validValues;

    public bool IgnoreCase { get; set; } = true;

    protected override void ValidateElement(object? element)
    {
        var text = Convert.ToString(element, CultureInfo.InvariantCulture);
        var comparison = IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!ValidValues.Any(value => string.Equals(value, text, comparison)))
        {
            throw new ValidationMetadataException($"'{text}' is not one of {string.Join(", ", ValidValues)}.");
        }
    }
}

/// <summary>A number within limits, both included.</summary>
public sealed class ValidateRangeAttribute(object minRange, object maxRange) : ValidateEnumeratedArgumentsAttribute
{
    public object MinRange { get; } = minRange;

    public object MaxRange { get; } = maxRange;

    protected override void ValidateElement(object? element)
    {
        // A nullable parameter that was given $null has no number to hold against the limits; PowerShell refuses it, too.
        if (element is null)
        {
            throw new ValidationMetadataException($"No value was given; it must lie between {Show(MinRange)} and {Show(MaxRange)}.");
        }

        double value;
        try
        {
            value = Convert.ToDouble(element, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException)
        {
            throw new ValidationMetadataException($"'{Show(element)}' is not a number.", e);
        }

        var minimum = Convert.ToDouble(MinRange, CultureInfo.InvariantCulture);
        var maximum = Convert.ToDouble(MaxRange, CultureInfo.InvariantCulture);
        // Written so that NaN, which compares with nothing, is refused.
        if (!(value >= minimum && value <= maximum))
        {
            throw new ValidationMetadataException($"{Show(element)} does not lie between {Show(MinRange)} and {Show(MaxRange)}.");
        }
    }

    private static string? Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture);
}

/// <summary>A list of so many elements.</summary>
public sealed class ValidateCountAttribute(int minLength, int maxLength) : ValidateArgumentsAttribute
{
    public int MinLength { get; } = minLength;

    public int MaxLength { get; } = maxLength;

    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        var count = arguments switch
        {
            null => 0,
            ICollection list => list.Count,
            _ => throw new ValidationMetadataException("The value is not a list."),
        };
        if (count < MinLength || count > MaxLength)
        {
            var wanted = MinLength == MaxLength ? $"{MinLength}" : $"{MinLength} to {MaxLength}";
            throw new ValidationMetadataException($"{count} values were given; {wanted} are needed.");
        }
    }
}

/// <summary>A text of a certain length.</summary>
public sealed class ValidateLengthAttribute(int minLength, int maxLength) : ValidateEnumeratedArgumentsAttribute
{
    public int MinLength { get; } = minLength;

    public int MaxLength { get; } = maxLength;

    protected override void ValidateElement(object? element)
    {
        if (element is not string text || text.Length < MinLength || text.Length > MaxLength)
        {
            throw new ValidationMetadataException($"'{element}' must have {MinLength} to {MaxLength} characters.");
        }
    }
}

/// <summary>A text that a regular expression matches.</summary>
public sealed class ValidatePatternAttribute(string regexPattern) : ValidateEnumeratedArgumentsAttribute
{
    public string RegexPattern { get; } = regexPattern;

    public RegexOptions Options { get; set; } = RegexOptions.IgnoreCase;

    protected override void ValidateElement(object? element)
    {
        var text = Convert.ToString(element, CultureInfo.InvariantCulture) ?? "";
        if (!Regex.IsMatch(text, RegexPattern, Options))
        {
            throw new ValidationMetadataException($"'{text}' does not match the pattern {RegexPattern}.");
        }
    }
}

/// <summary>Not null, and no element null.</summary>
public sealed class ValidateNotNullAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null || (arguments is IEnumerable list and not string && list.Cast<object?>().Any(element => element is null)))
        {
            throw new ValidationMetadataException("The value is null.");
        }
    }
}

/// <summary>Not null, not an empty text, not an empty list, and no element so.</summary>
public sealed class ValidateNotNullOrEmptyAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (IsNullOrEmpty(arguments))
        {
            throw new ValidationMetadataException("The value is null or empty.");
        }

        if (arguments is IEnumerable list and not string and not IDictionary)
        {
            var any = false;
            foreach (var element in list)
            {
                any = true;
                if (IsNullOrEmpty(element))
                {
                    throw new ValidationMetadataException("A value in the list is null or empty.");
                }
            }

            if (!any)
            {
                throw new ValidationMetadataException("The list is empty.");
            }
        }
    }

    private static bool IsNullOrEmpty(object? value) => value is null or "" or ICollection { Count: 0 };
}

/// <summary>A mandatory parameter takes $null all the same.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowNullAttribute : Attribute;

/// <summary>A mandatory parameter takes an empty text all the same.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowEmptyStringAttribute : Attribute;

/// <summary>A mandatory parameter takes an empty list all the same.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowEmptyCollectionAttribute : Attribute;
