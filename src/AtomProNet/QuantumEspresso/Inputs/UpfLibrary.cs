using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>
/// The user's folder of pseudopotentials. A file belongs to an element where its name begins with the symbol (<c>O.pbe-n-kjpaw_psl.0.1.UPF</c>,
/// <c>li_pbe_v1.4.uspp.F.UPF</c>) and its header says the same.
/// </summary>
public sealed class UpfLibrary
{
    private readonly Dictionary<string, UpfHeader> headers = new(StringComparer.Ordinal);

    /// <summary>Takes a folder.</summary>
    /// <exception cref="AtomProNetException">It is not there.</exception>
    public UpfLibrary(string folder)
    {
        FolderPath = Path.GetFullPath(folder);
        if (!Directory.Exists(FolderPath))
        {
            throw new AtomProNetException(ErrorKind.NotFound, "PseudopotentialFolderMissing", "There is no such folder of pseudopotentials.", FolderPath, remedy: "Give the folder of your UPF files with -PseudopotentialPath, or set ESPRESSO_PSEUDO.");
        }
    }

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>The pseudopotential of an element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="name">The name of the file in the folder, or a path of its own; null to look for it.</param>
    /// <exception cref="AtomProNetException">There is none, or more than one, or its header is of another element.</exception>
    public UpfHeader Find(Element element, string? name)
    {
        ArgumentNullException.ThrowIfNull(element);
        return name is null ? Search(element) : Named(element, name);
    }

    private UpfHeader Named(Element element, string name)
    {
        string path = Path.Combine(FolderPath, name);
        if (!File.Exists(path))
        {
            throw new AtomProNetException(ErrorKind.NotFound, "PseudopotentialMissing", $"The pseudopotential named for {element} is not there.", path, remedy: Near(element) is [_, ..] near ? $"In the folder are {List(near)}." : "Check its name.");
        }

        UpfHeader header = Header(path);
        return header.Element.Equals(element)
            ? header
            : throw new AtomProNetException(ErrorKind.InvalidData, "PseudopotentialElementWrong", $"The pseudopotential named for {element} is one of {header.Element}.", path, remedy: $"Name another one with -Pseudopotential @{{{element}='…'}}.");
    }

    private UpfHeader Search(Element element)
    {
        ImmutableArray<string> near = Near(element);
        var found = new List<UpfHeader>();
        AtomProNetException? trouble = null;
        foreach (string path in near)
        {
            try
            {
                UpfHeader header = Header(path);
                if (header.Element.Equals(element))
                {
                    found.Add(header);
                }
                else
                {
                    trouble = new(ErrorKind.InvalidData, "PseudopotentialElementWrong", $"The file is named after {element}, but its header is of {header.Element}.", path, remedy: $"Name the right one with -Pseudopotential @{{{element}='…'}}.");
                }
            }
            catch (AtomProNetException e)
            {
                trouble = e;
            }
        }

        return found switch
        {
            [var only] => only,
            [] => throw trouble ?? new AtomProNetException(ErrorKind.NotFound, "PseudopotentialMissing", $"The folder has no pseudopotential of {element}.", FolderPath, remedy: $"Put a UPF file whose name begins with {element} into it, or name one with -Pseudopotential @{{{element}='…'}}."),
            _ => throw new AtomProNetException(ErrorKind.InvalidArgument, "PseudopotentialAmbiguous", $"The folder has {found.Count} pseudopotentials of {element}: {string.Join(", ", found.Select(h => $"{h.FileName} ({h.Type}, {h.Functional})"))}.", FolderPath, remedy: $"Choose one with -Pseudopotential @{{{element}='{found[0].FileName}'}}."),
        };
    }

    /// <summary>Files that are named after an element: the letters at the beginning of the name are its symbol, in any case.</summary>
    private ImmutableArray<string> Near(Element element) =>
    [
        .. Directory.EnumerateFiles(FolderPath)
            .Where(path => Path.GetExtension(path).Equals(".upf", StringComparison.OrdinalIgnoreCase) && BeginsWith(Path.GetFileName(path), element.Symbol))
            .Order(StringComparer.Ordinal),
    ];

    private UpfHeader Header(string path)
    {
        lock (headers)
        {
            if (!headers.TryGetValue(path, out UpfHeader? header))
            {
                headers[path] = header = UpfHeader.Read(path);
            }

            return header;
        }
    }

    private static bool BeginsWith(string name, string symbol) =>
        name.StartsWith(symbol, StringComparison.OrdinalIgnoreCase) && name.Length > symbol.Length && !char.IsAsciiLetter(name[symbol.Length]);

    private static string List(ImmutableArray<string> paths) => string.Join(", ", paths.Select(Path.GetFileName));
}
