using System.Collections;
using System.Management.Automation;
using AtomProNet.Evaluation.Energies;
using AtomProNet.Lammps.Potentials;
using AtomProNet.Lammps.Running;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Lammps;

/// <summary>Labels frames with a potential by running LAMMPS here.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LammpsPrediction", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Invoke-LammpsPrediction.md")]
[OutputType(typeof(Frame))]
public sealed class InvokeLammpsPredictionCommand : PSCmdlet, IDisposable
{
    private readonly CmdletCancellation _cancellation = new();
    private readonly List<Frame> _frames = [];

    /// <summary>Frames, or structures.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Frame", "Structure")]
    public object InputObject { get; set; } = null!;

    /// <summary>The potential: of New-LammpsPotential, or in a word such as sw:Si.sw, eam/alloy:Al_zhou.eam.alloy, kim:MODEL.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public LammpsPotential Potential { get; set; } = null!;

    /// <summary>What moves before the labels are computed: None (default), Ions, Volume or Cell.</summary>
    [Parameter]
    public Relaxation Relax { get; set; }

    /// <summary>A relaxation ends where the norm of all forces is below this, eV/Å. Default 1e-6.</summary>
    [Parameter]
    [ValidateRange(1e-15, 10.0)]
    [Numbers]
    public double ForceTolerance { get; set; } = 1e-6;

    /// <summary>What is added to the energy for each atom, in eV, by element: @{Si=-102.1}; potentials and DFT count from other zeros.</summary>
    [Parameter]
    public Hashtable? EnergyShift { get; set; }

    /// <summary>LAMMPS: a path, or a name on PATH. Default: lmp and its usual other names.</summary>
    [Parameter]
    public string? Lammps { get; set; }

    /// <summary>What LAMMPS is started with besides, such as -k,on,g,1,-sf,kk.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Argument { get; set; } = [];

    public void Dispose() => _cancellation.Dispose();

    protected override void ProcessRecord()
    {
        switch (InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject)
        {
            case Frame frame:
                _frames.Add(frame);
                break;
            case Structure structure:
                _frames.Add(new Frame(structure));
                break;
            case var other:
                WriteError(ErrorRecords.From(new AtomProNetException(ErrorKind.InvalidArgument, "PredictionInputUnknown", "This is neither a frame nor a structure.", value: other?.ToString()), other));
                break;
        }
    }

    protected override void EndProcessing()
    {
        if (_frames.Count == 0 || !ShouldProcess($"{_frames.Count} frames", $"Label with {Potential} by LAMMPS"))
        {
            return;
        }

        var errors = new RepeatedErrors(this);
        var progress = new ThrottledProgress(this, $"Labelling with {Potential.Name}");
        try
        {
            LammpsPotential located = PotentialPaths.Located(this, Potential);
            var options = new PredictionOptions
            {
                Executable = PotentialPaths.Executable(this, Lammps),
                Arguments = [.. Argument],
                Relaxation = Relax,
                ForceTolerance = ForceTolerance,
                EnergyShifts = ElementTable.Energies(EnergyShift),
                Progress = done => progress.Report("", done, _frames.Count),
            };
            foreach (PredictionResult result in LammpsPrediction.Run(_frames, located, options, _cancellation.Token))
            {
                progress.Report("", result.Index + 1, _frames.Count);
                if (result.Error is { } error)
                {
                    errors.Write(error, result.Input);
                }
                else
                {
                    Warn(result.Prediction!);
                    WriteObject(result.Prediction);
                }
            }
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, Potential));
        }

        errors.WriteRest();
        progress.Complete();
    }

    protected override void StopProcessing() => _cancellation.Stop();

    // Energies of some potentials are not smooth in the cell (long-range sums, charges): LAMMPS then stops short of zero stress.
    private void Warn(Frame frame)
    {
        const double Limit = 0.1;
        if (Relax == Relaxation.Cell && frame.Stress is { } stress && stress.ToGigapascal().Max(Math.Abs) is var left && left > Limit)
        {
            WriteWarning(FormattableString.Invariant($"{frame}: the relaxation ended with a stress of {left:G3} GPa left. Measure-PotentialProperty relaxes the cell by its stress instead of its energy."));
        }
    }
}
