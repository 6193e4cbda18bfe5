using System.Management.Automation;

namespace AtomProNet.Cli.Binding;

/// <summary>An argument or an input object does not fit the parameters. The ids are PowerShell's.</summary>
internal sealed class ParameterBindingException(string errorId, ErrorCategory category, string message, Exception? inner = null)
    : RuntimeException(message, inner)
{
    public string ErrorId { get; } = errorId;

    public ErrorCategory Category { get; } = category;

    public static ParameterBindingException InvalidArgument(string errorId, string message) =>
        new(errorId, ErrorCategory.InvalidArgument, message);
}
