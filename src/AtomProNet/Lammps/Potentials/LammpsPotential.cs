using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.Lammps.Potentials;

/// <summary>A potential that LAMMPS can compute: its kind, and the files (or the model) that hold its parameters. Immutable.</summary>
public sealed partial record LammpsPotential
{
    private LammpsPotential()
    {
    }

    /// <summary>A short name: the file's or the model's, unless one was given.</summary>
    public required string Name { get; init; }

    /// <summary>The kind.</summary>
    public required PotentialKind Kind { get; init; }

    /// <summary>The files, as given or as full paths.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>The model of a kind that has one (KIM); null for others.</summary>
    public required string? Model { get; init; }

    /// <summary>The elements that the files are for, in the order of the types; empty where any order will do.</summary>
    public required ImmutableArray<Element> Elements { get; init; }

    /// <summary>Charges are equilibrated every so many steps. The paper (Fig. S1) shows how much faster that is with 1000.</summary>
    public required int ChargeInterval { get; init; }

    /// <summary>Values of the kind's placeholders that differ from its own.</summary>
    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    /// <summary>The units of its input.</summary>
    public LammpsUnits Units => Kind.Units;

    /// <summary>Whether its atoms have charges.</summary>
    public bool HasCharges => Kind.HasCharges;

    /// <summary>A potential of parts.</summary>
    /// <param name="kind">The name of the kind (<see cref="PotentialKind"/>).</param>
    /// <param name="files">Its files.</param>
    /// <param name="model">Its model, for a kind that has one.</param>
    /// <param name="elements">The elements that the files are for, where their order matters.</param>
    /// <param name="chargeInterval">Charges are equilibrated every so many steps.</param>
    /// <param name="parameters">Values of the kind's placeholders.</param>
    /// <param name="name">A short name; null: the file's or the model's.</param>
    /// <exception cref="AtomProNetException">The parts do not fit the kind.</exception>
    public static LammpsPotential Create(string kind, IReadOnlyList<string> files, string? model = null, IReadOnlyList<Element>? elements = null, int chargeInterval = 1, IReadOnlyDictionary<string, string>? parameters = null, string? name = null)
    {
        PotentialKind found = PotentialKind.Find(kind);
        int wanted = found.HasFileForEachElement ? elements is { Count: > 0 } ? elements.Count : 1 : found.Files.Length;
        if (files.Count != wanted)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialFilesWrong", $"The kind {found.Name} takes {Describe(found, wanted)}, and {files.Count} files were given.", value: string.Join(", ", files), remedy: found.HasFileForEachElement ? "Give one file for each element, and the elements in the same order (-Element)." : "Give them in that order.");
        }

