using System.Management.Automation;
using AtomProNet.Files;

namespace AtomProNet.PS.Hosting;

/// <summary>Turns what a room throws into what PowerShell shows: a stable id, a true category, and what to do next.</summary>
internal static class ErrorRecords
{
    private const int DiskFullOnWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullOnWindows = unchecked((int)0x80070027);
    private const int DiskFullOnUnix = 28; // ENOSPC
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    /// <summary>
    /// True for an error of one item, after which the rest can go on. Stopping, and whatever the shell itself throws through a
    /// cmdlet (also when a later command has enough: Select-Object -First), must pass.
    /// </summary>
    /// <example><code>catch (Exception e) when (ErrorRecords.IsItemError(e)) { WriteError(ErrorRecords.From(e, path)); }</code></example>
    public static bool IsItemError(Exception exception) =>
        exception is not (OperationCanceledException or OutOfMemoryException)
        && (exception is ItemNotFoundException || exception.GetType().Namespace?.StartsWith("System.Management.Automation", StringComparison.Ordinal) != true);

    /// <summary>The record for an exception.</summary>
    /// <param name="exception">What a room threw.</param>
    /// <param name="target">The item it is about: a path, a structure, an id.</param>
    public static ErrorRecord From(Exception exception, object? target)
    {
        if (exception is AggregateException { InnerExceptions: [var only] })
        {
            return From(only, target);
        }

        return exception is AtomProNetException own
            ? new ErrorRecord(own, own.ErrorId, Category(own.Kind), target ?? own.File)
            : FromForeign(exception, target);
    }

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidData => ErrorCategory.InvalidData,
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.NotSupported => ErrorCategory.NotImplemented,
        ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.Unavailable => ErrorCategory.ResourceUnavailable,
        ErrorKind.LimitExceeded => ErrorCategory.LimitsExceeded,
        _ => ErrorCategory.NotSpecified,
    };

    private static ErrorRecord FromForeign(Exception exception, object? target)
    {
        var (id, category, advice) = exception switch
        {
            ItemNotFoundException or FileNotFoundException or DirectoryNotFoundException =>
                ("PathNotFound", ErrorCategory.ObjectNotFound, "Check the spelling, and the folder that the path starts from."),
            UnauthorizedAccessException =>
                ("AccessDenied", ErrorCategory.PermissionDenied, "Check the permissions of the file and of its folder."),
            PathTooLongException =>
                ("PathTooLong", ErrorCategory.InvalidArgument, "Choose a shorter path."),
            ScratchFileException =>
                ("TemporaryFileFailed", ErrorCategory.ResourceUnavailable, ScratchFileException.Remedy),
            IOException { HResult: DiskFullOnWindows or HandleDiskFullOnWindows or DiskFullOnUnix } =>
                ("DiskFull", ErrorCategory.ResourceUnavailable, "Free some space, or write to another disk; what was there before is unharmed."),
            IOException { HResult: SharingViolation or LockViolation } =>
                ("FileInUse", ErrorCategory.ResourceBusy, "Another program holds the file; close it and try again."),
            EndOfStreamException or InvalidDataException =>
                ("FileDamaged", ErrorCategory.InvalidData, "The file ends too early or is damaged; fetch it again."),
            IOException =>
                ("InputOutputError", ErrorCategory.ReadError, null),
            HttpRequestException =>
                ("ServerNotReached", ErrorCategory.ConnectionError, "Check the network, and the proxy if there is one; then try again."),
            TimeoutException =>
                ("TimedOut", ErrorCategory.OperationTimeout, "Try again later."),
            NotSupportedException =>
                ("NotSupported", ErrorCategory.NotImplemented, null),
            ArgumentException =>
                ("InvalidArgument", ErrorCategory.InvalidArgument, null),
            FormatException or OverflowException =>
                ("InvalidData", ErrorCategory.InvalidData, null),
            _ =>
                ("InternalError", ErrorCategory.NotSpecified, (string?)$"This is a fault of AtomProNet.PS ({exception.GetType().Name}); please report it with the input that led to it."),
        };
        var record = new ErrorRecord(exception, id, category, target);
        if (advice is not null)
        {
            record.ErrorDetails = new ErrorDetails($"{exception.Message} {advice}");
        }

        return record;
    }
}
