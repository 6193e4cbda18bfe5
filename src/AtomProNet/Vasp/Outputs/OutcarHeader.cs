using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// What stands before the first ionic step of a run: potentials, counts, tags, the starting cell and positions. Filled line by
/// line; <see cref="Resolve"/> then says which element each atom is, or why nobody can tell.
/// </summary>
internal sealed class OutcarHeader
{
    internal static readonly string[] KnownTags =
    [
        "PREC", "ENCUT", "NELM", "EDIFF", "NSW", "IBRION", "ISIF", "ISPIN", "LNONCOLLINEAR", "LSORBIT", "LASPH", "METAGGA", "ISMEAR", "SIGMA", "LHFCALC", "AEXX", "HFSCREEN",
        "LUSE_VDW", "IVDW", "LVDW", "PSTRESS", "LORBIT", "ML_LMLFF", "NELECT", "LREAL", "EDIFFG", "POTIM", "TEBEG", "TEEND", "IALGO", "NUPDOWN", "NBANDS", "ALGO", "ICHARG", "LEPSILON", "LCHIMAG",
    ];

    private static readonly string[][] TagsByLength = [.. Enumerable.Range(0, KnownTags.Max(t => t.Length) + 1).Select(n => KnownTags.Where(t => t.Length == n).ToArray())];

    /// <summary>How lines without an equals sign begin, of which <see cref="Take"/> makes something; it also looks at every line that holds one.</summary>
    internal static readonly string[] Words = ["POTCAR:", "INCAR:", "running ", "VRHFIN", "TITEL", "generate", "Shift w.r.t. Gamma", "Found"];

    private static volatile Element[] lastSpecies = [];
    private readonly List<string> potcarLines = [];
    private readonly List<(Element? Element, string? Title, long Line)> entries = [];
    private readonly List<int> counts = [];
    private long countsLine;
    private bool inEcho, entryHasConfiguration, countsGoOn, shiftFollows;

    internal VaspSettings Settings { get; } = new();

    /// <summary>The largest cut-off that a potential asks for (ENMAX), eV; null where the file does not tell.</summary>
    internal double? PotentialCutoff { get; private set; }

    /// <summary>The number that VASP printed as NIONS.</summary>
    internal int? PrintedIonCount { get; private set; }

    /// <summary>The cell that the plane waves belong to; null where the file does not tell.</summary>
    internal LatticeBlock? StartingLattice { get; set; }

    /// <summary>The starting positions, Å, eight decimals; null where the file does not tell.</summary>
    internal Vector3D[]? StartingPositions { get; set; }

    /// <summary>The species in the order of the POTCAR; empty until <see cref="Resolve"/>.</summary>
    internal ImmutableArray<VaspType> Types { get; private set; } = [];

    /// <summary>The element of each atom; empty until <see cref="Resolve"/>.</summary>
    internal ImmutableArray<Element> Species { get; private set; } = [];

    /// <summary>Why the species are not known; null where they are.</summary>
    internal AtomProNetException? Error { get; private set; }

    internal bool IsResolved { get; private set; }

    /// <summary>Whether the next line is to be given to <see cref="Take"/> however it begins: it goes on with the one before.</summary>
    internal bool WantsNextLine => !IsResolved && (countsGoOn || shiftFollows);

    /// <summary>The number of atoms by <c>ions per type</c>; null where it has not come yet.</summary>
    internal int? IonCount
    {
        get
        {
            int sum = 0;
            foreach (int count in counts)
            {
                sum += count;
            }

            return counts.Count == 0 ? null : sum;
        }
    }

