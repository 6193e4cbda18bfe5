namespace AtomProNet.Cli;

/// <summary>What the launcher returns to the shell that called it.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>An error was written.</summary>
    public const int Failure = 1;

    /// <summary>The text is no pipeline, or its arguments do not fit; the statement did not run.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl+C: 128 and the number of the signal, as shells do it.</summary>
    public const int Interrupted = 130;
}