        if (found.HasModel != model is { Length: > 0 })
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialModelWrong", found.HasModel ? $"The kind {found.Name} needs the name of a model." : $"The kind {found.Name} has no model.", value: model, remedy: found.HasModel ? "Give it with -Model, such as SW_StillingerWeber_1985_Si__MO_405512056662_005 ('kim-api-collections-management list' lists those that are installed)." : "Give its files (-Path).");
        }

        if (model is not null && !ModelName().IsMatch(model))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialModelWrong", "This is no name of a KIM model.", value: model);
        }

        if (found.Name.StartsWith("commands", StringComparison.Ordinal) && elements is not { Count: > 0 })
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "TypeOrderMissing", "A file of commands holds for one order of atom types, and none was stated.", remedy: "Name the elements in that order (-Element).");
        }

        foreach ((string key, string value) in parameters ?? new Dictionary<string, string>())
        {
            if (!found.Defaults.ContainsKey(key) || value.AsSpan().IndexOfAny("\n\r\"'#&${}") >= 0)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialParameterUnknown", $"The kind {found.Name} has no parameter {key}, or not this value for it.", value: value, remedy: found.Defaults.Count == 0 ? "It has none." : $"It has {string.Join(", ", found.Defaults.Select(d => $"{d.Key} ({d.Value})"))}.");
            }
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(chargeInterval, 1);
        return new()
        {
            Name = name ?? model ?? string.Join(" + ", files.Select(f => Path.GetFileName(f))),
            Kind = found,
            Files = [.. files],
            Model = model,
            Elements = [.. elements ?? []],
            ChargeInterval = chargeInterval,
            Parameters = (parameters ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>
    /// A potential in one word: <c>kind:file[,file]</c>, <c>kim:MODEL</c>, with <c>?key=value&amp;…</c> behind it for the kind's parameters, for
    /// <c>elements=Al,O</c>, <c>interval=1000</c> and <c>name=…</c>.
    /// </summary>
    /// <exception cref="AtomProNetException">The text is no potential.</exception>
    public static LammpsPotential Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialTextInvalid", "This is no potential.", value: text, remedy: "Write kind:file, such as sw:Si.sw, eam/alloy:Al_zhou.eam.alloy or kim:MODEL; or use New-LammpsPotential.");
        }

        string[] parts = text[(colon + 1)..].Split('?', 2);
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string option in parts.Length > 1 ? parts[1].Split('&') : [])
        {
            string[] pair = option.Split('=', 2);
            options[pair[0]] = pair.Length == 2 ? pair[1] : throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialTextInvalid", "Behind the question mark of a potential stands key=value.", value: option);
        }

        string? elements = Take("elements"), interval = Take("interval"), name = Take("name");
        int every = 1;
        if (interval is not null && (!int.TryParse(interval, NumberStyles.None, CultureInfo.InvariantCulture, out every) || every < 1))
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialTextInvalid", "The interval of charge equilibration is a whole number of steps.", value: interval);
        }

        string kind = text[..colon];
        bool hasModel = PotentialKind.Find(kind).HasModel;
        return Create(kind, hasModel ? [] : parts[0].Split(','), hasModel ? parts[0] : null, elements?.Split(',').Select(Element.FromSymbol).ToList(), every, options, name);

        string? Take(string key) => options.Remove(key, out string? value) ? value : null;
    }

    /// <summary>
    /// The same with full paths of files that exist: a file is looked for where <paramref name="absolute"/> puts it, then (a bare name
    /// only) where LAMMPS itself looks: in the folders of LAMMPS_POTENTIALS, and in its usual place.
    /// </summary>
    /// <exception cref="AtomProNetException">A file is not there, or is not of the element that it stands for.</exception>
    public LammpsPotential Located(Func<string, string> absolute)
    {
        ArgumentNullException.ThrowIfNull(absolute);
        LammpsPotential located = this with { Files = [.. Files.Select(Locate)] };
        return Kind.HasFileForEachElement ? located with { Elements = located.ElementsOfFiles() } : located;

        string Locate(string file)
        {
            string full = absolute(file);
            if (File.Exists(full))
            {
                return full;
            }

            foreach (string folder in file == Path.GetFileName(file) ? PotentialFolders() : [])
            {
                if (File.Exists(Path.Combine(folder, file)))
                {
                    return Path.Combine(folder, file);
                }
            }

            throw new AtomProNetException(ErrorKind.NotFound, "PotentialFileMissing", "The file of the potential is not there.", full, value: file, remedy: "Give its path, or set LAMMPS_POTENTIALS to the folder that holds it.");
        }
    }

    /// <summary>Where LAMMPS looks for the files of potentials: LAMMPS_POTENTIALS, else where packages put them.</summary>
    internal static IEnumerable<string> PotentialFolders() =>
        (Environment.GetEnvironmentVariable("LAMMPS_POTENTIALS") is { Length: > 0 } given ? given.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) : [])
        .Append("/usr/share/lammps/potentials");

    // The second line of a funcfl file begins with the atomic number of its element. LAMMPS takes the file for any.
    private ImmutableArray<Element> ElementsOfFiles()
    {
        Element?[] told = [.. Files.Select(ElementOf)];
        for (int i = 0; i < Elements.Length; i++)
        {
            if (told[i] is { } element && element != Elements[i])
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialElementContradicts", $"The file is of {element.Symbol} (atomic number {element.Number} in its second line), and stands for {Elements[i].Symbol}.", Files[i], 2, remedy: "Give files and elements in the same order (-Element).");
            }
        }

        return Elements.IsEmpty && told is [{ } only] ? [only] : Elements;
    }

    private static Element? ElementOf(string file)
    {
        using var reader = new StreamReader(SharedFile.OpenRead(file));
        reader.ReadLine();
        string? first = reader.ReadLine()?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 118 ? Element.FromNumber(number) : null;
    }

    /// <summary>Which elements stand for which types for some structures: the order that the files demand, else the alphabet.</summary>
    /// <exception cref="AtomProNetException">A structure has an element that is not among those stated.</exception>
    public TypeOrder TypesOf(IEnumerable<Structure> structures)
    {
        if (Elements.IsEmpty)
        {
            TypeOrder all = TypeOrder.Of(structures);
            return Kind.HasFileForEachElement && all.Count > Files.Length
                ? throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialFilesWrong", $"The kind {Kind.Name} takes one file for each element, and there are {Files.Length} for {all}.", remedy: "Give one file for each element, and the elements in the same order (-Element).")
                : all;
        }

        TypeOrder order = TypeOrder.Of(Elements);
        foreach (Element element in structures.SelectMany(s => s.Composition.Counts.Keys).Distinct())
        {
            _ = order[element];
        }

        return order;
    }

    /// <summary>Who computed a label: LAMMPS with this potential, its files by their SHA-256.</summary>
    public DftMethod ToMethod(IEnumerable<Element> elements, string? version, Evaluation.Energies.AtomEnergies? shifts = null)
    {
        string text = Model is not null ? $"{Kind.Name} {Model}" : $"{Kind.Name} {string.Join(' ', Files.Select(f => $"{Path.GetFileName(f)} SHA-256 {FileHash.Of(f)[..16]}"))}";
        string changed = string.Concat(Parameters.Select(p => $" {p.Key}={p.Value}"));
        return new()
        {
            Code = "LAMMPS",
            Version = version,
            Potentials = elements.ToImmutableSortedDictionary(
                e => e.Symbol,
                e => text + changed + (shifts is not null && shifts.Entries.TryGetValue(e, out var shift) ? string.Create(CultureInfo.InvariantCulture, $" shifted by {shift.Energy} eV") : ""),
                StringComparer.Ordinal),
        };
    }

    /// <summary>Kind and name.</summary>
    public override string ToString() => $"{Kind.Name}:{Name}";

    /// <inheritdoc/>
    public bool Equals(LammpsPotential? other) => other is not null && Kind == other.Kind && Files.SequenceEqual(other.Files) && Model == other.Model
        && Elements.SequenceEqual(other.Elements) && ChargeInterval == other.ChargeInterval && Parameters.SequenceEqual(other.Parameters);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind.Name, Files.Length, Model, ChargeInterval);

    private static string Describe(PotentialKind kind, int wanted) =>
        kind.HasFileForEachElement ? $"one file for each element ({wanted})" : kind.Files.Length == 0 ? "no files" : string.Join(" and ", kind.Files.Select(f => "the " + f));

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ModelName();
}
