using System.Management.Automation;
using System.Reflection;

namespace AtomProNet.Cli.Commands;

/// <summary>The cmdlets that can be run, by name.</summary>
internal sealed class CommandCatalogue
{
    private readonly Dictionary<string, CommandDescription> _byName = new(StringComparer.OrdinalIgnoreCase);

    public CommandCatalogue(IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (!type.IsAbstract && typeof(Cmdlet).IsAssignableFrom(type) && type.GetCustomAttribute<CmdletAttribute>() is { } attribute)
            {
                var command = new CommandDescription(type, attribute);
                _byName[command.Name] = command;
                foreach (var alias in command.Aliases)
                {
                    _byName.TryAdd(alias, command);
                }
            }
        }
    }

    public IEnumerable<CommandDescription> All => _byName.Values.Distinct().OrderBy(command => command.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The cmdlet of that name, which may be led by the module's; null where there is none.</summary>
    public CommandDescription? Find(string name)
    {
        const string Module = @"AtomProNet.PS\";
        return _byName.GetValueOrDefault(name.StartsWith(Module, StringComparison.OrdinalIgnoreCase) ? name[Module.Length..] : name);
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
