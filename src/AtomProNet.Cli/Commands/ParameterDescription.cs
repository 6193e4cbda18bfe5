using System.Management.Automation;
using System.Reflection;

namespace AtomProNet.Cli.Commands;

/// <summary>One parameter, as its property's attributes describe it.</summary>
internal sealed class ParameterDescription
{
    private readonly PropertyInfo _property;

    public ParameterDescription(PropertyInfo property)
    {
        _property = property;
        Name = property.Name;
        Type = property.PropertyType;
        Aliases = [.. property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []];
        Names = [Name, .. Aliases];
        Roles = property.GetCustomAttributes<ParameterAttribute>().ToDictionary(role => role.ParameterSetName, StringComparer.OrdinalIgnoreCase);
        TakesPipelineValue = Roles.Values.Any(role => role.ValueFromPipeline);
        TakesPipelineProperty = Roles.Values.Any(role => role.ValueFromPipelineByPropertyName);
        Validations = [.. property.GetCustomAttributes<ValidateArgumentsAttribute>()];
        Transformations = [.. property.GetCustomAttributes<ArgumentTransformationAttribute>()];
        AllowsNull = property.IsDefined(typeof(AllowNullAttribute));
        AllowsEmptyString = property.IsDefined(typeof(AllowEmptyStringAttribute));
        AllowsEmptyCollection = property.IsDefined(typeof(AllowEmptyCollectionAttribute));
        SupportsWildcards = property.IsDefined(typeof(SupportsWildcardsAttribute));
    }

    public string Name { get; }

    public Type Type { get; }

    public IReadOnlyList<string> Aliases { get; }

    /// <summary>What the parameter is in each set, by the set's name.</summary>
    public IReadOnlyDictionary<string, ParameterAttribute> Roles { get; }

    public IReadOnlyList<ValidateArgumentsAttribute> Validations { get; }

    public IReadOnlyList<ArgumentTransformationAttribute> Transformations { get; }

    public bool AllowsNull { get; }

    public bool AllowsEmptyString { get; }

    public bool AllowsEmptyCollection { get; }

    public bool SupportsWildcards { get; }

    public bool IsSwitch => (Nullable.GetUnderlyingType(Type) ?? Type) == typeof(SwitchParameter);

    public bool IsInEverySet => Roles.ContainsKey(ParameterAttribute.AllParameterSets);

    public bool TakesPipelineInput => TakesPipelineValue || TakesPipelineProperty;

    /// <summary>Whether it takes the pipeline's object in any of its sets.</summary>
    public bool TakesPipelineValue { get; }

    /// <summary>Whether it takes a property of the pipeline's object in any of its sets.</summary>
    public bool TakesPipelineProperty { get; }

    /// <summary>The name and the aliases.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What the parameter is in one set; null where it is not in it.</summary>
    public ParameterAttribute? RoleIn(string set) =>
        Roles.TryGetValue(set, out var role) || Roles.TryGetValue(ParameterAttribute.AllParameterSets, out role) ? role : null;

    public object? GetValue(object target) => _property.GetValue(target);

    public void SetValue(object target, object? value) =>
        _property.SetValue(target, value, BindingFlags.DoNotWrapExceptions, null, null, null);
}
