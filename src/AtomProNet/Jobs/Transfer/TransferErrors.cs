using AtomProNet.Jobs.Hosts;

namespace AtomProNet.Jobs.Transfer;

/// <summary>What can go wrong on the way, as errors that a user can act on.</summary>
internal static class TransferErrors
{
    private const int FirstLines = 3, LineLength = 200;

    /// <summary>Throws unless a command ran to its end with one of the codes.</summary>
    internal static void ThrowUnlessDone(IHost host, HostAnswer answer, string folder, params int[] alsoGood)
    {
        if (answer.Failure is { } failure)
        {
            throw failure.ToException();
        }

        if (answer.ExitCode == 0 || alsoGood.Contains(answer.ExitCode ?? -1))
        {
            return;
        }

        if (IsDiskFull(answer.Error))
        {
            throw new AtomProNetException(ErrorKind.LimitExceeded, "RemoteDiskFull", $"There is no room left on the disk of {host.Name}.", file: folder, value: answer.Describe(), remedy: "Free some space or ask for a greater quota, then call again: what has arrived is not sent twice.");
        }

        if (answer.Error.Contains("Permission denied", StringComparison.Ordinal) || answer.Error.Contains("Read-only file system", StringComparison.Ordinal))
        {
            throw new AtomProNetException(ErrorKind.PermissionDenied, "RemoteFolderForbidden", $"{host.Name} does not allow that.", file: folder, value: answer.Describe(), remedy: "Choose a work directory of your own.");
        }

        if (answer.ExitCode == HashList.NoProgram)
        {
            throw new AtomProNetException(ErrorKind.NotFound, "RemoteHashMissing", $"{host.Name} has neither sha256sum nor shasum, so that nothing can be verified.", remedy: "Install coreutils there.");
        }

        throw new AtomProNetException(ErrorKind.Unavailable, "TransferFailed", $"The transfer with {host.Name} failed ({Said(answer)}).", file: folder);
    }

    /// <summary>The exit code and what was said first: tar's last line only says that there was something before.</summary>
    private static string Said(HostAnswer answer)
    {
        string[] lines = [.. answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Length <= LineLength ? l : l[..LineLength] + "...")];
        string more = lines.Length > FirstLines ? FormattableString.Invariant($" (and {lines.Length - FirstLines} lines more)") : "";
        return FormattableString.Invariant($"exit code {answer.ExitCode}{(lines.Length > 0 ? ": " : "")}{string.Join("; ", lines.Take(FirstLines))}{more}");
    }

    /// <summary>Whether a message speaks of a full disk or quota.</summary>
    internal static bool IsDiskFull(string text) => text.Contains("No space left", StringComparison.OrdinalIgnoreCase) || text.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase) || text.Contains("not enough space", StringComparison.OrdinalIgnoreCase);

    /// <summary>A local file that could not be written.</summary>
    internal static AtomProNetException NotWritten(string file, Exception e)
    {
        // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows; Linux's text has it.
        bool isFull = IsDiskFull(e.Message) || e.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027);
        return new(
            isFull ? ErrorKind.LimitExceeded : ErrorKind.PermissionDenied,
            isFull ? "LocalDiskFull" : "LocalFileNotWritten",
            isFull ? "There is no room left on this computer's disk." : "The file could not be written.",
            file: file,
            value: e.Message,
            remedy: isFull ? "Free some space, then call again: what has arrived is not fetched twice." : null,
            inner: e);
    }
}
