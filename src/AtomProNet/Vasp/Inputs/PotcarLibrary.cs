using System.Collections.Concurrent;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>
/// A user's own library of potentials, in the layouts that are about: files <c>POTCAR_Al</c> or <c>POTCAR.Al_pv</c>, folders
/// <c>Al_pv/POTCAR</c>, each also with <c>.gz</c>, either in the folder itself or in one that is named after the functional
/// (<c>POT_GGA_PAW_PBE_54</c> as under $PMG_VASP_PSP_DIR, <c>potpaw_PBE.54</c> as VASP ships them). What was read is kept.
/// </summary>
public sealed class PotcarLibrary
{
    private static readonly string[] Variants = ["", "_sv", "_pv", "_d", "_s", "_h", "_2", "_3", "_GW", "_sv_GW", "_pv_GW", "_d_GW"];

    private readonly ConcurrentDictionary<(string Functional, string Name), PotcarDataset> read = new();

    /// <summary>Opens a library; nothing is read yet.</summary>
    /// <param name="folder">Its folder, as a full path.</param>
    /// <exception cref="AtomProNetException">There is no such folder.</exception>
    public PotcarLibrary(string folder)
    {
        FolderPath = folder;
        if (!Directory.Exists(folder))
        {
            throw new AtomProNetException(ErrorKind.NotFound, "PotcarLibraryNotFound", "There is no such folder of potentials.", file: folder, remedy: "Give the folder with -PotcarPath, or set PMG_VASP_PSP_DIR.");
        }
    }

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>The potential of an element.</summary>
    /// <param name="element">The element that it must be for.</param>
    /// <param name="name">Its name in the library, such as <c>Al_pv</c>.</param>
    /// <param name="functional">The version of the library, such as <c>PBE_54</c>.</param>
    /// <exception cref="AtomProNetException">It is not there, is ambiguous, damaged, or is for another element.</exception>
    public PotcarDataset Get(Element element, string name, string functional)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (name.AsSpan().IndexOfAny('/', '\\') >= 0 || name.Contains("..", StringComparison.Ordinal) || name.Length == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialNameInvalid", $"This is no name of a potential for {element.Symbol}.", value: name, remedy: "Names are such as Al or Al_pv.");
        }

        PotcarDataset dataset = read.GetOrAdd((functional, name), _ => Find(element, name, functional));
        return dataset.Element == element ? dataset : throw new AtomProNetException(
            ErrorKind.InvalidData, "PotcarElementWrong", $"The potential '{name}' is wanted for {element.Symbol}, but its title '{dataset.Title}' says {dataset.Element.Symbol}.", dataset.Path, remedy: "Put the right file into the library.");
    }

    private PotcarDataset Find(Element element, string name, string functional)
    {
        foreach (string folder in Folders(functional))
        {
            string[] files = [.. Candidates(folder, name).Where(File.Exists)];
            if (files.Length == 0)
            {
                continue;
            }

            PotcarDataset dataset = PotcarDataset.Read(files[0]);
            foreach (string other in files.Skip(1))
            {
                if (PotcarDataset.Read(other).Sha256 != dataset.Sha256)
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "PotcarAmbiguous", $"The library has two different potentials '{name}' for {element.Symbol}: {files[0]} and {other}.", remedy: "Remove one of them.");
                }
            }

            return dataset;
        }

        string[] there = [.. Variants.Select(v => element.Symbol + v).Where(v => v != name && Folders(functional).Any(folder => Candidates(folder, v).Any(File.Exists)))];
        string example = there.Length > 0 ? there[0] : element.Symbol + "_pv";
        throw new AtomProNetException(
            ErrorKind.NotFound,
            "PotcarMissing",
            $"The library has no potential '{name}' for {element.Symbol}.",
            FolderPath,
            remedy: there.Length > 0
                ? $"It has {string.Join(", ", there)}: choose one with -Potential @{{{element.Symbol}='{example}'}}."
                : "Add it, or point -PotcarPath at another library.");
    }

    /// <summary>The folders to look in: those of the functional, then the library itself.</summary>
    private IEnumerable<string> Folders(string functional)
    {
        // pymatgen's names, then VASP's own.
        string version = functional.Contains('_', StringComparison.Ordinal) ? functional[(functional.IndexOf('_', StringComparison.Ordinal) + 1)..] : "";
        string family = functional.Split('_')[0];
        string[] names = family switch
        {
            "PBE" => [version.Length == 0 ? "POT_GGA_PAW_PBE" : $"POT_GGA_PAW_PBE_{version}", version.Length == 0 ? "POT_PAW_PBE" : $"POT_PAW_PBE_{version}", version.Length == 0 ? "potpaw_PBE" : $"potpaw_PBE.{version}", functional],
            "LDA" => [version.Length == 0 ? "POT_LDA_PAW" : $"POT_LDA_PAW_{version}", version.Length == 0 ? "potpaw_LDA" : $"potpaw_LDA.{version}", version.Length == 0 ? "potpaw" : $"potpaw.{version}", functional],
            _ => [functional],
        };
        return names.Select(n => Path.Combine(FolderPath, n)).Where(Directory.Exists).Append(FolderPath);
    }

    private static IEnumerable<string> Candidates(string folder, string name)
    {
        foreach (string path in new[] { $"POTCAR_{name}", $"POTCAR.{name}", Path.Combine(name, "POTCAR") })
        {
            yield return Path.Combine(folder, path);
            yield return Path.Combine(folder, path + ".gz");
        }
    }
}
