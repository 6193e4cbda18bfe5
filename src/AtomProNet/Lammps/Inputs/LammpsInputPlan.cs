using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Structures;

namespace AtomProNet.Lammps.Inputs;

/// <summary>A LAMMPS input that has been worked out and checked, and not been written. Immutable.</summary>
public sealed record LammpsInputPlan
{
    internal const string InputFile = "in.lammps";
    internal const string DataFile = "structure.data";
    internal const string LogFile = "log.lammps";

    private LammpsInputPlan()
    {
    }

    /// <summary>The name of the calculation.</summary>
    public required string Name { get; init; }

    /// <summary>The structure.</summary>
    public required Structure Structure { get; init; }

    /// <summary>The text of in.lammps.</summary>
    public required string Input { get; init; }

    /// <summary>The text of structure.data.</summary>
    public required string Data { get; init; }

    /// <summary>The files of the potential, which are copied beside them.</summary>
    public required ImmutableArray<string> PotentialFiles { get; init; }

    /// <summary>The text of the job script; null for none.</summary>
    public required string? JobScriptText { get; init; }

    /// <summary>What is recorded.</summary>
    public required CalculationRecord Record { get; init; }

    /// <summary>What was noticed.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>Works an input out.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <param name="structure">The structure.</param>
    /// <param name="options">What is to be done.</param>
    /// <param name="settings">Further entries for the record.</param>
    /// <exception cref="AtomProNetException">The structure does not fit the potential or the task.</exception>
    public static LammpsInputPlan Create(string name, Structure structure, LammpsInputOptions options, IEnumerable<KeyValuePair<string, string>>? settings = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        LammpsPotential potential = options.Potential;
        if (options.Tasks.IsEmpty)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LammpsTaskMissing", "There is nothing to do.", remedy: "Give a task, such as Static or Minimize, Npt.");
        }

        if (options.Tasks.Distinct().Count() < options.Tasks.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LammpsTaskTwice", "A task that stands twice would write its files twice.", value: string.Join(", ", options.Tasks), remedy: "Name each task once; for longer dynamics give more -Steps.");
        }

        if (options.Tasks.Contains(LammpsTask.Npt) && !structure.Periodicity.All)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "LammpsNonperiodic", "Constant pressure needs a structure that repeats along all three vectors.", value: structure.ToString(), remedy: "Use Nvt.");
        }

        LammpsBox box = LammpsBox.Of(structure);
        TypeOrder types = options.Types ?? potential.TypesOf([structure]);
        ImmutableArray<double>? charges = potential.HasCharges ? LammpsDataWriter.StartCharges(structure) : null;
        PotentialLines lines = PotentialLines.Of(potential, types, f => Path.GetFileName(f)!, canHaveCharges: structure.Composition.Counts.Count > 1);
        string input = new LammpsInputText(name, box, lines, options).Build();
        ImmutableArray<string> files = [.. potential.Files, .. potential.Kind.Beside.Select(b => Companion(potential, b)).OfType<string>()];
        if (files.Select(f => Path.GetFileName(f)).Distinct(StringComparer.OrdinalIgnoreCase).Count() != files.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialFileNamesClash", "Two files of the potential have the same name, and both go into one folder.", value: string.Join(", ", files), remedy: "Rename one of them.");
        }

        var recorded = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["kind"] = potential.Kind.Name,
            ["potential"] = potential.Name,
            ["tasks"] = string.Join(' ', options.Tasks),
            ["types"] = types.ToString(),
            ["replicate"] = string.Create(CultureInfo.InvariantCulture, $"{options.Replicate.A} {options.Replicate.B} {options.Replicate.C}"),
            ["units"] = potential.Units.Name,
        };
        if (options.Tasks.Any(t => t >= LammpsTask.Nve))
        {
            recorded["timestep_fs"] = LammpsInputText.TimeStep(options).ToString("R", CultureInfo.InvariantCulture);
            recorded["temperature_K"] = options.Temperature.ToString("R", CultureInfo.InvariantCulture);
        }

        if (potential.Kind.Charges is not null)
        {
            recorded["charge_interval"] = potential.ChargeInterval.ToString(CultureInfo.InvariantCulture);
        }

        foreach ((string key, string value) in settings ?? [])
        {
            recorded[key] = value;
        }

        return new()
        {
            Name = name,
            Structure = structure,
            Input = input,
            Data = LammpsDataWriter.ToText(box, types, charges, structure.Name ?? structure.Composition.Formula),
            PotentialFiles = files,
            JobScriptText = options.JobScript is { } script ? LammpsJobScript.ToText(script, name) : null,
            Record = new()
            {
                StructureName = structure.Name,
                Formula = structure.Composition.Formula,
                ContentHash = structure.ContentHash,
                Provenance = structure.Provenance,
                Method = new()
                {
                    Code = "LAMMPS",
                    Settings = recorded.ToImmutableSortedDictionary(StringComparer.Ordinal),
                    KPoints = new(null, false, "none"),
                    Potentials = [.. types.Elements.Select(e => new PotentialSummary(e.Symbol, potential.Model ?? string.Join(' ', potential.Files.Select(f => Path.GetFileName(f))), potential.Kind.Title, potential.Files.Length == 1 ? FileHash.Of(potential.Files[0]) : null))],
                },
            },
            Findings = [.. Notes(potential, files, name)],
        };
    }

    private static IEnumerable<Finding> Notes(LammpsPotential potential, ImmutableArray<string> files, string name)
    {
        foreach (string needed in potential.Kind.Beside)
        {
            if (!files.Any(f => Path.GetFileName(f) == needed))
            {
                yield return new(FindingSeverity.Warning, "PotentialCompanionMissing", $"The kind {potential.Kind.Name} reads {needed}, too, which lies neither beside its file nor where LAMMPS looks.", name, $"Copy {needed} into the folder.");
            }
        }
    }

    // A file that the potential reads besides, by a fixed name.
    private static string? Companion(LammpsPotential potential, string name) =>
        potential.Files.Select(f => Path.GetDirectoryName(f)!).Concat(LammpsPotential.PotentialFolders()).Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);
}
