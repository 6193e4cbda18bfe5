using System.Management.Automation;
using AtomProNet.Cli.Binding;
using AtomProNet.Cli.Commands;
using AtomProNet.Cli.Language;

namespace AtomProNet.Cli.Running;

/// <summary>Runs the statements of a text one after the other.</summary>
internal sealed class PipelineEngine(CommandCatalogue catalogue, IPipelineSink sink, string workingDirectory)
{
    /// <summary>Runs a text.</summary>
    /// <param name="text">Pipelines, separated by semicolons or line ends. Nothing runs where any of it cannot be read.</param>
    /// <param name="input">Objects for the first command; null where there are none.</param>
    /// <param name="cancellationToken">Stops the cmdlets.</param>
    /// <returns>The exit code.</returns>
    public int Run(string text, IEnumerable<object?>? input, CancellationToken cancellationToken)
    {
        IReadOnlyList<Pipeline> statements;
        try
        {
            statements = PipelineParser.Parse(text);
        }
        catch (SyntaxException e)
        {
            sink.Error(new ErrorRecord(e, "SyntaxError", ErrorCategory.ParserError, null));
            return ExitCode.Usage;
        }

        if (statements.Count == 0)
        {
            sink.Error(new ErrorRecord(new RuntimeException("There is nothing to run. 'atompronet --help' says how it is called."), "NothingToRun", ErrorCategory.InvalidArgument, null));
            return ExitCode.Usage;
        }

        if (!AllKnown(statements))
        {
            return ExitCode.Usage;
        }

        var session = new SessionState(workingDirectory);
        var exitCode = ExitCode.Success;
        foreach (var statement in statements)
        {
            var run = new PipelineRun(sink, session);
            exitCode = Math.Max(exitCode, RunStatement(run, statement, statement == statements[0] ? input : null, cancellationToken));
            if (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }

            if (run.EndsScript)
            {
                return exitCode;
            }
        }

        return exitCode;
    }

    private int RunStatement(PipelineRun run, Pipeline statement, IEnumerable<object?>? input, CancellationToken cancellationToken)
    {
        try
        {
            run.Prepare(statement, catalogue, input is not null);
            using (cancellationToken.Register(run.Stop))
            {
                run.Run(input);
            }
        }
        catch (ParameterBindingException)
        {
            return ExitCode.Usage;
        }
        finally
        {
            run.Dispose();
        }

        return run.HasErrors ? ExitCode.Failure : ExitCode.Success;
    }

    private bool AllKnown(IReadOnlyList<Pipeline> statements)
    {
        foreach (var call in statements.SelectMany(statement => statement.Commands))
        {
            if (catalogue.Find(call.Name) is null)
            {
                sink.Error(new ErrorRecord(new RuntimeException(catalogue.Explain(call.Name)), "CommandNotFoundException", ErrorCategory.ObjectNotFound, call.Name));
                return false;
            }
        }

        return true;
    }
}
