using AtomProNet.Cli.Shell;

namespace System.Management.Automation;

/// <summary>The base of every cmdlet: what it may say to the pipeline that runs it.</summary>
/// <remarks>
/// As in PowerShell, a cmdlet writes only from the thread that runs it and only between
/// BeginProcessing and EndProcessing; the runtime behind it holds it to that.
/// </remarks>
public abstract class Cmdlet
{
    private ICommandRuntime? _runtime;

    internal ICommandRuntime Runtime
    {
        get => _runtime ?? throw new InvalidOperationException($"{GetType().Name} can write only while a pipeline runs it.");
        set => _runtime = value;
    }

    /// <summary>True once the pipeline is asked to stop.</summary>
    public bool Stopping => Runtime.IsStopping;

    protected virtual void BeginProcessing()
    {
    }

    protected virtual void ProcessRecord()
    {
    }

    protected virtual void EndProcessing()
    {
    }

    /// <summary>Called from another thread on Ctrl+C.</summary>
    protected virtual void StopProcessing()
    {
    }

    public void WriteObject(object? sendToPipeline) => Runtime.WriteObject(sendToPipeline, enumerateCollection: false);

    public void WriteObject(object? sendToPipeline, bool enumerateCollection) => Runtime.WriteObject(sendToPipeline, enumerateCollection);

    public void WriteError(ErrorRecord errorRecord) => Runtime.WriteError(errorRecord);

    public void WriteWarning(string text) => Runtime.WriteWarning(text);

    public void WriteVerbose(string text) => Runtime.WriteVerbose(text);

    public void WriteDebug(string text) => Runtime.WriteDebug(text);

    public void WriteInformation(object messageData, string[]? tags) => Runtime.WriteInformation(new InformationRecord(messageData, GetType().Name, tags));

    public void WriteInformation(InformationRecord informationRecord) => Runtime.WriteInformation(informationRecord);

    public void WriteProgress(ProgressRecord progressRecord) => Runtime.WriteProgress(progressRecord);

    /// <summary>Ends the whole pipeline with this error.</summary>
    [Diagnostics.CodeAnalysis.DoesNotReturn]
    public void ThrowTerminatingError(ErrorRecord errorRecord) => throw Runtime.Terminate(errorRecord);

    public bool ShouldProcess(string target) => ShouldProcess(target, Runtime.CommandName);

    public bool ShouldProcess(string target, string action)
    {
        var description = $"Performing the operation \"{action}\" on target \"{target}\".";
        return ShouldProcess(description, description, "Confirm");
    }

    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        Runtime.ShouldProcess(verboseDescription, verboseWarning, caption, out _);

    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption, out ShouldProcessReason shouldProcessReason) =>
        Runtime.ShouldProcess(verboseDescription, verboseWarning, caption, out shouldProcessReason);

    public bool ShouldContinue(string query, string caption) => Runtime.ShouldContinue(query, caption);

    public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll) =>
        Runtime.ShouldContinue(query, caption, ref yesToAll, ref noToAll);

    internal void Begin() => BeginProcessing();

    internal void Process() => ProcessRecord();

    internal void End() => EndProcessing();

    internal void Stop() => StopProcessing();
}
