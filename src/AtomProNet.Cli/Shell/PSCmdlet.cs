using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>A cmdlet that also knows how it was called and where the session stands.</summary>
public abstract class PSCmdlet : Cmdlet
{
    /// <summary>The parameter set that the binder settled on.</summary>
    public string ParameterSetName => Runtime.ParameterSetName;

    public InvocationInfo MyInvocation => Runtime.Invocation;

    public SessionState SessionState => Runtime.SessionState;

    /// <summary>An absolute path, whether something is there or not; wildcards are taken literally.</summary>
    public string GetUnresolvedProviderPathFromPSPath(string path) =>
        SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>The absolute paths that a path with wildcards stands for.</summary>
    /// <exception cref="ItemNotFoundException">A path without wildcards leads nowhere.</exception>
    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider) =>
        SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);
}
