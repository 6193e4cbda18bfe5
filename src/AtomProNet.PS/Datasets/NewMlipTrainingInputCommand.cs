using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Datasets;
using AtomProNet.Datasets.Training;
using AtomProNet.PS.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.PS.Datasets;

/// <summary>Makes a ready training folder for MACE, NequIP, Allegro or DeePMD from a split set: data, configuration and job script.</summary>
[Cmdlet(VerbsCommon.New, "MlipTrainingInput", SupportsShouldProcess = true, DefaultParameterSetName = PathSet, HelpUri = HelpPages.Root + "New-MlipTrainingInput.md")]
[OutputType(typeof(MlipTrainingInput))]
public sealed class NewMlipTrainingInputCommand : BatchScriptCommand, IDisposable
{
    private const string PathSet = "Path";
    private const string FileSet = "File";
    private const string PartsSet = "Parts";

    private readonly CmdletCancellation _cancellation = new();
    private readonly List<TrainingSetFile> _files = [];

    /// <summary>The name that the set was exported under (set.extxyz), or the folder with its dataset.json.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The files of a split set, as Export-TrainingSet returns them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FileSet)]
    public TrainingSetFile InputObject { get; set; } = null!;

    /// <summary>Files or folders with the frames to train on, for sets without a dataset.json.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PartsSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] TrainingSet { get; set; } = [];

    /// <summary>Files or folders with the frames that the model is chosen by.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PartsSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] ValidationSet { get; set; } = [];

    /// <summary>Files or folders with the frames to measure errors on.</summary>
    [Parameter(ParameterSetName = PartsSet)]
    [SupportsWildcards]
    [ValidateNotNull]
    public string[] TestSet { get; set; } = [];

    /// <summary>The framework: Mace, NequIP, Allegro or DeepMD.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public MlipFramework Framework { get; set; }

    /// <summary>The folder to make. Default: the framework's name in small letters.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>The name of the model. Default: the folder's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How far an atom sees, in Å. Default: 5 for MACE and NequIP, 6 for Allegro and DeePMD.</summary>
    [Parameter]
    [Numbers]
    public double? CutoffRadius { get; set; }

    /// <summary>The seed of the random numbers. Default 1.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int Seed { get; set; } = 1;

    /// <summary>How the weights go along the training: SingleStage (the paper's Eq. 5) or TwoStage (as the paper trained MACE). Default: TwoStage for MACE, else SingleStage.</summary>
    [Parameter]
    public LossSchedule? Schedule { get; set; }

    /// <summary>The weight of the energy per atom. Default 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e12)]
    [Numbers]
    public double? EnergyWeight { get; set; }

    /// <summary>The weight of the forces, τ1 of Eq. 5. Default 1, in two stages 100.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e12)]
    [Numbers]
    public double? ForceWeight { get; set; }

    /// <summary>The weight of the stress, τ2 of Eq. 5. Default 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e12)]
    [Numbers]
    public double? StressWeight { get; set; }

    /// <summary>Trains no stress, though there is one (Pulay stress, say).</summary>
    [Parameter]
    public SwitchParameter NoStress { get; set; }

    /// <summary>The energy of each element's single atom, in eV: @{Al=-0.2; O=-1.5}. Default: of the single atoms in the training part, else by least squares where these determine them.</summary>
    [Parameter]
    [Alias("E0")]
    public IDictionary? ReferenceEnergy { get; set; }

    /// <summary>Which energy is the label. Default: the one that the set was exported with.</summary>
    [Parameter]
    public EnergyKind? EnergyKind { get; set; }

    /// <summary>How often the training part is passed through. Default: as often as 200,000 steps take (DeePMD: 1,000,000 steps).</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? EpochCount { get; set; }

    /// <summary>Frames a step. Default 10 for MACE, 5 for NequIP and Allegro, by the number of atoms for DeePMD.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int? BatchSize { get; set; }

    /// <summary>The processor: Gpu (default) or Cpu.</summary>
    [Parameter]
    public TrainingDevice Device { get; set; }

    /// <summary>Further settings by their path in the configuration: @{num_channels=64} for MACE, @{'training_module.optimizer.lr'=0.005} for NequIP. Names that the framework does not know are an error.</summary>
    [Parameter]
    public IDictionary? Setting { get; set; }

    /// <summary>Writes no job script.</summary>
    [Parameter]
    public SwitchParameter NoJobScript { get; set; }

    /// <summary>Replaces a folder that is there (never one with results of a training), and takes a set in which errors are found.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public void Dispose() => _cancellation.Dispose();

