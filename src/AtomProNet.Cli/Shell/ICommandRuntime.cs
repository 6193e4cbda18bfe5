using System.Management.Automation;

namespace AtomProNet.Cli.Shell;

/// <summary>What stands behind a running cmdlet: its end of the pipeline.</summary>
internal interface ICommandRuntime
{
    string CommandName { get; }

    string ParameterSetName { get; }

    InvocationInfo Invocation { get; }

    SessionState SessionState { get; }

    bool IsStopping { get; }

    void WriteObject(object? value, bool enumerateCollection);

    void WriteError(ErrorRecord error);

    void WriteWarning(string text);

    void WriteVerbose(string text);

    void WriteDebug(string text);

    void WriteInformation(InformationRecord record);

    void WriteProgress(ProgressRecord record);

    /// <summary>The exception that ends the pipeline with this error.</summary>
    Exception Terminate(ErrorRecord error);

    bool ShouldProcess(string description, string warning, string caption, out ShouldProcessReason reason);

    bool ShouldContinue(string query, string caption);

    bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll);
}
