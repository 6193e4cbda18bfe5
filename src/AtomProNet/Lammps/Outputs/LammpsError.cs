using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AtomProNet.Calculations;
using AtomProNet.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AtomProNet.Lammps.Outputs;

/// <summary>An error of LAMMPS as LAMMPS tells it, and what to do.</summary>
internal sealed partial class LammpsError
{
    private static readonly Lazy<ImmutableArray<Known>> Catalogue = new(Load);

    private LammpsError(AtomProNetException exception, bool concernsAll, ExitKind exit, string message, long? line)
    {
        Exception = exception;
        ConcernsAll = concernsAll;
        Exit = exit;
        Message = message;
        Line = line;
    }

    /// <summary>The error for a user.</summary>
    internal AtomProNetException Exception { get; }

    /// <summary>Whether every other structure would fail for the same reason.</summary>
    internal bool ConcernsAll { get; }

    /// <summary>What kind of end it makes of a job.</summary>
    internal ExitKind Exit { get; }

    /// <summary>What LAMMPS printed.</summary>
    internal string Message { get; }

    /// <summary>Where that stands, counted from 1; null where it said nothing.</summary>
    internal long? Line { get; }

    /// <summary>The error in what LAMMPS printed; null where it printed none.</summary>
    /// <param name="output">Its log, or its standard output or error.</param>
    /// <param name="subject">What it was about, such as the frame; null for nothing in particular.</param>
    /// <param name="file">The log, where it is kept.</param>
    internal static LammpsError? Find(string output, string? subject = null, string? file = null)
    {
        Match match = ErrorLine().Matches(output).LastOrDefault() ?? Match.Empty;
        if (!match.Success)
        {
            return null;
        }

        string message = Place().Replace(match.Groups[1].Value, "").Trim();
        string? command = LastCommand().Match(output, match.Index) is { Success: true } last ? last.Groups[1].Value.Trim() : null;
        long line = output.AsSpan(0, match.Index).Count('\n') + 1;
        string problem = $"LAMMPS stopped{(subject is null ? "" : $" at {subject}")}: {message.TrimEnd('.', '!')}.{(command is null ? "" : $" Last command: {command}.")}";
        foreach (Known known in Catalogue.Value)
        {
            if (known.Pattern.Match(message) is { Success: true } hit)
            {
                string remedy = known.Remedy;
                for (int g = 1; g < hit.Groups.Count; g++)
                {
                    remedy = remedy.Replace("{" + g.ToString(System.Globalization.CultureInfo.InvariantCulture) + "}", hit.Groups[g].Value, StringComparison.Ordinal);
                }

                return new(new(known.Kind, known.Id, problem, file, remedy: remedy), known.ConcernsAll, known.Exit, message, line);
            }
        }

        return new(new(ErrorKind.InvalidData, "LammpsError", problem, file, remedy: "See the page of the command in LAMMPS's manual, and its page of errors (docs.lammps.org/Errors_messages.html)."), concernsAll: false, ExitKind.BadInput, message, line);
    }

    /// <summary>The end of a LAMMPS that said nothing of an error.</summary>
    internal static LammpsError Silent(int exitCode, string said, string? subject)
    {
        string last = said.Trim() is { Length: > 0 } text ? text[(text.LastIndexOf('\n') + 1)..].Trim() : "it printed nothing";
        return new(new(ErrorKind.Unavailable, "LammpsFailed", $"LAMMPS ended with code {exitCode}{(subject is null ? "" : $" at {subject}")} and no message of its own.", value: last, remedy: "Run it by hand in a folder of New-LammpsInput: a library is missing, or it crashed."), concernsAll: false, ExitKind.Environment, last, line: null);
    }

    private static ImmutableArray<Known> Load()
    {
        var yaml = new YamlStream();
        yaml.Load(new Parser(new StringReader(EmbeddedText.Read("AtomProNet.Lammps.Outputs.Data.errors.yaml"))));
        return [.. ((YamlSequenceNode)yaml.Documents[0].RootNode).Cast<YamlMappingNode>().Select(n => new Known(
            Text(n, "id")!,
            Enum.Parse<ErrorKind>(Text(n, "kind")!),
            Enum.Parse<ExitKind>(Text(n, "exit")!),
            new(Text(n, "pattern")!, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            Text(n, "all") == "true",
            Text(n, "remedy")!))];
    }

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out YamlNode? value) ? ((YamlScalarNode)value).Value : null;

    [GeneratedRegex(@"^ERROR(?: on proc \d+)?: (.*?)\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ErrorLine();

    // The place in LAMMPS's source: (src/force.cpp:278), (../force.cpp:278).
    [GeneratedRegex(@"\s*\([\w./+-]*\.(?:cpp|h):\d+\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex(@"^Last (?:input line|command): (.*?)\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex LastCommand();

    private sealed record Known(string Id, ErrorKind Kind, ExitKind Exit, Regex Pattern, bool ConcernsAll, string Remedy);
}
