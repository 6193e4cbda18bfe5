using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtomProNet.Calculations;
using AtomProNet.Datasets.Checks;
using AtomProNet.Files;
using AtomProNet.Formats;
using AtomProNet.Formats.DeepMD;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Training;

/// <summary>
/// Makes a training folder from the parts of a set: looks at all frames first (labels, leaks, reference energies), works out the configuration and holds
/// it against the framework's keys, and writes data, configuration and job script, which appear together or not at all. Frames pass by
/// one at a time.
/// </summary>
public sealed class MlipTrainingFolder
{
    /// <summary>The file that says what a training folder was made from.</summary>
    public const string RecordFile = "training-input.json";

    private const string IsolatedAtom = "IsolatedAtom";

    private readonly TrainingParts parts;
    private readonly MlipTrainingOptions options;
    private readonly Action<string, long>? progress;
    private readonly EnergyKind? exported;

    /// <summary>Prepares; nothing is read yet.</summary>
    /// <param name="parts">The files of the set.</param>
    /// <param name="options">The framework, and how to train.</param>
    /// <param name="progress">Is told of the file and the number of frames so far.</param>
    public MlipTrainingFolder(TrainingParts parts, MlipTrainingOptions options, Action<string, long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(options);
        this.parts = parts;
        exported = DatasetManifest.LabelOf(parts.Train[0]);
        this.options = options with { EnergyKind = options.EnergyKind ?? exported };
        this.progress = progress;
    }

    /// <summary>Says what is to become of a file in a training folder that is replaced: results of a training are never lost.</summary>
    public static FormerFile Judge(string name) => name switch
    {
        RecordFile or "mace.yaml" or "nequip.yaml" or "allegro.yaml" or "input.json" or Calculations.JobScript.FileName => FormerFile.Replace,
        "train" or "validation" or "test" or "train.extxyz" or "validation.extxyz" or "test.extxyz" => FormerFile.Replace,
        "checkpoints" or "logs" or "results" or "outputs" or "lcurve.out" or "train.out" or "checkpoint" => FormerFile.Refuse,
        _ => name.StartsWith("model.ckpt", StringComparison.Ordinal) || Path.GetExtension(name) is ".model" or ".pth" or ".pt" or ".ckpt" or ".pb" ? FormerFile.Refuse : FormerFile.Keep,
    };

    /// <summary>Reads, checks and writes.</summary>
    /// <param name="folder">The folder to make, as a full path.</param>
    /// <param name="cancellation">Stops between two frames; nothing is left then.</param>
    /// <exception cref="AtomProNetException">The set must not be trained on as it is, cannot be by this framework, or the folder is there.</exception>
    public MlipTrainingInput Write(string folder, CancellationToken cancellation = default)
    {
        AtomicFolder.ThrowIfTaken(folder, options.Force, Judge);
        ThrowIfSetIsReplaced(folder);
        CheckUnchanged();
        TrainingPlan plan = Plan(cancellation);
        ConfigurationMap configuration = Configuration(plan);
        using var target = new AtomicFolder(folder, options.Force, Judge);
        ImmutableArray<string> data = WriteData(plan, target, cancellation);
        target.WriteAllText(plan.ConfigurationFile, plan.Framework == MlipFramework.DeepMD ? ConfigurationText.ToJson(configuration) : ConfigurationText.ToYaml(configuration, Comments(plan)));
        if (options.JobScript is { } script)
        {
            target.WriteScript(Calculations.JobScript.FileName, TrainingJobScript.ToText(script, plan, Path.GetFileName(target.FolderPath)));
        }

        target.WriteAllText(RecordFile, Record(plan));
        cancellation.ThrowIfCancellationRequested();
        target.Commit();
        return new()
        {
            Framework = plan.Framework,
            Name = options.Name,
            FolderPath = target.FolderPath,
            ConfigurationFile = plan.ConfigurationFile,
            JobScript = options.JobScript is null ? null : Calculations.JobScript.FileName,
            Files = [.. data.Append(plan.ConfigurationFile).Append(RecordFile).Concat(options.JobScript is null ? [] : [Calculations.JobScript.FileName]).Order(StringComparer.Ordinal)],
            TrainFrameCount = plan.Data.FrameCounts[DatasetPart.Train],
            ValidationFrameCount = plan.Data.FrameCounts[DatasetPart.Validation],
            TestFrameCount = plan.Data.FrameCounts.GetValueOrDefault(DatasetPart.Test),
            Elements = plan.Data.Elements,
            CutoffRadius = plan.CutoffRadius,
            ReferenceEnergies = plan.ReferenceEnergies.Energies.ToImmutableSortedDictionary(e => e.Key.Symbol, e => e.Value, StringComparer.Ordinal),
            ReferenceEnergyOrigin = plan.ReferenceEnergies.Origin,
            HasStress = plan.WithStress,
            Weights = plan.FirstWeights,
            SecondWeights = plan.Schedule == LossSchedule.TwoStage ? plan.LastWeights : null,
            Findings = plan.Findings,
        };
    }

