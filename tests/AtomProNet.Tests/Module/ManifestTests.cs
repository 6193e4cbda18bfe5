using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AtomProNet.Cli;
using AtomProNet.Cli.Printing;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Module;

/// <summary>What module/ says must fit what src/ holds.</summary>
public partial class ManifestTests
{
    private static readonly string Manifest = File.ReadAllText(Repository.File("module", "AtomProNet.PS.psd1"));

    private static readonly Type[] Cmdlets = [.. typeof(PipelineHost).Assembly.GetTypes()
        .Where(type => type.IsDefined(typeof(CmdletAttribute)))
        .OrderBy(NameOf, StringComparer.Ordinal)];

    [Fact]
    public void Exports_every_cmdlet_and_no_other()
    {
        var exported = Quoted().Matches(Section("CmdletsToExport")).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(Cmdlets.Select(NameOf), exported.Order(StringComparer.Ordinal));
        Assert.Equal(exported.Order(StringComparer.Ordinal), exported);
    }

    [Fact]
    public void The_build_puts_the_version_in() => Assert.Contains("ModuleVersion          = '0.0.0'", Manifest, StringComparison.Ordinal);

    [Fact]
    public void The_loader_comes_first_and_then_the_type_data() => Assert.Contains("NestedModules          = @('AtomProNet.PS.Loader.dll', 'AtomProNet.PS.Types.psd1')", Manifest, StringComparison.Ordinal);

