using System.Management.Automation;
using System.Reflection;

namespace AtomProNet.Cli.Commands;

/// <summary>One cmdlet, as its class's attributes describe it.</summary>
internal sealed class CommandDescription
{
    private readonly Lazy<IReadOnlyList<ParameterDescription>> _parameters;
    private readonly Lazy<IReadOnlyList<string>> _sets;

    public CommandDescription(Type type, CmdletAttribute attribute)
    {
        Type = type;
        Attribute = attribute;
        Name = $"{attribute.VerbName}-{attribute.NounName}";
        _parameters = new(FindParameters);
        _sets = new(FindSets);
    }

    public Type Type { get; }

    public CmdletAttribute Attribute { get; }

    public string Name { get; }

    public IEnumerable<string> Aliases => Type.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [];

    public IReadOnlyList<ParameterDescription> Parameters => _parameters.Value;

    /// <summary>The names of the parameter sets, the default one first; one without a name where there are none.</summary>
    public IReadOnlyList<string> Sets => _sets.Value;

    public IEnumerable<string> OutputTypes => Type.GetCustomAttributes<OutputTypeAttribute>()
        .SelectMany(output => output.Types.Select(type => type.Name).Concat(output.TypeNames))
        .Distinct();

    public Cmdlet Create() => (Cmdlet)Activator.CreateInstance(Type)!;

    private List<ParameterDescription> FindParameters() =>
        [.. Type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .Select(property => new ParameterDescription(property))];

    private List<string> FindSets()
    {
        var named = Parameters.SelectMany(parameter => parameter.Roles.Keys)
            .Where(name => name != ParameterAttribute.AllParameterSets);
        if (Attribute.DefaultParameterSetName is { } first)
        {
            named = named.Prepend(first);
        }

        List<string> sets = [.. named.Distinct(StringComparer.OrdinalIgnoreCase)];
        return sets.Count > 0 ? sets : [ParameterAttribute.AllParameterSets];
    }
}
