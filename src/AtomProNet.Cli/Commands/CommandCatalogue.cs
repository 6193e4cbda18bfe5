using System.Management.Automation;
using System.Reflection;

namespace AtomProNet.Cli.Commands;

/// <summary>The cmdlets that can be run, by name.</summary>
internal sealed class CommandCatalogue
{
    private readonly List<Type> _classes;
    private readonly Dictionary<Type, CommandDescription?> _described = [];
    private readonly Lazy<Dictionary<string, CommandDescription>> _byName;

    public CommandCatalogue(IEnumerable<Assembly> assemblies)
    {
        _classes = [.. assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsAbstract && typeof(Cmdlet).IsAssignableFrom(type))];
        _byName = new(ReadAll);
    }

    public IEnumerable<CommandDescription> All => _byName.Value.Values.Distinct().OrderBy(command => command.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The cmdlet of that name, which may be led by the module's; null where there is none.</summary>
    public CommandDescription? Find(string name)
    {
        const string Module = @"AtomProNet.PS\";
        name = name.StartsWith(Module, StringComparison.OrdinalIgnoreCase) ? name[Module.Length..] : name;
        // A class is called as its cmdlet: the attributes of the others, which take a tenth of a start, are read for aliases and lists alone.
        var className = name.Replace("-", "", StringComparison.Ordinal) + "Command";
        return _classes.Where(type => type.Name.Equals(className, StringComparison.OrdinalIgnoreCase)).Select(Describe).FirstOrDefault(command => name.Equals(command?.Name, StringComparison.OrdinalIgnoreCase))
            ?? _byName.Value.GetValueOrDefault(name);
    }

    private CommandDescription? Describe(Type type)
    {
        if (!_described.TryGetValue(type, out var known))
        {
            _described[type] = known = type.GetCustomAttribute<CmdletAttribute>() is { } attribute ? new CommandDescription(type, attribute) : null;
        }

        return known;
    }

    private Dictionary<string, CommandDescription> ReadAll()
    {
        Dictionary<string, CommandDescription> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (var command in _classes.Select(Describe).OfType<CommandDescription>())
        {
            byName[command.Name] = command;
            foreach (var alias in command.Aliases)
            {
                byName.TryAdd(alias, command);
            }
        }

        return byName;
    }

    /// <summary>What to say when there is no such cmdlet.</summary>
    public string Explain(string name)
    {
        if (PowerShellCommands.Advice(name) is { } advice)
        {
            return $"'{name}' belongs to PowerShell, and here only the cmdlets of AtomProNet.PS are known: {advice}";
        }

        var close = ClosestNames.Among(All.Select(command => command.Name), name);
        return $"There is no cmdlet '{name}'. " + (close.Count > 0
            ? $"Did you mean {string.Join(" or ", close)}?"
            : "'atompronet --help' lists those that there are.");
    }
}