    protected override void ProcessRecord()
    {
        if (ParameterSetName == FileSet)
        {
            _files.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        try
        {
            string folder = Resolved(Destination ?? Framework.ToString().ToLowerInvariant());
            TrainingParts parts = Parts();
            MlipTrainingOptions options = Options(System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(folder)));
            if (!ShouldProcess(folder, $"Write training input for {Framework}"))
            {
                return;
            }

            var progress = new ThrottledProgress(this, "Making the training folder");
            MlipTrainingInput input = new MlipTrainingFolder(parts, options, (file, frames) => progress.Report(file, frames)).Write(folder, _cancellation.Token);
            progress.Complete();
            foreach (Finding finding in input.Findings)
            {
                if (finding.Severity == FindingSeverity.Information)
                {
                    WriteVerbose(finding.ToString());
                }
                else
                {
                    WriteWarning(finding.ToString());
                }
            }

            if (StressWeight > 0 && !input.HasStress)
            {
                WriteWarning($"-StressWeight is without effect: {(NoStress ? "-NoStress leaves the stress out." : "no frame of the training part has a stress.")}");
            }

            WriteObject(input);
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, Path.Length > 0 ? Path : null));
        }
    }

    protected override void StopProcessing() => _cancellation.Stop();

    private TrainingParts Parts() => ParameterSetName switch
    {
        PathSet => TrainingParts.Find(Resolved(Path)),
        FileSet when _files.Count == 0 => throw new AtomProNetException(ErrorKind.InvalidArgument, "TrainingSetMissing", "No file of a set came through the pipeline.", remedy: "Pipe what Export-TrainingSet with sizes returns, or name the set: New-MlipTrainingInput set.extxyz …"),
        FileSet => TrainingParts.Of(System.IO.Path.GetFileName(_files[0].ManifestPath), _files.Select(f => (f.Path, f.Part))),
        _ => TrainingParts.Of(
            System.IO.Path.GetFileName(TrainingSet[0]),
            [.. Files(TrainingSet, DatasetPart.Train), .. Files(ValidationSet, DatasetPart.Validation), .. Files(TestSet, DatasetPart.Test)]),
    };

    private IEnumerable<(string Path, DatasetPart? Part)> Files(string[] paths, DatasetPart part)
    {
        foreach (string path in paths)
        {
            string[] found = [.. new InputPaths(this).Resolve([path], literal: false).SelectMany(p => Directory.Exists(p) ? TrainingSetFormats.FindIn(p) : [p])];
            foreach (string file in found.Length > 0 ? found : throw new AtomProNetException(ErrorKind.NotFound, "FrameFileMissing", "There are no frames to read.", file: path, remedy: "Name a file in extended XYZ or npz, or a folder with systems of DeePMD."))
            {
                yield return (file, part);
            }
        }
    }

    private MlipTrainingOptions Options(string folderName)
    {
        LossSchedule schedule = Schedule ?? (Framework == MlipFramework.Mace ? LossSchedule.TwoStage : LossSchedule.SingleStage);
        bool own = EnergyWeight is not null || ForceWeight is not null || StressWeight is not null;
        if (own && schedule == LossSchedule.TwoStage)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "WeightsOfTwoStages", "-EnergyWeight, -ForceWeight and -StressWeight belong to a loss of one stage; two stages have the paper's weights.", remedy: "Add -Schedule SingleStage, or set the weights of each stage by -Setting.");
        }

        return new()
        {
            Framework = Framework,
            Name = Name ?? folderName,
            CutoffRadius = CutoffRadius,
            Seed = Seed,
            Schedule = schedule,
            Weights = own ? new(EnergyWeight ?? 1, ForceWeight ?? 1, StressWeight ?? 1) : null,
            WithoutStress = NoStress,
            ReferenceEnergies = Energies(),
            EnergyKind = EnergyKind,
            EpochCount = EpochCount,
            BatchSize = BatchSize,
            Device = Device,
            Settings = [.. Entries(Setting).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, Plain(e.Value)))],
            JobScript = Script(),
            Force = Force,
        };
    }

    private JobScript? Script() => NoJobScript ? null : ReadBatchScript(TrainingJobScript.Of(Framework, Device));

    private ImmutableSortedDictionary<Element, double> Energies() => Entries(ReferenceEnergy).ToImmutableSortedDictionary(
        e => Element.TryFromSymbol(e.Key, out Element? element) ? element : throw new AtomProNetException(ErrorKind.InvalidArgument, "TableKeyNotElement", "The keys of -ReferenceEnergy are symbols of elements.", value: e.Key, remedy: "Write them as in the periodic table, such as Al."),
        e => GivenNumber.Of(Plain(e.Value)) is { } energy && double.IsFinite(energy) ? energy : throw new AtomProNetException(ErrorKind.InvalidArgument, "TableValueInvalid", $"The value of {e.Key} in -ReferenceEnergy is no number.", value: GivenNumber.Shown(Plain(e.Value)), remedy: "Give it in eV per atom, with a decimal point: @{Al=-3.74}."));

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary? table) =>
        (table?.Cast<DictionaryEntry>() ?? []).Select(e => KeyValuePair.Create(e.Key.ToString() ?? "", e.Value));

    // What scripts give: wrapped, of any number type, arrays of that.
    private static object? Plain(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => null,
        bool truth => truth,
        string text => text,
        float or double or decimal => Convert.ToDouble(value is PSObject w ? w.BaseObject : value, CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(value is PSObject w ? w.BaseObject : value, CultureInfo.InvariantCulture),
        IDictionary table => ToMap(table),
        IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        var other => other.ToString(),
    };

    private static IReadOnlyDictionary<string, object?> ToMap(IDictionary table) => Entries(table).ToDictionary(e => e.Key, e => Plain(e.Value), StringComparer.Ordinal);
}