    /// <summary>Takes what it needs from one line.</summary>
    /// <param name="text">The line without the blanks at its beginning; not empty.</param>
    /// <param name="number">Its number, counted from 1.</param>
    internal void Take(ReadOnlySpan<byte> text, long number)
    {
        if (countsGoOn)
        {
            // More than ten species go on in the next line.
            countsGoOn = TakeCounts(text);
        }

        // Hundreds of lines come here, most of them with a tag: their first letter tells them from the others.
        switch (text[0])
        {
            case (byte)'P' when text.StartsWith("POTCAR:"u8):
                inEcho = false;
                potcarLines.Add(ToText(text[7..]));
                break;
            case (byte)'I' when text.StartsWith("INCAR:"u8):
                inEcho = true;
                break;
            case (byte)'r' when text.StartsWith("running "u8) && !inEcho && Settings.CoreCount is null:
                Settings.CoreCount = Cores(text[8..]);
                break;
            case (byte)'V' when text.StartsWith("VRHFIN"u8):
                entries.Add((VaspSpecies.FromConfiguration(text), null, number));
                entryHasConfiguration = true;
                break;
            case (byte)'T' when text.StartsWith("TITEL"u8):
                TakeTitle(ToText(text[(text.IndexOf((byte)'=') + 1)..]), number);
                break;
            case (byte)'E' when text.StartsWith("ENMAX  ="u8):
                var fields = new Utf8Fields(text[8..]);
                PotentialCutoff = fields.TryRead(out ReadOnlySpan<byte> field) && Utf8Number.TryParseDouble(field.TrimEnd((byte)';'), out double cutoff) ? Math.Max(PotentialCutoff ?? 0, cutoff) : PotentialCutoff;
                break;
            case (byte)'i' when text.StartsWith("ions per type ="u8):
                counts.Clear();
                countsLine = number;
                countsGoOn = TakeCounts(text[15..]);
                break;
            case var _ when text.IndexOf("NIONS ="u8) is >= 0 and var nions && Utf8Number.TryParseInteger(text[(nions + 7)..].Trim((byte)' '), out long ions):
                // Behind other tags in one line; it guards the counts, so that no damage elsewhere in the line may hide it.
                PrintedIonCount ??= (int)Math.Clamp(ions, 0, int.MaxValue);
                break;
            default:
                TakeTag(text);
                break;
        }
    }

    private void TakeTitle(string title, long number)
    {
        if (entryHasConfiguration)
        {
            entries[^1] = (entries[^1].Element, title, entries[^1].Line);
        }
        else
        {
            entries.Add((null, title, number));
        }

        entryHasConfiguration = false;
    }

    /// <summary><c>running on   64 total cores</c>, or <c>running   64 mpi-ranks, with   2 threads/rank</c> (VASP 6).</summary>
    private static int? Cores(ReadOnlySpan<byte> text)
    {
        var fields = new Utf8Fields(text);
        if (text.StartsWith("on "u8))
        {
            fields.TryRead(out _);
        }

        if (!fields.TryReadDouble(out double processes) || processes is < 1 or > 1e7 || !fields.TryRead(out ReadOnlySpan<byte> unit) || (!unit.StartsWith("total"u8) && !unit.StartsWith("mpi-ranks"u8)))
        {
            return null;
        }

        return (int)(fields.TryRead(out ReadOnlySpan<byte> with) && with.SequenceEqual("with"u8) && fields.TryReadDouble(out double threads) && threads is >= 1 and <= 1e4 ? processes * threads : processes);
    }

    /// <summary>Settles the species once the first ionic step begins.</summary>
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
            var species = new Element[IonCount!.Value];
            int at = 0;
            foreach (VaspType type in Types)
            {
                species.AsSpan(at, type.Count).Fill(type.Element);
                at += type.Count;
            }

            // Thousands of files hold the same atoms: one list serves them all, and what is worked out for it.
            Element[] last = lastSpecies;
            if (last.AsSpan().SequenceEqual(species))
            {
                species = last;
            }

