using System.Management.Automation;
using System.Reflection;
using System.Text;
using AtomProNet.Cli.Binding;
using AtomProNet.Cli.Commands;

namespace AtomProNet.Cli.Printing;

/// <summary>Explains how atompronet is called, and a cmdlet from its attributes.</summary>
internal static class HelpPrinter
{
    public static void PrintUsage(TextWriter writer, CommandCatalogue catalogue)
    {
        writer.WriteLine("""
            atompronet runs the cmdlets of AtomProNet.PS where there is no PowerShell.

            atompronet [--json] "Get-MPStructure Al2O3 | New-StrainSeries -Range 0.1"
            atompronet [--json] Get-MPStructure Al2O3 '|' New-StrainSeries -Range 0.1
            atompronet [--json] -File pipelines.ps1      (or - for the standard input)
            atompronet help [Cmdlet]
            atompronet --version

            --json   prints each object as one line of JSON

            Known are cmdlets with their parameters (positional, named, abbreviated, -Name:value), lists 1,2,3 and
            ((1,0,0),(0,1,0)), tables @{ENCUT=600; GGA='PE'}, $true $false $null, quotes, and ; between pipelines.
            Variables, script blocks and other commands are PowerShell's: use the module there.
            A secret is given by the name of an environment variable, as in -ApiKey env:MP_API_KEY.
            Exit code: 0 all well, 1 an error was written, 2 wrongly called, 130 stopped by Ctrl+C.

            Cmdlets:
            """);
        foreach (var command in catalogue.All)
        {
            writer.WriteLine("  " + command.Name);
        }
    }

    public static void PrintCommand(TextWriter writer, CommandDescription command)
    {
        var summaries = SummaryCatalogue.Read(command.Type);
        writer.WriteLine(command.Name);
        if (summaries.OfType(command.Type) is { } synopsis)
        {
            writer.WriteLine("  " + synopsis);
        }

        if (command.Aliases.Any())
        {
            writer.WriteLine("  also: " + string.Join(", ", command.Aliases));
        }

        writer.WriteLine();
        foreach (var set in command.Sets)
        {
            writer.WriteLine("  " + Syntax(command, set));
        }

        writer.WriteLine();
        foreach (var parameter in command.Parameters)
        {
            PrintParameter(writer, command, parameter, summaries.OfProperty(command.Type, parameter.Name));
        }

        var common = CommonParameters.For(command).Select(parameter => "-" + parameter.Name);
        writer.WriteLine("Also: " + string.Join(", ", common));
        if (command.OutputTypes.Any())
        {
            writer.WriteLine("Writes: " + string.Join(", ", command.OutputTypes));
        }

        if (command.Attribute.HelpUri is { Length: > 0 } uri)
        {
            writer.WriteLine("More: " + uri);
        }
    }

    private static string Syntax(CommandDescription command, string set)
    {
        var text = new StringBuilder(command.Name);
        var parameters = command.Parameters
            .Select(parameter => (Parameter: parameter, Role: parameter.RoleIn(set)))
            .Where(item => item.Role is { DontShow: false })
            .OrderBy(item => item.Role!.Position >= 0 ? item.Role.Position : int.MaxValue)
            .ThenByDescending(item => item.Role!.Mandatory);
        foreach (var (parameter, role) in parameters)
        {
            var name = role!.Position >= 0 ? $"[-{parameter.Name}]" : "-" + parameter.Name;
            var part = parameter.IsSwitch ? name : $"{name} <{ShortName(parameter.Type)}>";
            text.Append(' ').Append(role.Mandatory ? part : $"[{part}]");
        }

        return text.ToString();
    }

    private static void PrintParameter(TextWriter writer, CommandDescription command, ParameterDescription parameter, string? summary)
    {
        var roles = parameter.Roles.Values;
        if (roles.All(role => role.DontShow))
        {
            return;
        }

        writer.WriteLine($"-{parameter.Name} <{ShortName(parameter.Type)}>");
        List<string> notes = [];
        if ((summary ?? roles.Select(role => role.HelpMessage).FirstOrDefault(message => !string.IsNullOrEmpty(message))) is { } help)
        {
            writer.WriteLine("    " + help);
        }

        if (roles.All(role => role.Mandatory))
        {
            notes.Add("needed");
        }

        if (roles.Select(role => role.Position).FirstOrDefault(position => position >= 0, -1) is >= 0 and var place)
        {
            notes.Add(FormattableString.Invariant($"position {place}"));
        }

        if (roles.Any(role => role.ValueFromPipeline))
        {
            notes.Add("from the pipeline");
        }

        if (roles.Any(role => role.ValueFromPipelineByPropertyName))
        {
            notes.Add("from the pipeline by property name");
        }

        if (parameter.SupportsWildcards)
        {
            notes.Add("takes wildcards");
        }

        if (parameter.Aliases.Count > 0)
        {
            notes.Add("alias " + string.Join(", ", parameter.Aliases.Select(alias => "-" + alias)));
        }

        var single = parameter.Type.IsArray ? parameter.Type.GetElementType()! : Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        if (single.IsEnum)
        {
            notes.Add("one of " + string.Join(", ", Enum.GetNames(single)));
        }

        notes.AddRange(parameter.Validations.Select(Describe).OfType<string>());
        if (!parameter.IsInEverySet && command.Sets.Count > 1)
        {
            notes.Add("in the set " + string.Join(", ", parameter.Roles.Keys));
        }

        if (notes.Count > 0)
        {
            writer.WriteLine($"    ({string.Join("; ", notes)})");
        }
    }

    private static string? Describe(ValidateArgumentsAttribute validation) => validation switch
    {
        ValidateSetAttribute set => "one of " + string.Join(", ", set.ValidValues),
        ValidateRangeAttribute { MaxRange: int.MaxValue or long.MaxValue or double.MaxValue } range => FormattableString.Invariant($"at least {range.MinRange}"),
        ValidateRangeAttribute range => FormattableString.Invariant($"from {range.MinRange} to {range.MaxRange}"),
        ValidateCountAttribute count => FormattableString.Invariant($"{count.MinLength} to {count.MaxLength} values"),
        _ => null,
    };

    private static string ShortName(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsArray ? ShortName(type.GetElementType()!) + "[]"
            : type == typeof(SwitchParameter) ? "switch"
            : type == typeof(string) ? "string"
            : type == typeof(int) ? "int"
            : type == typeof(long) ? "long"
            : type == typeof(double) ? "double"
            : type == typeof(bool) ? "bool"
            : type == typeof(object) ? "object"
            : type.Name;
    }

    /// <summary>The version that the build was given.</summary>
    public static string Version =>
        typeof(HelpPrinter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
