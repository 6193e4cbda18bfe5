using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AtomProNet.Cli;
using AtomProNet.Cli.Commands;
using AtomProNet.PS.Hosting;

namespace AtomProNet.Tests.Module;

/// <summary>
/// The pages against the cmdlets: sets, names, types, positions, pipeline, aliases, defaults. A parameter that needs PowerShell itself is
/// missing in the launcher's copy of the cmdlets; the Pester tests look at those.
/// </summary>
public sealed partial class HelpPageTests
{
    private static readonly string[] InOrder =
        ["SYNOPSIS", "SYNTAX", "ALIASES", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    private static readonly CommandCatalogue Catalogue = new([typeof(PipelineHost).Assembly]);

    private static readonly string Maml = Repository.File("module", "en-US", "AtomProNet.PS.dll-Help.xml");

    public static IEnumerable<TheoryDataRow<string>> Pages() => HelpPage.Files().Select(file => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(file)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_page_has_every_section(string name)
    {
        var page = HelpPage.Read(name);
        Assert.Equal(InOrder, page.Sections.Select(section => section.Title));
        Assert.All(page.Sections, section => Assert.False(section.Body.Length == 0, $"{section.Title} of {name} is empty."));
        Assert.DoesNotContain("{{ Fill", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", page.Text, StringComparison.Ordinal);
        Assert.Equal(name, page.FrontMatter["title"]);
        Assert.Equal("AtomProNet.PS", page.FrontMatter["Module Name"]);
        // Pages name each other by their files; where they can be read stands in one place.
        Assert.Equal(name + ".md", page.FrontMatter["HelpUri"]);
        Assert.Equal(HelpPages.Root + name + ".md", Command(name).Attribute.HelpUri);
        Assert.True(Uri.IsWellFormedUriString(HelpPages.Root + name + ".md", UriKind.Absolute));
        Assert.NotEmpty(page.Parts("EXAMPLES"));
        var titles = page.Parts("EXAMPLES").Select(part => part.Title).ToList();
        Assert.Equal(Enumerable.Range(1, titles.Count), titles.Select(title => int.Parse(ExampleTitle().Match(title).Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_syntax_is_the_cmdlet_s(string name)
    {
        var page = HelpPage.Read(name);
        var command = Command(name);
        var written = page.Parts("SYNTAX").ToDictionary(part => part.Title.Replace(" (Default)", "", StringComparison.Ordinal), part => HelpPage.ReadSyntax(part.Body));
        Assert.Equal(command.Sets.Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
        foreach (var set in command.Sets)
        {
            var expected = command.Parameters
                .Select(parameter => (Parameter: parameter, Role: parameter.RoleIn(set)))
                .Where(item => item.Role is { DontShow: false })
                .Select(item => new HelpPage.SyntaxParameter(item.Parameter.Name, item.Role!.Mandatory, item.Role.Position >= 0, !item.Parameter.IsSwitch))
                .Concat(ShouldProcessParameters(command).Select(common => new HelpPage.SyntaxParameter(common, false, false, false)))
                .OrderBy(parameter => parameter.Name, StringComparer.Ordinal);
            Assert.Equal(expected, written[set].Where(parameter => !IsPowerShellOnly(command, parameter.Name)).OrderBy(parameter => parameter.Name, StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_parameters_are_the_cmdlet_s(string name)
    {
        var page = HelpPage.Read(name);
        var command = Command(name);
        var shown = command.Parameters.Where(parameter => parameter.Roles.Values.Any(role => !role.DontShow)).ToList();
        Assert.Equal(
            shown.Select(parameter => parameter.Name).Concat(ShouldProcessParameters(command)).Order(StringComparer.Ordinal),
            page.Parameters.Select(parameter => parameter.Name).Where(parameter => !IsPowerShellOnly(command, parameter)).Order(StringComparer.Ordinal));
        foreach (var parameter in shown)
        {
            var written = page.Parameters.First(candidate => candidate.Name == parameter.Name);
            var what = $"-{parameter.Name} of {name}";
            Assert.True(written.Description.Length > 10, $"{what} is not described.");
            Assert.Equal((what, TypeName(parameter.Type)), (what, written.Fact("Type")));
            Assert.Equal((what, string.Join(' ', parameter.Aliases)), (what, string.Join(' ', written.List("Aliases"))));
            Assert.Equal((what, string.Join(", ", Roles(parameter))), (what, string.Join(", ", written.Sets().Order(StringComparer.Ordinal))));
            Assert.Equal((what, string.Join(' ', Values(parameter))), (what, string.Join(' ', written.List("AcceptedValues"))));
            Assert.Equal((what, parameter.SupportsWildcards), (what, written.Fact("SupportsWildcards") == "true"));
            if (Default(command, parameter) is { } expected)
            {
                Assert.Equal((what, expected), (what, written.Fact("DefaultValue")));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_goes_in_and_out_is_the_cmdlet_s(string name)
    {
        var page = HelpPage.Read(name);
        var command = Command(name);
        var outputs = command.Type.GetCustomAttributes<OutputTypeAttribute>().SelectMany(output => output.Types.Select(type => type.FullName!).Concat(output.TypeNames));
        Assert.Equal(outputs.Distinct().Order(StringComparer.Ordinal), page.Parts("OUTPUTS").Select(part => part.Title).Where(title => title != "None").Order(StringComparer.Ordinal));
        var inputs = command.Parameters.Where(parameter => parameter.TakesPipelineInput).Select(parameter => TypeName(parameter.Type)).Distinct();
        Assert.Equal(inputs.Order(StringComparer.Ordinal), page.Parts("INPUTS").Select(part => part.Title).Where(title => title != "None").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Get_Help_shows_what_the_page_says(string name)
    {
        var page = HelpPage.Read(name);
        var node = XDocument.Load(Maml).Root!.Elements().FirstOrDefault(element => Child(element, "details", "name")?.Value == name);
        Assert.True(node is not null, $"The help has no {name}: make it anew (build.ps1 -Task Help).");
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(page.Text))).ToLowerInvariant();
        Assert.True(node.Nodes().OfType<XComment>().Any(comment => comment.Value.Trim() == $"{name}.md {hash}"), $"{name}.md was changed after the help was made: make it anew (build.ps1 -Task Help).");

        // The words themselves, too, without the marks of Markdown and the breaks of lines.
        Assert.Equal(Words(page.Section("SYNOPSIS")), Words(Child(node, "details", "description")!.Value));
        Assert.Equal(Words(page.Section("DESCRIPTION").Split("\n\n")[0]), Words(Child(node, "description")!.Elements().First().Value));
        var parameters = Child(node, "parameters")?.Elements().ToList() ?? [];
        Assert.Equal(page.Parameters.Select(parameter => parameter.Name), parameters.Select(parameter => Child(parameter, "name")!.Value));
        Assert.All(page.Parameters.Zip(parameters), pair => Assert.Equal(Words(pair.First.Description), Words(Child(pair.Second, "description")!.Value)));
        var examples = Child(node, "examples")!.Elements().ToList();
        Assert.Equal(page.Parts("EXAMPLES").Select(part => part.Title), examples.Select(example => Child(example, "title")!.Value.Trim('-', ' ')));
        Assert.All(page.Parts("EXAMPLES").Zip(examples), pair => Assert.Equal(Words(FenceLine().Replace(pair.First.Body, "")), Words(string.Join(' ', pair.Second.Elements().Skip(1).Select(element => element.Value)))));
    }

    [Fact]
    public void The_address_of_the_project_stands_in_one_file_and_in_what_is_made_of_it()
    {
        var holding = new[] { "src", "module", "docs", "tests", "samples" }.SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any() && Path.GetExtension(file) is ".cs" or ".md" or ".psd1" or ".ps1" or ".ps1xml" or ".xml" or ".txt" or ".targets" or ".csproj" or ".props")
            .Where(file => File.ReadAllText(file).Contains(HelpPages.Project, StringComparison.OrdinalIgnoreCase))
            .Select(file => Path.GetFileName(file)!);
        Assert.Equal(["AtomProNet.PS.dll-Help.xml", "HelpPages.cs"], holding.Order(StringComparer.Ordinal));
    }

    private static CommandDescription Command(string name) => Catalogue.Find(name) ?? throw new InvalidOperationException($"docs/cmdlets/{name}.md describes a cmdlet that there is not.");

    private static string[] ShouldProcessParameters(CommandDescription command) => command.Attribute.SupportsShouldProcess ? ["Confirm", "WhatIf"] : [];

    /// <summary>A parameter in a partial file of the cmdlet that only PowerShell's build has.</summary>
    private static bool IsPowerShellOnly(CommandDescription command, string parameter) =>
        command.Parameters.All(known => known.Name != parameter)
        && !ShouldProcessParameters(command).Contains(parameter)
        && Directory.EnumerateFiles(Repository.File("src", "AtomProNet.PS"), command.Type.Name + "*.PowerShell.cs", SearchOption.AllDirectories)
            .Any(file => Regex.IsMatch(File.ReadAllText(file), $@"public [\w\[\]?]+ {parameter} \{{"));

    private static string TypeName(Type type) => type.ToString();

    private static IEnumerable<string> Roles(ParameterDescription parameter) => parameter.Roles
        .Select(role => string.Create(CultureInfo.InvariantCulture,
            $"{(role.Key == ParameterAttribute.AllParameterSets ? "(All)" : role.Key)} {(role.Value.Position >= 0 ? role.Value.Position : "Named")} {Truth(role.Value.Mandatory)} {Truth(role.Value.ValueFromPipeline)} {Truth(role.Value.ValueFromPipelineByPropertyName)}"))
        .Order(StringComparer.Ordinal);

    private static string Truth(bool value) => value ? "true" : "false";

    private static string[] Values(ParameterDescription parameter)
    {
        var single = parameter.Type;
        while (single.IsArray)
        {
            single = single.GetElementType()!;
        }

        single = Nullable.GetUnderlyingType(single) ?? single;
        return single.IsEnum ? Enum.GetNames(single) : [.. parameter.Validations.OfType<ValidateSetAttribute>().SelectMany(set => set.ValidValues)];
    }

    /// <summary>What the property of a new cmdlet holds, as a page writes it; null where that says nothing, or the parameter must be given.</summary>
    private static string? Default(CommandDescription command, ParameterDescription parameter)
    {
        if (parameter.IsSwitch)
        {
            return "False";
        }

        return parameter.Roles.Values.All(role => role.Mandatory) ? null : parameter.GetValue(command.Create()) switch
        {
            null or "" => null,
            Array { Length: 0 } => null,
            IDictionary => null,
            Array values => string.Join(", ", values.Cast<object>().Select(Text)),
            bool => null,
            var value => Text(value),
        };
    }

    private static string Text(object value) => value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString()!;

    private static XElement? Child(XElement element, params string[] path)
    {
        XElement? found = element;
        foreach (var name in path)
        {
            found = found?.Elements().FirstOrDefault(child => child.Name.LocalName == name);
        }

        return found;
    }

    private static string Words(string text) => Marks().Replace(Link().Replace(text, "$1"), "");

    [GeneratedRegex(@"^Example (\d+): \S")]
    private static partial Regex ExampleTitle();

    [GeneratedRegex(@"(?m)^```.*$")]
    private static partial Regex FenceLine();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[\s*`\\]+")]
    private static partial Regex Marks();
}