    [Fact]
    public void Cmdlets_keep_the_manners_of_PowerShell()
    {
        var verbs = typeof(VerbsCommon).Assembly.GetTypes()
            .Where(type => type.Namespace == "System.Management.Automation" && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains("Get", verbs);
        Assert.All(Cmdlets, type =>
        {
            var attribute = type.GetCustomAttribute<CmdletAttribute>()!;
            Assert.Contains(attribute.VerbName, verbs);
            Assert.True(type.IsSealed && type.IsPublic, $"{type} must be public and sealed.");
            Assert.Equal(NameOf(type).Replace("-", "", StringComparison.Ordinal) + "Command", type.Name);
            Assert.True(type.IsDefined(typeof(OutputTypeAttribute)), $"{type} must say what it writes ([OutputType]).");
            if (attribute.VerbName is VerbsCommon.Remove or VerbsLifecycle.Stop or VerbsLifecycle.Unregister)
            {
                Assert.True(attribute.SupportsShouldProcess && attribute.ConfirmImpact == ConfirmImpact.High, $"{type} must ask (ConfirmImpact.High).");
            }
        });
    }

    [Fact]
    public void Literal_paths_answer_to_the_usual_names()
    {
        Assert.All(Cmdlets.Select(type => type.GetProperty("LiteralPath")).OfType<PropertyInfo>(), property =>
            Assert.Superset(new HashSet<string> { "PSPath", "LP" }, property.GetCustomAttribute<AliasAttribute>()?.AliasNames.ToHashSet() ?? []));
    }

    [Fact]
    public void Every_column_is_of_a_form_that_both_hosts_know()
    {
        foreach (var format in FormatFiles().Select(XDocument.Load))
        {
            Assert.All(format.Descendants("ScriptBlock"), script => ViewCatalogue.Compile(script.Value));
            Assert.Empty(format.Descendants("FormatString"));
        }
    }

    [Fact]
    public void Every_view_shows_properties_that_there_are_within_80_columns()
    {
        var assemblies = new[] { typeof(Structure).Assembly, typeof(PipelineHost).Assembly };
        foreach (var view in FormatFiles().SelectMany(file => XDocument.Load(file).Descendants("View")))
        {
            foreach (var name in view.Descendants("TypeName").Select(element => element.Value))
            {
                var type = assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(found => found is not null);
                Assert.True(type is not null, $"The format file has a view of {name}, which is not there.");
                Assert.All(view.Descendants("TableColumnItem").Concat(view.Descendants("ListItem")), item => AssertProperty(type, item));
            }

            var widths = view.Descendants("TableColumnHeader").Select(header => (int?)header.Element("Width")).ToList();
            Assert.True(widths.Sum(width => width + 1 ?? 9) <= 80, $"The view {view.Element("Name")?.Value} is wider than 80 columns.");
            Assert.Equal(widths.Count, view.Descendants("TableColumnItem").Count());
        }
    }

    [Fact]
    public void Type_data_names_properties_that_there_are()
    {
        foreach (var data in XDocument.Load(Repository.File("module", "AtomProNet.PS.types.ps1xml")).Root!.Elements("Type"))
        {
            var name = data.Element("Name")!.Value;
            var type = typeof(Structure).Assembly.GetType(name.StartsWith("Deserialized.", StringComparison.Ordinal) ? name["Deserialized.".Length..] : name);
            Assert.True(type is not null, $"There is no type {data.Element("Name")!.Value}.");
            Assert.All(
                data.Descendants("ReferencedProperties").Elements("Name").Select(property => property.Value).Where(property => property != "WholeObject"),
                property => Assert.True(type.GetProperty(property) is not null, $"{type} has no {property}."));
        }
    }

    [Fact]
    public void Types_that_PowerShell_has_to_find_are_named_with_their_assembly()
    {
        var data = XDocument.Load(Repository.File("module", "AtomProNet.PS.types.ps1xml")).Root!;
        var targets = data.Descendants("NoteProperty").Where(note => note.Element("Name")!.Value == "TargetTypeForDeserialization").Elements("Value").Select(name => name.Value).ToList();
        Assert.NotEmpty(targets);

        // By the short name PowerShell asks all assemblies of the session for each, a quarter of the time of an import.
        Assert.All(targets, name => Assert.Equal(name, $"{Type.GetType(name)?.FullName}, {Type.GetType(name)?.Assembly.GetName().Name}"));

        // The converter is in the part of the cmdlets that needs PowerShell itself: tests/Pester/Objects.Tests.ps1 finds it.
        Assert.All(data.Descendants("TypeName"), name => Assert.Equal("AtomProNet.PS.Hosting.DeserializedObjectConverter, AtomProNet.PS", name.Value));
    }

    [Fact]
    public void What_cmdlets_take_from_the_pipeline_survives_files_and_jobs()
    {
        var whole = XDocument.Load(Repository.File("module", "AtomProNet.PS.types.ps1xml")).Root!.Elements("Type")
            .Where(type => type.Element("TypeConverter") is not null)
            .Select(type => type.Element("Name")!.Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(
            Cmdlets.SelectMany(type => type.GetProperties())
                .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.ValueFromPipeline || parameter.ValueFromPipelineByPropertyName))
                .Select(property => property.PropertyType.GetElementType() ?? property.PropertyType)
                .Where(type => type.Assembly == typeof(Structure).Assembly && !type.IsEnum)
                .Distinct(),
            type => Assert.Contains(type.FullName!, whole));
    }

    [Fact]
    public void The_manifest_names_the_file_that_the_views_of_the_rooms_are_joined_in() =>
        Assert.Equal(["AtomProNet.PS.format.ps1xml"], Quoted().Matches(Section("FormatsToProcess")).Select(match => match.Groups[1].Value));

    private static IEnumerable<string> FormatFiles() =>
        Directory.GetFiles(Repository.File("module"), "*.format.ps1xml").Order(StringComparer.Ordinal);

    private static void AssertProperty(Type type, XElement item)
    {
        var path = item.Element("PropertyName")?.Value ?? PropertyPath().Match(item.Element("ScriptBlock")!.Value).Groups[1].Value;
        Type? owner = type;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var property = owner.GetProperty(name);
            Assert.True(property is not null, $"{owner.Name} has no property {name} (in the view of {type.Name}).");
            owner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        }
    }

    private static string NameOf(Type type) => type.GetCustomAttribute<CmdletAttribute>() is { } attribute ? $"{attribute.VerbName}-{attribute.NounName}" : "";

    private static string Section(string key)
    {
        var start = Manifest.IndexOf(key, StringComparison.Ordinal);
        return Manifest[start..Manifest.IndexOf(')', start)];
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$_((\.\w+)*)")]
    private static partial Regex PropertyPath();
}
