using System.Management.Automation;
using System.Reflection;
using AtomProNet.Cli.Commands;
using AtomProNet.Cli.Running;

namespace AtomProNet.Cli;

/// <summary>Runs pipelines in this process and keeps what they say; for tests and for programs. It has no state of its own.</summary>
/// <example>
/// <code>
/// var result = PipelineHost.Run("Get-MPStructure Al2O3 | New-StrainSeries -Range 0.1", folder);
/// Assert.Empty(result.Errors);
/// Assert.Equal(21, result.Output.OfType&lt;Structure&gt;().Count());
/// </code>
/// </example>
public static class PipelineHost
{
    /// <summary>Runs a text.</summary>
    /// <param name="pipeline">Pipelines, separated by semicolons or line ends.</param>
    /// <param name="workingDirectory">Where relative paths start.</param>
    /// <param name="options">What else there is to say.</param>
    /// <param name="cancellationToken">Stops the cmdlets, as Ctrl+C does.</param>
    /// <returns>Everything that was written. A pipeline never throws: its errors are in the result.</returns>
    public static PipelineResult Run(string pipeline, string workingDirectory, PipelineOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PipelineOptions();
        var result = new PipelineResult(options.Confirm);
        var catalogue = new CommandCatalogue(options.Assemblies ?? [typeof(PipelineHost).Assembly]);
        result.ExitCode = new PipelineEngine(catalogue, result, workingDirectory).Run(pipeline, options.Input, cancellationToken);
        return result;
    }
}

/// <summary>What a caller may add to a pipeline.</summary>
public sealed record PipelineOptions
{
    /// <summary>Objects that go into the first command, as if a command before it had written them.</summary>
    public IEnumerable<object?>? Input { get; init; }

    /// <summary>Where cmdlets are looked for; by default in the assembly that holds this module's.</summary>
    public IEnumerable<Assembly>? Assemblies { get; init; }

    /// <summary>Answers the questions that -Confirm asks; without it nobody can be asked, which is an error.</summary>
    public Func<string, bool>? Confirm { get; init; }
}

/// <summary>Everything that a pipeline wrote.</summary>
public sealed class PipelineResult : IPipelineSink
{
    private readonly List<object?> _output = [];
    private readonly List<ErrorRecord> _errors = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _verbose = [];
    private readonly List<string> _debug = [];
    private readonly List<string> _information = [];
    private readonly List<string> _whatIf = [];
    private readonly List<ProgressRecord> _progress = [];
    private readonly Func<string, bool>? _confirm;

    internal PipelineResult(Func<string, bool>? confirm) => _confirm = confirm;

    public IReadOnlyList<object?> Output => _output;

    public IReadOnlyList<ErrorRecord> Errors => _errors;

    public IReadOnlyList<string> Warnings => _warnings;

    public IReadOnlyList<string> Verbose => _verbose;

    public IReadOnlyList<string> Debug => _debug;

    public IReadOnlyList<string> Information => _information;

    /// <summary>What -WhatIf said.</summary>
    public IReadOnlyList<string> WhatIf => _whatIf;

    public IReadOnlyList<ProgressRecord> Progress => _progress;

    /// <summary>0 where all went well, 1 where an error was written, 2 where the text or its arguments did not fit, 130 where it was stopped.</summary>
    public int ExitCode { get; internal set; }

    void IPipelineSink.Output(object? value) => _output.Add(value);

    void IPipelineSink.Error(ErrorRecord error) => _errors.Add(error);

    void IPipelineSink.Warning(string text) => _warnings.Add(text);

    void IPipelineSink.Verbose(string text) => _verbose.Add(text);

    void IPipelineSink.Debug(string text) => _debug.Add(text);

    void IPipelineSink.Information(string text) => _information.Add(text);

    void IPipelineSink.WhatIf(string text) => _whatIf.Add(text);

    void IPipelineSink.Progress(ProgressRecord record) => _progress.Add(record);

    Answer IPipelineSink.Ask(string caption, string question) =>
        _confirm is null ? Answer.CannotAsk : _confirm(question) ? Answer.Yes : Answer.No;
}
