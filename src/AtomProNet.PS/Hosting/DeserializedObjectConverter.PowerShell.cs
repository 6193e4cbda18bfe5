using System.Management.Automation;
using AtomProNet.Serialization;

namespace AtomProNet.PS.Hosting;

/// <summary>
/// Makes the objects of the library whole again after Export-Clixml, a background job or a remote session: what PowerShell leaves
/// of them there is a bag of properties, and beside these the whole object as text (see AtomProNet.PS.types.ps1xml).
/// </summary>
public sealed class DeserializedObjectConverter : PSTypeConverter
{
    /// <summary>The name of the hidden property that carries the whole object.</summary>
    public const string PropertyName = "WholeObject";

    /// <summary>The whole object as text.</summary>
    public static string Write(PSObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ObjectJson.Write(value.BaseObject);
    }

    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) =>
        sourceValue is not null && CanConvertFrom(PSObject.AsPSObject(sourceValue), destinationType);

    /// <summary>Whatever PowerShell has left of an object of that type, whole or not: the other way would be to fill a new object with the properties that happen to fit.</summary>
    public override bool CanConvertFrom(PSObject sourceValue, Type destinationType) => sourceValue is not null && destinationType is not null
        && sourceValue.TypeNames.Contains("Deserialized." + destinationType.FullName);

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        ConvertFrom(PSObject.AsPSObject(sourceValue), destinationType, formatProvider, ignoreCase);

    /// <inheritdoc/>
    public override object ConvertFrom(PSObject sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        ArgumentNullException.ThrowIfNull(sourceValue);
        ArgumentNullException.ThrowIfNull(destinationType);
        string text = sourceValue.Properties[PropertyName]?.Value?.ToString() ?? throw new PSInvalidCastException(
            $"This {destinationType.Name} has lost its parts on the way through a file, a job or a remote session. Import the module there too before the object leaves, or make it again here.");
        return ObjectJson.Read(text, destinationType);
    }

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override bool CanConvertTo(PSObject sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override object ConvertTo(PSObject sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) => throw new NotSupportedException();
}
