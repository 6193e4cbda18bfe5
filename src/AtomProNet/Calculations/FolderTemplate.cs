using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// Where the folder of each structure stands below a destination, as a text with placeholders: <c>{name}</c>, <c>{formula}</c>,
/// <c>{root}</c> (the id that the structure goes back to), <c>{index}</c> (from 1). A slash makes folders inside folders; every part
/// becomes a safe name (<see cref="CalculationName"/>). Gives each name once; it counts, and so belongs to one run of a cmdlet.
/// </summary>
public sealed partial class FolderTemplate
{
    /// <summary>The template unless told otherwise.</summary>
    public const string Default = "{name}";

    private readonly string[] parts;
    private readonly Dictionary<string, int> taken = new(StringComparer.OrdinalIgnoreCase);
    private int index;

    /// <summary>Reads a template.</summary>
    /// <exception cref="AtomProNetException">It has a placeholder that there is nothing for.</exception>
    public FolderTemplate(string template = Default)
    {
        foreach (Match match in Placeholder().Matches(template))
        {
            if (match.Value is not ("{name}" or "{formula}" or "{root}" or "{index}"))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "FolderPlaceholderUnknown", "The template of folder names has a placeholder that there is nothing for.", value: match.Value, remedy: "Known are {name}, {formula}, {root} and {index}.");
            }
        }

        parts = template.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "FolderTemplateEmpty", "The template of folder names is empty.", value: template, remedy: "Give one such as {name} or {root}/{name}.");
        }
    }

    /// <summary>The folder of the next structure, relative to the destination.</summary>
    /// <exception cref="AtomProNetException">The name was given already, or nothing is left of it.</exception>
    public string Next(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        index++;
        string name = structure.Name ?? structure.ReducedFormula;
        string path = Path.Combine([.. parts.Select(part => CalculationName.ToFolderName(Placeholder().Replace(part, match => match.Value switch
        {
            "{name}" => name,
            "{formula}" => structure.ReducedFormula,
            "{root}" => structure.Provenance?.RootId ?? "unknown",
            _ => index.ToString("D5", CultureInfo.InvariantCulture),
        })))]);
        if (taken.TryAdd(path, index))
        {
            return path;
        }

        if (structure.Name is null)
        {
            // Nobody gave these structures names: they are counted.
            int number = 2;
            while (!taken.TryAdd(string.Create(CultureInfo.InvariantCulture, $"{path}_{number:D4}"), index))
            {
                number++;
            }

            return string.Create(CultureInfo.InvariantCulture, $"{path}_{number:D4}");
        }

        throw new AtomProNetException(ErrorKind.AlreadyExists, "FolderNameTwice", $"The structures {taken[path]} and {index} of the pipeline would both be written to '{path}'.", value: structure.ToString(), remedy: "Use -FolderName '{root}/{name}' where several parents have children of one name, or '{index}_{name}'.");
    }

    [GeneratedRegex(@"\{[^{}/\\]*\}")]
    private static partial Regex Placeholder();
}
