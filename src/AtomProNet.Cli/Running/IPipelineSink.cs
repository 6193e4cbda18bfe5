using System.Management.Automation;

namespace AtomProNet.Cli.Running;

/// <summary>Where everything goes that a pipeline says: a console, or a test's lists.</summary>
internal interface IPipelineSink
{
    void Output(object? value);

    void Error(ErrorRecord error);

    void Warning(string text);

    void Verbose(string text);

    void Debug(string text);

    void Information(string text);

    /// <summary>What -WhatIf says instead of doing it.</summary>
    void WhatIf(string text);

    void Progress(ProgressRecord record);

    /// <summary>Asks the user.</summary>
    Answer Ask(string caption, string question);
}

/// <summary>What the user says to a question.</summary>
internal enum Answer
{
    Yes,
    YesToAll,
    No,
    NoToAll,

    /// <summary>Nobody is there to be asked.</summary>
    CannotAsk,
}
