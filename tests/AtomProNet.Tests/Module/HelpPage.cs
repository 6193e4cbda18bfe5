using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace AtomProNet.Tests.Module;

/// <summary>A page under docs/cmdlets in the form of Microsoft.PowerShell.PlatyPS.</summary>
internal sealed partial class HelpPage
{
    private HelpPage(string path, string text)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        Text = text;
        var end = text.IndexOf("\n---\n", StringComparison.Ordinal);
        FrontMatter = new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(text[4..end]);
        Sections = Split(text, "## ");
        Parameters = [.. Split(Section("PARAMETERS"), "### ")
            .Where(section => section.Title.StartsWith('-'))
            .Select(section => new HelpParameter(section.Title[1..], section.Body))];
    }

    public string Name { get; }

    public string Text { get; }

    public IReadOnlyDictionary<string, string> FrontMatter { get; }

    public IReadOnlyList<(string Title, string Body)> Sections { get; }

    public IReadOnlyList<HelpParameter> Parameters { get; }

    public static string Folder => Repository.File("docs", "cmdlets");

    /// <summary>The pages in this form.</summary>
    public static IEnumerable<string> Files() =>
        Directory.GetFiles(Folder, "*.md").Where(file => File.ReadLines(file).First() == "---").Order(StringComparer.Ordinal);

    public static HelpPage Read(string name)
    {
        var path = Path.Combine(Folder, name + ".md");
        return new HelpPage(path, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    public string Section(string title) => Sections.First(section => section.Title == title).Body;

    public IEnumerable<(string Title, string Body)> Parts(string section) => Split(Section(section), "### ");

    /// <summary>Splits at headings of one level, which do not count inside fences.</summary>
    private static List<(string Title, string Body)> Split(string text, string mark)
    {
        List<(string, string)> found = [];
        List<string> body = [];
        string? title = null;
        var fenced = false;
        foreach (var line in text.Split('\n'))
        {
            fenced ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!fenced && line.StartsWith(mark, StringComparison.Ordinal))
            {
                Keep();
                title = line[mark.Length..].Trim();
                body = [];
            }
            else
            {
                body.Add(line);
            }
        }

        Keep();
        return found;

        void Keep()
        {
            if (title is not null)
            {
                found.Add((title, string.Join('\n', body).Trim()));
            }
        }
    }

    /// <summary>What a syntax says of one parameter.</summary>
    public sealed record SyntaxParameter(string Name, bool IsMandatory, bool IsPositional, bool HasValue);

    /// <summary>The parameters of one syntax, in its order.</summary>
    public static IReadOnlyList<SyntaxParameter> ReadSyntax(string body)
    {
        var text = body.Replace("```", "", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
        return [.. SyntaxForm().Matches(text).Select(match => new SyntaxParameter(
            match.Groups["name"].Value,
            match.Groups["positional"].Success || match.Groups["named"].Success,
            match.Groups["positional"].Success || match.Groups["optionalPositional"].Success,
            match.Value.Contains('<', StringComparison.Ordinal)))];
    }

    // [[-Range] <decimal>], [-Size] <int[]>, [-Step <decimal>] or [-Force], -Structure <Structure>
    [GeneratedRegex("""
        (?<=\s)(?:
          (?<optionalPositional> \[\[-(?<name>[A-Z]\w*)\]\ <[^>]+>\] )
        | (?<positional>         \[-(?<name>[A-Z]\w*)\]\ <[^>]+> )
        | (?<optional>           \[-(?<name>[A-Z]\w*)(\ <[^>]+>)?\] )
        | (?<named>              -(?<name>[A-Z]\w*)(\ <[^>]+>)? ))
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex SyntaxForm();
}

/// <summary>One parameter as a page describes it.</summary>
internal sealed class HelpParameter
{
    public HelpParameter(string name, string body)
    {
        Name = name;
        var fence = body.IndexOf("```yaml\n", StringComparison.Ordinal);
        Description = body[..fence].Trim();
        var yaml = body[(fence + 8)..body.IndexOf("\n```", fence + 8, StringComparison.Ordinal)];
        Facts = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(yaml);
    }

    public string Name { get; }

    public string Description { get; }

    public IReadOnlyDictionary<string, object> Facts { get; }

    public string Fact(string key) => Facts[key] as string ?? "";

    public IReadOnlyList<string> List(string key) => [.. ((List<object>)Facts[key]).Select(item => (string)item)];

    /// <summary>Name, position, and the four truths of each set, in one line each.</summary>
    public IEnumerable<string> Sets() => ((List<object>)Facts["ParameterSets"])
        .Cast<Dictionary<object, object>>()
        .Select(set => string.Join(' ', new[] { "Name", "Position", "IsRequired", "ValueFromPipeline", "ValueFromPipelineByPropertyName" }.Select(key => (string)set[key])));
}
