using System.Collections.Immutable;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>What stands in a vasprun.xml before its first calculation: version, tags, k-points, atoms, the starting structure.</summary>
internal sealed class VasprunHeader
{
    private readonly List<(Element? Element, int Type)> atoms = [];
    private readonly List<(int Count, Element? Element, string? Title)> types = [];
    private int? atomCount;
    private string? table;
    private bool inIncar, inParameters, inGeneration;
    private string separator = "";
    private long atomsLine;

    internal VaspSettings Settings { get; } = new();

    /// <summary>The starting structure; null where the file does not tell.</summary>
    internal XmlStructure? Start { get; set; }

    internal ImmutableArray<VaspType> Types { get; private set; } = [];

    internal ImmutableArray<Element> Species { get; private set; } = [];

    internal AtomProNetException? Error { get; private set; }

    internal bool IsResolved { get; private set; }

    internal bool HasAtoms => atoms.Count > 0 || atomCount is not null;

    internal void Take(ReadOnlySpan<byte> text, long line)
    {
        if (text[0] != '<')
        {
            return;
        }

        if (text.StartsWith("<incar>"u8))
        {
            inIncar = true;
        }
        else if (text.StartsWith("</incar>"u8))
        {
            inIncar = false;
        }
        else if (text.StartsWith("<parameters>"u8))
        {
            inParameters = true;
        }
        else if (text.StartsWith("</parameters>"u8))
        {
            inParameters = false;
        }
        else if (XmlLine.Opens(text, "<generation"u8))
        {
            inGeneration = true;
        }
        else if (text.StartsWith("</generation>"u8))
        {
            inGeneration = false;
        }
        else if (XmlLine.Opens(text, "<separator"u8))
        {
            separator = XmlLine.ToText(XmlLine.Name(text));
        }
        else if (XmlLine.Opens(text, "<array"u8))
        {
            table = XmlLine.ToText(XmlLine.Name(text));
            atomsLine = line;
        }
        else if (text.StartsWith("</array>"u8))
        {
            table = null;
        }
        else if (text.StartsWith("<atoms>"u8))
        {
            atomCount = XmlLine.TryContent(text, "</atoms>"u8, out ReadOnlySpan<byte> content) && Utf8Number.TryParseInteger(content, out long count) ? (int)Math.Clamp(count, 0, int.MaxValue) : null;
            atomsLine = line;
        }
        else if (text.StartsWith("<rc>"u8))
        {
            TakeRow(text);
        }
        else if (XmlLine.Opens(text, "<i"u8))
        {
            TakeTag(text, "</i>"u8);
        }
        else if (XmlLine.Opens(text, "<v"u8))
        {
            TakeTag(text, "</v>"u8);
        }
    }

