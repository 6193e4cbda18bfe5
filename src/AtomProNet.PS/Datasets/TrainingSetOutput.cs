using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Writes a training set for a cmdlet: refused frames are errors of their own, findings are warnings, what was written is output.</summary>
internal sealed class TrainingSetOutput : IDisposable
{
    private readonly PSCmdlet _cmdlet;
    private readonly RepeatedErrors _errors;
    private readonly ThrottledProgress _progress;
    private readonly TrainingSetExport _export;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly string _path;

    private TrainingSetOutput(PSCmdlet cmdlet, TrainingSetExportOptions options)
    {
        _cmdlet = cmdlet;
        _path = options.Path;
        _errors = new RepeatedErrors(cmdlet);
        _progress = new ThrottledProgress(cmdlet, "Writing the training set");
        _export = new TrainingSetExport(options)
        {
            BeforeWriting = loss =>
            {
                _told.Add(loss.Code);
                cmdlet.WriteWarning(loss.ToString());
            },
        };
    }

    /// <summary>Prepares it; null where -WhatIf or an answer says no. What cannot be done ends the pipeline.</summary>
    public static TrainingSetOutput? Open(PSCmdlet cmdlet, string path, Func<string, TrainingSetExportOptions> options)
    {
        if (new InputPaths(cmdlet).Output(path) is not { } full || !cmdlet.ShouldProcess(full, "Write training set"))
        {
            return null;
        }

        try
        {
            TrainingSetExportOptions chosen = options(full);
            if ((chosen.Format ?? TrainingSetFormats.FromName(full)) == TrainingSetFormat.Csv)
            {
                cmdlet.WriteWarning("Csv holds energies, volumes and where frames come from, but no atoms, forces or stresses: it cannot be read back as frames. Keep an extended XYZ file as well.");
            }

            return new(cmdlet, chosen);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.From(e, full));
            throw;
        }
    }

    public void Add(Frame frame, DatasetPart? part = null, SplitDescription? split = null)
    {
        try
        {
            _export.GivenSplit = split ?? _export.GivenSplit;
            _export.Add(frame, part);
            _progress.Report(frame.Source?.File ?? "", _export.FrameCount);
        }
        catch (AtomProNetException e)
        {
            _errors.Write(e, frame);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            // Not the frame but the disk: nothing that follows could be written.
            _cmdlet.ThrowTerminatingError(ErrorRecords.From(e, _path));
        }
    }

    public void Complete(CancellationToken cancellation)
    {
        _errors.WriteRest();
        try
        {
            TrainingSetExportResult result = _export.Complete(cancellation);
            foreach (Finding finding in result.Findings.Where(f => !_told.Contains(f.Code)))
            {
                _cmdlet.WriteWarning(finding.ToString());
            }

            if (result.Plan is { } plan)
            {
                _cmdlet.WriteVerbose($"Split by {plan.Method} with seed {plan.Seed}: {plan.GroupCount} groups, {plan.GapFrameCount} frames left out at cuts.");
            }

            _progress.Complete();
            _cmdlet.WriteObject(result.Files, enumerateCollection: true);
        }
        catch (OperationCanceledException) when (_cmdlet.Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            _cmdlet.ThrowTerminatingError(ErrorRecords.From(e, _path));
        }
    }

    public void Dispose() => _export.Dispose();
}
