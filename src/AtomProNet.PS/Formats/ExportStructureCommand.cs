using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Formats;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Formats;

/// <summary>Writes structures to one file, or to a folder with a file for each.</summary>
[Cmdlet(VerbsData.Export, "Structure", SupportsShouldProcess = true, DefaultParameterSetName = PathSet, HelpUri = HelpPages.Root + "Export-Structure.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportStructureCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path";
    private const string DestinationSet = "Destination";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _losses = new(StringComparer.Ordinal);
    private IFormat? _format;
    private string? _target;
    private AtomicFile? _file;
    private IFormatWriter? _writer;
    private ThrottledProgress? _progress;
    private long _count;

    /// <summary>The structure; a frame gives its structure (Export-TrainingSet keeps its labels).</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The file that takes all structures.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The folder that gets a file for each structure, named after it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DestinationSet)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>The format: Poscar, Cif, ExtendedXyz. Default: what the file's name tells; Poscar in a folder.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FormatNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Format { get; set; }

    /// <summary>Replaces files that are already there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the files that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    public void Dispose()
    {
        _writer?.Dispose();
        _file?.Dispose();
    }

    protected override void BeginProcessing()
    {
        _progress = new ThrottledProgress(this, "Writing structures");
        bool single = ParameterSetName == PathSet;
        if (new InputPaths(this).Output(single ? Path : Destination) is not { } target)
        {
            return;
        }

        try
        {
            _format = Format is not null ? FormatRegistry.ByName(Format)
                : single ? FormatRegistry.ForFile(target)
                : FormatRegistry.ByName("Poscar");
            if (single && ShouldProcess(target, $"Write structures as {_format.Name}"))
            {
                if (Directory.Exists(target))
                {
                    throw new AtomProNetException(ErrorKind.InvalidArgument, "PathIsFolder", "This is a folder.", file: target, remedy: "Give it with -Destination, or name a file.");
                }

                _file = new AtomicFile(target, Force);
                _writer = _format.OpenWriter(_file.Stream);
            }

            _target = target;
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, target));
        }
    }

    protected override void ProcessRecord()
    {
        if (_target is null || (ParameterSetName == PathSet && _writer is null))
        {
            return;
        }

        try
        {
            if (_writer is not null)
            {
                _writer.Write(new Frame(Structure));
            }
            else if (!WriteOwnFile(_target))
            {
                return;
            }

            _progress!.Report(_target, ++_count);
            TellLosses();
        }
        catch (AtomProNetException e) when (e.ErrorId != "FormatHoldsOne")
        {
            WriteError(ErrorRecords.From(e, Structure));
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            // One structure of many in a file is worse than none; and where the disk is full, nothing that follows can be written.
            ThrowTerminatingError(ErrorRecords.From(e, Structure));
        }
    }

    protected override void EndProcessing()
    {
        _progress!.Complete();
        if (_file is null || _count == 0)
        {
            return;
        }

        try
        {
            _file.Commit();
            if (PassThru)
            {
                WriteObject(new FileInfo(_file.Path));
            }
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, _target));
        }
    }

    private bool WriteOwnFile(string folder)
    {
        string name = CalculationName.ToFolderName(Structure.Name ?? Structure.ReducedFormula), unique = name;
        for (int k = 2; !_names.Add(unique); k++)
        {
            unique = FormattableString.Invariant($"{name}_{k}");
        }

        string path = System.IO.Path.Combine(folder, unique + _format!.Extension);
        if (!ShouldProcess(path, $"Write structure as {_format.Name}"))
        {
            return false;
        }

        using var file = new AtomicFile(path, Force);
        using (IFormatWriter writer = _format.OpenWriter(file.Stream))
        {
            writer.Write(new Frame(Structure));
        }

        file.Commit();
        if (PassThru)
        {
            WriteObject(new FileInfo(file.Path));
        }

        return true;
    }

    /// <summary>Says once for each kind what the format does not hold.</summary>
    private void TellLosses()
    {
        foreach (string loss in _format!.Capabilities.LossesOf(Structure))
        {
            if (_losses.Add(loss))
            {
                WriteWarning($"The format {_format.Name} does not hold {loss} (first: {Structure}).");
            }
        }
    }
}