    internal void Resolve(Action<Finding> report)
    {
        if (IsResolved)
        {
            return;
        }

        IsResolved = true;
        try
        {
            Types = ResolveTypes(report);
            Species = [.. atoms.Select(a => Types[a.Type - 1].Element)];
            // Where the functional is the potentials' own, their titles tell it.
            Settings.PotentialFunctional ??= types[0].Title?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var kind, ..] ? kind switch { "PAW_PBE" => "PE", "PAW_GGA" => "91", "PAW" or "PAW_LDA" or "US" => "CA", _ => null } : null;
        }
        catch (AtomProNetException e)
        {
            Error = e;
        }
    }

    private ImmutableArray<VaspType> ResolveTypes(Action<Finding> report)
    {
        if (atoms.Count == 0 || types.Count == 0 || (atomCount is { } printed && printed != atoms.Count))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "VasprunAtomsContradict", $"The list of atoms has {atoms.Count} rows for {atomCount} atoms and {types.Count} types.", line: atomsLine, remedy: "The file is damaged: fetch it again, or read the run's OUTCAR.");
        }

        var resolved = ImmutableArray.CreateBuilder<VaspType>(types.Count);
        for (int i = 0; i < types.Count; i++)
        {
            (int count, Element? listed, string? title) = types[i];
            Element? named = null;
            int rows = 0;
            bool sameNames = true;
            foreach ((Element? element, int type) in atoms)
            {
                if (type == i + 1)
                {
                    sameNames &= rows == 0 || Equals(named, element);
                    named = element;
                    rows++;
                }
            }

            Element? fromTitle = VaspSpecies.FromTitle(title);
            Element? agreed = VaspSpecies.Agree([sameNames ? named : null, listed, fromTitle], out bool unanimous);
            if (rows != count || agreed is null)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "VasprunSpeciesUnknown", $"Type {i + 1} has {rows} atoms for a count of {count}; its atoms are called {named?.Symbol ?? "nothing known"}, the type {listed?.Symbol ?? "nothing known"}, its potential {fromTitle?.Symbol ?? "nothing known"}.", line: atomsLine, value: title, remedy: "The file is damaged: fetch it again, or read the run's OUTCAR.");
            }

            if (!unanimous || listed is null)
            {
                report(new(FindingSeverity.Warning, "SpeciesNamesDisagree", $"Type {i + 1} ('{title}') is taken for {agreed.Symbol}, but the list of atoms does not call it so.", Advice: "Check that this is the element you meant."));
            }

            resolved.Add(new(agreed, count, title));
        }

        return atoms.TrueForAll(a => a.Type >= 1 && a.Type <= types.Count)
            ? resolved.MoveToImmutable()
            : throw new AtomProNetException(ErrorKind.InvalidData, "VasprunAtomsContradict", "An atom has a type that is not listed.", line: atomsLine, remedy: "The file is damaged: fetch it again, or read the run's OUTCAR.");
    }

    private void TakeRow(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> rest = text;
        if (table == "atoms")
        {
            bool isRow = XmlLine.TryCell(ref rest, out ReadOnlySpan<byte> name) & XmlLine.TryCell(ref rest, out ReadOnlySpan<byte> type);
            atoms.Add((Element(name), isRow && Utf8Number.TryParseInteger(type, out long number) && number is > 0 and < 10_000 ? (int)number : 0));
        }
        else if (table == "atomtypes")
        {
            bool isRow = XmlLine.TryCell(ref rest, out ReadOnlySpan<byte> count) & XmlLine.TryCell(ref rest, out ReadOnlySpan<byte> name);
            string? title = XmlLine.TryCell(ref rest, out _) && XmlLine.TryCell(ref rest, out _) && XmlLine.TryCell(ref rest, out ReadOnlySpan<byte> potential) ? XmlLine.ToText(potential) : null;
            types.Add((isRow && Utf8Number.TryParseInteger(count, out long number) && number is > 0 and < int.MaxValue ? (int)number : 0, Element(name), title));
        }
    }

    private static Element? Element(ReadOnlySpan<byte> name) => name.SequenceEqual("X"u8) ? Structures.Element.FromSymbol("Xe") : Structures.Element.TryFromSymbol(name, out Element? element) ? element : null;

    private void TakeTag(ReadOnlySpan<byte> text, ReadOnlySpan<byte> close)
    {
        ReadOnlySpan<byte> name = XmlLine.Name(text);
        if (name.IsEmpty || !XmlLine.TryContent(text, close, out ReadOnlySpan<byte> content))
        {
            return;
        }

        string tag = XmlLine.ToText(name);
        if (inIncar)
        {
            Settings.Request(tag.ToUpperInvariant(), XmlLine.ToText(content));
        }
        else if (inGeneration && tag is "divisions" or "shift")
        {
            var words = new List<string>();
            var fields = new Utf8Fields(content);
            while (fields.TryRead(out ReadOnlySpan<byte> field))
            {
                words.Add(tag == "shift" ? XmlLine.ToText(field).TrimEnd('0').TrimEnd('.') : XmlLine.ToText(field));
            }

            // Line mode has one number of divisions and no mesh.
            Settings.KPointMesh = tag == "divisions" && words.Count == 3 ? string.Join('x', words) : Settings.KPointMesh;
            Settings.KPointShift = tag == "shift" && words.Count == 3 ? string.Join(',', words) : Settings.KPointShift;
        }
        else if (inParameters)
        {
            // Response functions have a NELM of their own; the first one is the electronic loop's.
            Settings.Print(tag == "ENMAX" ? "ENCUT" : tag, content);
        }
        else if (tag == "version")
        {
            Settings.Version ??= XmlLine.ToText(content).Split(' ')[0];
        }
    }
}
