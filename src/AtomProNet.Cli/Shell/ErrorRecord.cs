namespace System.Management.Automation;

/// <summary>One error: the exception, a stable id, a category and the item that it is about.</summary>
public class ErrorRecord
{
    private readonly string _errorId;
    private string? _commandType;

    public ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object? targetObject)
    {
        Exception = exception ?? throw new ArgumentNullException(nameof(exception));
        _errorId = errorId ?? "";
        TargetObject = targetObject;
        CategoryInfo = new ErrorCategoryInfo(errorCategory, exception.GetType().Name, targetObject);
    }

    public Exception Exception { get; }

    public object? TargetObject { get; }

    public ErrorCategoryInfo CategoryInfo { get; }

    /// <summary>The id, a comma and the full name of the cmdlet's type, as PowerShell makes it.</summary>
    public string FullyQualifiedErrorId => _commandType is null ? _errorId : $"{_errorId},{_commandType}";

    /// <summary>A message better than the exception's, and what to do next.</summary>
    public ErrorDetails? ErrorDetails { get; set; }

    public InvocationInfo? InvocationInfo { get; private set; }

    public override string ToString() => ErrorDetails?.Message is { Length: > 0 } message ? message : Exception.Message;

    internal void SetInvocation(InvocationInfo invocation, Type commandType)
    {
        InvocationInfo ??= invocation;
        _commandType ??= commandType.FullName;
        CategoryInfo.Activity ??= invocation.MyCommand.Name;
    }
}

/// <summary>The category of an error, with what PowerShell shows beside it.</summary>
public sealed class ErrorCategoryInfo
{
    internal ErrorCategoryInfo(ErrorCategory category, string reason, object? target)
    {
        Category = category;
        Reason = reason;
        TargetName = target?.ToString() ?? "";
        TargetType = target?.GetType().Name ?? "";
    }

    public ErrorCategory Category { get; }

    public string? Activity { get; set; }

    public string Reason { get; set; }

    public string TargetName { get; set; }

    public string TargetType { get; set; }
}

/// <summary>A message for the user, and the advice that goes with it.</summary>
public class ErrorDetails(string message)
{
    public string Message { get; } = message;

    public string? RecommendedAction { get; set; }

    public override string ToString() => Message;
}
