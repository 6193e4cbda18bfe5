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
        Roles = property.GetCustomAttributes<ParameterAttribute>().ToDictionary(role => role.ParameterSetName, StringComparer.OrdinalIgnoreCase);
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

    public bool TakesPipelineInput => Roles.Values.Any(role => role.ValueFromPipeline || role.ValueFromPipelineByPropertyName);

    /// <summary>The name and the aliases.</summary>
    public IEnumerable<string> Names => Aliases.Prepend(Name);

    /// <summary>What the parameter is in one set; null where it is not in it.</summary>
    public ParameterAttribute? RoleIn(string set) =>
        Roles.TryGetValue(set, out var role) || Roles.TryGetValue(ParameterAttribute.AllParameterSets, out role) ? role : null;

    public object? GetValue(object target) => _property.GetValue(target);

    public void SetValue(object target, object? value) =>
        _property.SetValue(target, value, BindingFlags.DoNotWrapExceptions, null, null, null);
}
