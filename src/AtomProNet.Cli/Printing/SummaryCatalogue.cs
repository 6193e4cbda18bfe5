using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AtomProNet.Cli.Printing;

/// <summary>The first words on each cmdlet and parameter: the comments of the source, which the build leaves beside the assembly.</summary>
internal sealed partial class SummaryCatalogue
{
    private readonly Dictionary<string, string> _summaries = new(StringComparer.Ordinal);

    /// <summary>Reads the file of an assembly's comments; where there is none, nothing is known.</summary>
    public static SummaryCatalogue Read(Type anyTypeOfTheAssembly)
    {
        var catalogue = new SummaryCatalogue();
        var file = Path.Combine(AppContext.BaseDirectory, anyTypeOfTheAssembly.Assembly.GetName().Name + ".xml");
        if (File.Exists(file))
        {
            foreach (var member in XDocument.Load(file).Descendants("member"))
            {
                if (member.Attribute("name")?.Value is { } name && member.Element("summary") is { } summary)
                {
                    catalogue._summaries[name] = Plain(summary);
                }
            }
        }

        return catalogue;
    }

    public string? OfType(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}");

    public string? OfProperty(Type type, string property) => _summaries.GetValueOrDefault($"P:{type.FullName}.{property}");

    /// <summary>References become the last part of their name.</summary>
    private static string Plain(XElement summary)
    {
        foreach (var reference in summary.Descendants().Where(element => element.IsEmpty).ToList())
        {
            var name = (reference.Attribute("cref") ?? reference.Attribute("langword") ?? reference.Attribute("name"))?.Value ?? "";
            reference.ReplaceWith(new XText(name[(name.LastIndexOfAny(['.', ':']) + 1)..]));
        }

        return Blanks().Replace(summary.Value.Trim(), " ");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
