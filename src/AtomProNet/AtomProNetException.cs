namespace AtomProNet;

/// <summary>What kind of trouble an <see cref="AtomProNetException"/> reports; a cmdlet maps it to a PowerShell error category.</summary>
public enum ErrorKind
{
    /// <summary>A file or an answer does not say what its format demands.</summary>
    InvalidData,
    /// <summary>A parameter, or a combination of parameters, cannot be used.</summary>
    InvalidArgument,
    /// <summary>A file, material, element or potential does not exist.</summary>
    NotFound,
    /// <summary>The request is understood but not something that can be had (partial occupancy, a format that cannot hold the data).</summary>
    NotSupported,
    /// <summary>Something is in the way that would be overwritten.</summary>
    AlreadyExists,
    /// <summary>Access was refused, by the file system or by a server.</summary>
    PermissionDenied,
    /// <summary>A server or a program did not answer; trying again later may help.</summary>
    Unavailable,
    /// <summary>A limit (time, size, number) was reached.</summary>
    LimitExceeded,
    /// <summary>A bug of this project.</summary>
    Internal,
}

/// <summary>
/// An error that a user can act on: it has a stable id, says where the trouble lies (file, line, value) and what to do about it.
/// </summary>
public sealed class AtomProNetException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="kind">The category.</param>
    /// <param name="errorId">A stable identifier in PascalCase, such as <c>PoscarSpeciesMissing</c>.</param>
    /// <param name="problem">One sentence: what is wrong.</param>
    /// <param name="file">The file it was found in.</param>
    /// <param name="line">The line, counted from 1.</param>
    /// <param name="value">The text that could not be used.</param>
    /// <param name="remedy">One sentence: what to do next.</param>
    /// <param name="inner">What caused it.</param>
    public AtomProNetException(ErrorKind kind, string errorId, string problem, string? file = null, long? line = null, string? value = null, string? remedy = null, Exception? inner = null)
        : base(Compose(problem, file, line, value, remedy), inner)
    {
        Kind = kind;
        ErrorId = errorId;
        Problem = problem;
        File = file;
        Line = line;
        Value = value;
        Remedy = remedy;
    }

    /// <summary>The category.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The stable identifier.</summary>
    public string ErrorId { get; }

    /// <summary>What is wrong, without place and remedy.</summary>
    public string Problem { get; }

    /// <summary>The file it was found in.</summary>
    public string? File { get; }

    /// <summary>The line, counted from 1.</summary>
    public long? Line { get; }

    /// <summary>The text that could not be used.</summary>
    public string? Value { get; }

    /// <summary>What to do next.</summary>
    public string? Remedy { get; }

    /// <summary>The same error with the file named, for code that reads a stream and does not know where it comes from.</summary>
    public AtomProNetException InFile(string file) => File is not null ? this : new(Kind, ErrorId, Problem, file, Line, Value, Remedy, this);

    private static string Compose(string problem, string? file, long? line, string? value, string? remedy)
    {
        string where = (file, line) switch
        {
            (not null, not null) => FormattableString.Invariant($"{file}, line {line}: "),
            (not null, null) => $"{file}: ",
            (null, not null) => FormattableString.Invariant($"line {line}: "),
            _ => "",
        };
        string found = value is null ? "" : $" Found: '{Shorten(value)}'.";
        return where + problem + found + (remedy is null ? "" : " " + remedy);
    }

    private static string Shorten(string value)
    {
        string oneLine = value.ReplaceLineEndings("\\n").Trim();
        return oneLine.Length <= 120 ? oneLine : oneLine[..117] + "...";
    }
}