            lastSpecies = species;
            Species = ImmutableCollectionsMarshal.AsImmutableArray(species);
        }
        catch (AtomProNetException e)
        {
            Error = e;
        }
    }

    private static string ToText(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Trim((byte)' '));

    private ImmutableArray<VaspType> ResolveTypes(Action<Finding> report)
    {
        if (counts.Count == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "OutcarIonCountsMissing", "The OUTCAR does not tell how many ions of each type there are ('ions per type').", remedy: "Read the run's vasprun.xml instead, or fetch the OUTCAR again if it is damaged.");
        }

        if (PrintedIonCount is { } printed && printed != IonCount)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "OutcarIonCountsContradict", $"'ions per type' adds up to {IonCount} ions, but NIONS is {printed}.", line: countsLine, remedy: "The file is damaged, or the POTCAR held more potentials than the POSCAR had species; read the run's vasprun.xml instead.");
        }

        (List<string> listed, List<string> repeated) = PotentialLists();
        if (entries.Count > 0 ? entries.Count != counts.Count : listed.Count == 0)
        {
            // Old versions list fewer counts than there are potentials where a species stands twice.
            throw new AtomProNetException(ErrorKind.InvalidData, "OutcarSpeciesCountMismatch", $"There are {Math.Max(entries.Count, (potcarLines.Count + 1) / 2)} potentials, but 'ions per type' lists {counts.Count} types.", line: countsLine, remedy: "Old versions of VASP print this where a species stands twice; read the run's vasprun.xml instead.");
        }

        var types = ImmutableArray.CreateBuilder<VaspType>(counts.Count);
        for (int i = 0; i < counts.Count; i++)
        {
            (Element? configuration, string? title, long line) = entries.Count > 0 ? entries[i] : (null, null, countsLine);
            string? first = listed.Count > 0 ? listed[i] : null, second = repeated.Count > 0 ? repeated[i] : null;
            Element? fromTitle = VaspSpecies.FromTitle(title), fromList = VaspSpecies.FromTitle(first);
            Element element = VaspSpecies.Agree([configuration, fromTitle, fromList, VaspSpecies.FromTitle(second)], out bool unanimous)
                ?? throw new AtomProNetException(ErrorKind.InvalidData, "OutcarSpeciesUnknown", $"Potential {i + 1} does not tell its element with certainty: VRHFIN names {configuration?.Symbol ?? "none"}, TITEL {fromTitle?.Symbol ?? "none"}, the POTCAR line {fromList?.Symbol ?? "none"}.", line: line, value: title ?? first, remedy: "Fetch the OUTCAR again if it is damaged, or read the run's vasprun.xml.");
            if (!unanimous || (entries.Count > 0 && configuration is null))
            {
                report(new(FindingSeverity.Warning, "SpeciesNamesDisagree", $"Potential {i + 1} ('{title ?? first}') is taken for {element.Symbol}, but VRHFIN names {configuration?.Symbol ?? "no element"}.", Advice: "Check that this is the element you meant."));
            }

            types.Add(new(element, counts[i], title ?? first));
        }

        return types.MoveToImmutable();
    }

    // The header lists all potentials first and then each one again before its details.
    private (List<string> Listed, List<string> Repeated) PotentialLists() => potcarLines.Count switch
    {
        int n when n == 2 * counts.Count => (potcarLines.GetRange(0, counts.Count), potcarLines.GetRange(counts.Count, counts.Count)),
        int n when n == counts.Count => (potcarLines, []),
        _ => ([], []),
    };

    private static string Joined(ReadOnlySpan<byte> text, char separator)
    {
        var words = new List<string>();
        var fields = new Utf8Fields(text);
        while (words.Count < 3 && fields.TryRead(out ReadOnlySpan<byte> field))
        {
            words.Add(field.IndexOf((byte)'.') >= 0 ? ToText(field).TrimEnd('0').TrimEnd('.') : ToText(field));
        }

        return string.Join(separator, words);
    }

    private bool TakeCounts(ReadOnlySpan<byte> text)
    {
        int before = counts.Count;
        var fields = new Utf8Fields(text);
        while (fields.TryRead(out ReadOnlySpan<byte> field))
        {
            if (!Utf8Number.TryParseInteger(field, out long count) || count is < 0 or > int.MaxValue)
            {
                counts.RemoveRange(before, counts.Count - before);
                return false;
            }

            // Columns are four wide (10I4), so that counts of a thousand and more touch.
            if (count > 9999 && field.Length % 4 == 0)
            {
                for (int i = 0; i < field.Length; i += 4)
                {
                    Utf8Number.TryParseInteger(field[i..(i + 4)], out long part);
                    counts.Add((int)part);
                }
            }
            else
            {
                counts.Add((int)count);
            }
        }

        return counts.Count > before && (counts.Count - before) % 10 == 0;
    }

    private void TakeTag(ReadOnlySpan<byte> text)
    {
        switch (text[0])
        {
            case (byte)'g' when text.StartsWith("generate k-points for:"u8):
                Settings.KPointMesh = Joined(text[22..], 'x');
                return;
            case var _ when shiftFollows:
                shiftFollows = false;
                Settings.KPointShift = FixedDecimals.CountDecimals(text) > 0 ? Joined(text, ',') : null;
                return;
            case (byte)'S' when text.StartsWith("Shift w.r.t. Gamma"u8):
                shiftFollows = true;
                return;
            case (byte)'F' when text.StartsWith("Found"u8) && text.IndexOf("irreducible k-points"u8) > 0:
                var fields = new Utf8Fields(text[5..]);
                Settings.IrreducibleKPoints = fields.TryRead(out ReadOnlySpan<byte> field) && Utf8Number.TryParseInteger(field, out long count) ? (int)count : null;
                return;
        }

        for (ReadOnlySpan<byte> rest = text; ;)
        {
            int equals = rest.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return;
            }

            ReadOnlySpan<byte> name = rest[..equals].Trim((byte)' ');
            int semicolon = rest.IndexOf((byte)';');
            // Its blanks, often dozens, are taken off where it is wanted.
            ReadOnlySpan<byte> value = semicolon > equals ? rest[(equals + 1)..semicolon] : rest[(equals + 1)..];
            if (inEcho && name.Length is > 1 and < 24)
            {
                Settings.Request(Encoding.ASCII.GetString(name).ToUpperInvariant(), ToText(value));
            }
            else if (KnownTag(name, value) is { } tag)
            {
                Settings.Print(tag, value.Trim((byte)' '));
            }

            if (semicolon <= equals)
            {
                return;
            }

            rest = rest[(semicolon + 1)..];
        }
    }

    private string? KnownTag(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("LEXCH"u8))
        {
            // In a potential it is two letters (or 91), among the parameters a number with a comment.
            value = value.Trim((byte)' ');
            if (value.Length == 2)
            {
                Settings.PotentialFunctional ??= ToText(value);
                return null;
            }

            return "LEXCH";
        }

        if (name.SequenceEqual("GGA"u8))
        {
            // In a potential it is a row of energies.
            return value.IndexOf("GGA type"u8) > 0 ? "GGA" : null;
        }

        if (name.StartsWith("LDA+U is selected"u8))
        {
            return "LDAUTYPE";
        }

        if (name.EndsWith("LDAUL"u8))
        {
            return "LDAUL";
        }

        if (name.EndsWith("LDAUU"u8))
        {
            return "LDAUU";
        }

        if (name.EndsWith("LDAUJ"u8))
        {
            return "LDAUJ";
        }

        // Hundreds of lines of a header hold an '=' and no known tag: no string is made for them.
        if (name.Length > 0 && name.Length < TagsByLength.Length)
        {
            foreach (string tag in TagsByLength[name.Length])
            {
                if (name[0] == tag[0] && Ascii.Equals(name, tag))
                {
                    return tag;
                }
            }
        }

        return null;
    }
}
