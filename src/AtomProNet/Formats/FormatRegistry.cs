using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AtomProNet.Formats.Cif;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Formats.Poscar;

namespace AtomProNet.Formats;

/// <summary>All file formats for structures, by name and by the names of files.</summary>
public static class FormatRegistry
{
    /// <summary>All formats. Where the names of two could be meant, the earlier one is.</summary>
    public static ImmutableArray<IFormat> All { get; } =
    [
        new ExtendedXyzFormat(),
        new CifFormat(),
        new PoscarFormat(),
    ];

    /// <summary>The format of that name; case does not count.</summary>
    /// <exception cref="AtomProNetException">There is none.</exception>
    public static IFormat ByName(string name)
    {
        foreach (IFormat format in All)
        {
            if (format.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }

        throw new AtomProNetException(ErrorKind.InvalidArgument, "FormatUnknown", "There is no format of this name.", value: name, remedy: $"The formats are {string.Join(", ", All.Select(f => f.Name))}.");
    }

    /// <summary>The format that a file's name tells.</summary>
    /// <exception cref="AtomProNetException">It tells none.</exception>
    public static IFormat ForFile(string path) => TryForFile(path, out IFormat? format)
        ? format
        : throw new AtomProNetException(ErrorKind.InvalidArgument, "FormatNotTold", "The name of the file does not tell its format.", file: path, remedy: $"Name the format, as with -Format Poscar; there are {string.Join(", ", All.Select(f => f.Name))}.");

    /// <summary>The format that a file's name tells.</summary>
    /// <param name="path">A path or a file's name.</param>
    /// <param name="format">The format.</param>
    public static bool TryForFile(string path, [NotNullWhen(true)] out IFormat? format)
    {
        string name = Path.GetFileName(path);
        foreach (IFormat candidate in All)
        {
            foreach (string pattern in candidate.FileNamePatterns)
            {
                if (System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true))
                {
                    format = candidate;
                    return true;
                }
            }
        }

        format = null;
        return false;
    }
}
