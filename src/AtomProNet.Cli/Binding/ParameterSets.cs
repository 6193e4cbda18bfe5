using System.Management.Automation;
using AtomProNet.Cli.Commands;

namespace AtomProNet.Cli.Binding;

/// <summary>Which parameter sets of a command are still possible, and which one it is.</summary>
internal sealed class ParameterSets(CommandDescription command, IReadOnlySet<ParameterDescription> bound)
{
    private readonly Dictionary<string, List<ParameterDescription>> _mandatory = [];
    private IReadOnlyList<string> _afterArguments = command.Sets;

    /// <summary>The sets that hold every parameter bound so far.</summary>
    public IReadOnlyList<string> Valid { get; private set; } = command.Sets;

    /// <summary>The set that the cmdlet is told.</summary>
    public string Name { get; private set; } = command.Attribute.DefaultParameterSetName ?? ParameterAttribute.AllParameterSets;

    public bool IsDefault(string set) => string.Equals(set, command.Attribute.DefaultParameterSetName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Leaves the sets that hold this parameter, too.</summary>
    public void Narrow(ParameterDescription parameter)
    {
        if (parameter.IsInEverySet || !command.Parameters.Contains(parameter))
        {
            return;
        }

        List<string> remaining = [.. Valid.Where(set => parameter.RoleIn(set) is not null)];
        if (remaining.Count == 0)
        {
            var others = command.Parameters.Where(other => other != parameter && bound.Contains(other) && !other.IsInEverySet && !other.Roles.Keys.Intersect(parameter.Roles.Keys, StringComparer.OrdinalIgnoreCase).Any());
            throw ParameterBindingException.InvalidArgument("AmbiguousParameterSet", $"-{parameter.Name} cannot be used together with {string.Join(", ", others.Select(other => "-" + other.Name))}.");
        }

        Valid = remaining;
    }

    /// <summary>After the arguments: with no input to come the set must stand now; else only what no input can mend is an error.</summary>
    public void SettleArguments(bool expectsInput)
    {
        if (!expectsInput)
        {
            Settle("MissingMandatoryParameter", set => Missing(set).ToList());
            return;
        }

        List<string> possible = [.. Valid.Where(set => !Missing(set).Any(parameter => !TakesInput(parameter, set)))];
        if (possible.Count == 0)
        {
            Settle("MissingMandatoryParameter", set => Missing(set).Where(parameter => !TakesInput(parameter, set)).ToList());
        }

        Valid = _afterArguments = possible;
        Name = possible.Count == 1 ? possible[0] : possible.FirstOrDefault(IsDefault) ?? ParameterAttribute.AllParameterSets;
    }

    /// <summary>Goes back to what the arguments left, for the next input object.</summary>
    public void Reset() => Valid = _afterArguments;

    /// <summary>After an input object: the set must stand.</summary>
    public void SettleInput()
    {
        // Nearly always one is left.
        if (Valid.Count == 1 && !Missing(Valid[0]).Any())
        {
            Name = Valid[0];
            return;
        }

        Settle("InputObjectMissingMandatory", set => Missing(set).ToList());
    }

    private void Settle(string errorId, Func<string, List<ParameterDescription>> missing)
    {
        List<string> complete = [.. Valid.Where(set => missing(set).Count == 0)];
        var chosen = complete.Find(IsDefault) ?? (complete.Count == 1 ? complete[0] : null);
        if (chosen is not null)
        {
            Name = chosen;
            return;
        }

        if (complete.Count > 1)
        {
            throw ParameterBindingException.InvalidArgument("AmbiguousParameterSet", $"{command.Name} can be called in several ways, and it is not clear which is meant. Give one of {JoinChoices(complete)}.");
        }

        var wanted = Valid.FirstOrDefault(IsDefault) ?? Valid[0];
        var names = missing(wanted).Select(parameter => "-" + parameter.Name).ToList();
        List<string> others = [.. Valid.Where(set => set != wanted).Select(set => string.Join(" and ", missing(set).Select(parameter => "-" + parameter.Name))).Distinct()];
        var alternatives = others.Count > 0 && others.Count < 4 ? $" (or {string.Join(", or ", others)})" : "";
        throw ParameterBindingException.InvalidArgument(errorId, $"{command.Name} needs {string.Join(" and ", names)}{alternatives}.");
    }

    private IEnumerable<ParameterDescription> Missing(string set)
    {
        // Asked for each object of the pipeline.
        if (!_mandatory.TryGetValue(set, out var mandatory))
        {
            _mandatory.Add(set, mandatory = [.. command.Parameters.Where(parameter => parameter.RoleIn(set)?.Mandatory == true)]);
        }

        return mandatory.Where(parameter => !bound.Contains(parameter));
    }

    private static bool TakesInput(ParameterDescription parameter, string set) =>
        parameter.RoleIn(set) is { } role && (role.ValueFromPipeline || role.ValueFromPipelineByPropertyName);

    private string JoinChoices(List<string> sets) =>
        string.Join(", ", command.Parameters
            .Where(parameter => !parameter.IsInEverySet && !bound.Contains(parameter) && sets.Any(set => parameter.RoleIn(set) is not null))
            .Select(parameter => "-" + parameter.Name));
}