    // What a training is written with holds less than the set: one label, and for most frameworks nothing but labels.
    private void ThrowIfSetIsReplaced(string folder)
    {
        foreach (string file in parts.All.SelectMany(p => p.Files))
        {
            string name = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0];
            if (name != ".." && !Path.IsPathRooted(name) && Judge(name) == FormerFile.Replace)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "SetWouldBeReplaced", $"The set itself lies in this folder ({name}), where the files of the training would replace it.", folder, remedy: "Choose another folder (-Destination).");
            }
        }
    }

    private void CheckUnchanged()
    {
        if (!options.Force && parts.All.SelectMany(p => p.Files).Select(TrainingSetFormats.CheckUnchanged).FirstOrDefault(f => f is not null) is { } finding)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, finding.Code, finding.Message, finding.Source, remedy: finding.Advice + " -Force takes it as it is.");
        }
    }

    private IEnumerable<(Frame Frame, DatasetPart Part)> Frames(CancellationToken cancellation)
    {
        long frames = 0;
        foreach ((DatasetPart part, ImmutableArray<string> files) in parts.All)
        {
            foreach (string file in files)
            {
                foreach (Frame frame in TrainingSetFormats.Read(file, cancellationToken: cancellation))
                {
                    progress?.Invoke(file, ++frames);
                    yield return (Told(frame), part);
                }
            }
        }
    }

    // A format that cannot tell which energy its label is has it told by the dataset.json beside it.
    private Frame Told(Frame frame) => frame.EnergyKind != EnergyKind.Unspecified || exported is null ? frame : exported switch
    {
        EnergyKind.Free => frame with { FreeEnergy = frame.UnspecifiedEnergy, UnspecifiedEnergy = null },
        EnergyKind.WithoutEntropy => frame with { EnergyWithoutEntropy = frame.UnspecifiedEnergy, UnspecifiedEnergy = null },
        EnergyKind.SigmaToZero => frame with { EnergySigmaToZero = frame.UnspecifiedEnergy, UnspecifiedEnergy = null },
        _ => frame,
    };

    private TrainingPlan Plan(CancellationToken cancellation)
    {
        var survey = new TrainingDataSurvey(options.EnergyKind, options.WithoutStress, options.Framework == MlipFramework.DeepMD);
        foreach ((Frame frame, DatasetPart part) in Frames(cancellation))
        {
            survey.Add(frame, part);
        }

        TrainingData data = survey.Conclude();
        if (!options.Force && data.Findings.FirstOrDefault(f => f.Severity == FindingSeverity.Error) is { } fault)
        {
            int more = data.Findings.Count(f => f.Severity == FindingSeverity.Error) - 1;
            throw new AtomProNetException(ErrorKind.InvalidData, fault.Code, $"The set must not be trained on as it is: {fault}{(more > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({more} more errors; Test-TrainingSet lists them.)") : "")}", parts.Train[0], remedy: "Nothing was written. -Force takes it all the same.");
        }

        bool withStress = data.StressCounts[DatasetPart.Train] > 0 && !options.WithoutStress;
        ReferenceEnergyChoice reference = ReferenceEnergyChoice.Of(data, options.ReferenceEnergies);
        var plan = new TrainingPlan { Options = options, Data = data, ReferenceEnergies = reference, WithStress = withStress, Findings = [] };
        TrainingDemands.ThrowIfUnmet(plan);
        return plan with { Findings = [.. data.Findings.Where(f => f.Severity == FindingSeverity.Warning || (f.Severity == FindingSeverity.Error && options.Force)).Select(f => f.ToFinding()), .. reference.Findings, .. TrainingDemands.Findings(plan)] };
    }

    private ConfigurationMap Configuration(TrainingPlan plan)
    {
        ConfigurationMap map = Planned(plan);
        foreach ((string path, object? value) in options.Settings)
        {
            map.Set(path, ToPart(value));
        }

        KnownKeys.Of(plan.Framework).Check(map);
        SettledValues.ThrowIfChanged(plan.Framework, Planned(plan), map);
        return map;
    }

    private static ConfigurationMap Planned(TrainingPlan plan) => plan.Framework switch
    {
        MlipFramework.Mace => MaceConfiguration.Of(plan),
        MlipFramework.DeepMD => DeepMDConfiguration.Of(plan),
        _ => NequIPConfiguration.Of(plan),
    };

    private static object? ToPart(object? value)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> table:
                var part = new ConfigurationMap();
                foreach ((string key, object? item) in table.OrderBy(e => e.Key, StringComparer.Ordinal))
                {
                    part.Add(key, ToPart(item));
                }

                return part;
            case IEnumerable<object?> list:
                return list.Select(ToPart).ToList();
            default:
                return value;
        }
    }

    private ImmutableArray<string> WriteData(TrainingPlan plan, AtomicFolder target, CancellationToken cancellation)
    {
        var files = ImmutableArray.CreateBuilder<string>();
        foreach (DatasetPart part in (ReadOnlySpan<DatasetPart>)[DatasetPart.Train, DatasetPart.Validation, DatasetPart.Test])
        {
            if (plan.Data.FrameCounts.GetValueOrDefault(part) == 0)
            {
                continue;
            }

            IEnumerable<Frame> frames = Frames(cancellation).Where(f => f.Part == part).Select(f => f.Frame).Where(f => IsKept(plan, f, part)).Select(f => Labelled(plan, f));
            string name = plan.FileOf(part);
            if (plan.Framework != MlipFramework.DeepMD)
            {
                using Stream stream = target.Create(name);
                ExtendedXyzWriter.WriteAll(stream, frames, new() { KeyStyle = plan.KeyStyle });
                files.Add(name);
                continue;
            }

            // The spool lies beside the systems, in the folder that has no name yet.
            using IFrameSetWriter writer = new DeepMDWriter(mixed: false, plan.Data.Elements, Path.Combine(target.WorkPath, $".{name}.spool"));
            foreach (Frame frame in frames)
            {
                writer.Write(frame, TrainingDataSurvey.Label(frame, options.EnergyKind));
            }

            using var systems = new AtomicFileSet(overwrite: false);
            foreach (WrittenFrames system in writer.Complete(systems, Path.Combine(target.WorkPath, name)))
            {
                files.AddRange(system.Files.Select(f => $"{name}/{Path.GetFileName(system.Path)}/{f}"));
            }

            systems.Commit();
        }

        return files.ToImmutable();
    }

    // Single atoms are what MACE takes its reference energies from; the others are told them, and would learn an atom without neighbours. MACE takes
    // all of them from the file as soon as it finds one there, and knows no energy of the elements that have none: all elements have theirs, or none.
    // One without an energy would count as 0 eV.
    private bool IsKept(TrainingPlan plan, Frame frame, DatasetPart part) =>
        !FrameAdmission.IsIsolatedAtom(frame.Structure)
        || (plan.Framework == MlipFramework.Mace && part == DatasetPart.Train && plan.Data.ReferenceEnergies.HasIsolatedAtoms && TrainingDataSurvey.Label(frame, options.EnergyKind) is not null);

    // Only the one energy that is the label; and for frameworks that take whatever ASE knows by name, no other label at all.
    private Frame Labelled(TrainingPlan plan, Frame frame)
    {
        EnergyKind? kind = TrainingDataSurvey.Label(frame, options.EnergyKind);
        Frame plain = frame with
        {
            FreeEnergy = kind == EnergyKind.Free ? frame.FreeEnergy : null,
            EnergyWithoutEntropy = kind == EnergyKind.WithoutEntropy ? frame.EnergyWithoutEntropy : null,
            EnergySigmaToZero = kind == EnergyKind.SigmaToZero ? frame.EnergySigmaToZero : null,
            UnspecifiedEnergy = kind == EnergyKind.Unspecified ? frame.UnspecifiedEnergy : null,
            Stress = plan.WithStress ? frame.Stress : null,
            ConfigType = ConfigType(frame),
        };
        if (plan.Framework == MlipFramework.Mace)
        {
            return plain;
        }

        object? id = frame.Information.GetValueOrDefault("frame_id");
        Structure structure = frame.Structure.With(siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty.WithComparers(StringComparer.Ordinal));
        return plain.WithStructure(structure) with
        {
            MagneticMoments = null,
            MagneticMomentVectors = null,
            TotalMagneticMoment = null,
            Charges = null,
            Information = id is null ? frame.Information.Clear() : frame.Information.Clear().Add("frame_id", id),
        };
    }

    // MACE takes an atom for the origin of energies by this name alone: what is isolated has it, and a crystal of one atom has not.
    private static string? ConfigType(Frame frame) => FrameAdmission.IsIsolatedAtom(frame.Structure) ? IsolatedAtom
        : frame.Structure.AtomCount == 1 && frame.ConfigType == IsolatedAtom ? null
        : frame.ConfigType;

    private static string[] Comments(TrainingPlan plan)
    {
        string run = plan.Framework == MlipFramework.Mace ? "mace_run_train --config mace.yaml" : $"nequip-train -cn {plan.ConfigurationFile}";
        string weights = plan.Schedule == LossSchedule.TwoStage
            ? string.Create(CultureInfo.InvariantCulture, $"{Shown(plan.FirstWeights)}, from epoch {plan.SecondStageEpoch} on {Shown(plan.LastWeights)}")
            : Shown(plan.FirstWeights);
        return
        [
            $"{plan.Framework}: {run}, in this folder. Units: eV, Å, eV/Å, stress in eV/Å³ with tension positive.",
            $"Weights of the mean squared errors of the energy per atom (E), force (F) and stress (S) components: {weights}.",
            $"Reference energies: {plan.ReferenceEnergies.Origin}.",
        ];

        string Shown(LossWeights w) => plan.WithStress ? w.ToString() : string.Create(CultureInfo.InvariantCulture, $"E {w.Energy} : F {w.Force}, no stress");
    }

    private string Record(TrainingPlan plan)
    {
        var energies = new JsonObject();
        foreach ((Element element, double energy) in plan.ReferenceEnergies.Energies)
        {
            energies[element.Symbol] = energy;
        }

        var node = new JsonObject
        {
            ["format"] = "AtomProNet training input",
            ["version"] = 1,
            ["framework"] = plan.Framework.ToString(),
            ["name"] = options.Name,
            ["configuration"] = plan.ConfigurationFile,
            ["set"] = new JsonObject
            {
                ["name"] = parts.Name,
                ["files"] = new JsonArray([.. parts.All.SelectMany(p => p.Files.Select(f => (JsonNode)new JsonObject { ["part"] = p.Part.ToString(), ["path"] = f, ["sha256"] = TrainingSetHash.Of(f) }))]),
            },
            ["energyKind"] = options.EnergyKind?.ToString(),
            ["referenceEnergies"] = energies,
            ["referenceEnergyOrigin"] = plan.ReferenceEnergies.Origin.ToString(),
            ["stress"] = plan.WithStress,
            ["findings"] = new JsonArray([.. plan.Findings.Select(f => (JsonNode)new JsonObject { ["severity"] = f.Severity.ToString(), ["code"] = f.Code, ["message"] = f.Message, ["advice"] = f.Advice })]),
        };
        return node.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ReplaceLineEndings("\n") + "\n";
    }
}
