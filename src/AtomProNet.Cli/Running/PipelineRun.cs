using System.Management.Automation;
using AtomProNet.Cli.Binding;
using AtomProNet.Cli.Commands;
using AtomProNet.Cli.Language;

namespace AtomProNet.Cli.Running;

/// <summary>
/// Runs one pipeline: all commands begin in their order, each object goes all the way down as soon as it is made, then all
/// commands end in their order. What the run itself keeps is whether it failed and whether it was stopped.
/// </summary>
internal sealed class PipelineRun(IPipelineSink sink, SessionState session)
{
    private readonly List<RunningCommand> _commands = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _isStopping;

    public IPipelineSink Sink => sink;

    public SessionState Session => session;

    public bool IsStopping => _isStopping;

    /// <summary>True once any error was written.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>True once a preference said Stop: then no later statement runs either.</summary>
    public bool EndsScript { get; set; }

    /// <summary>Makes the cmdlets and binds their arguments.</summary>
    /// <exception cref="ParameterBindingException">Arguments do not fit. Nothing has run, the error has been written.</exception>
    public void Prepare(Pipeline pipeline, CommandCatalogue catalogue, bool hasInput)
    {
        var count = pipeline.Commands.Count;
        for (var i = 0; i < count; i++)
        {
            var call = pipeline.Commands[i];
            var expectsInput = i > 0 || hasInput;
            var description = catalogue.Find(call.Name)!;
            var invocation = new InvocationInfo(new CommandInfo(description.Name), i + 1, count, expectsInput);
            var command = new RunningCommand(this, description, invocation);
            _commands.Add(command);
            try
            {
                command.Prepare(call.Arguments, expectsInput);
            }
            catch (ParameterBindingException e)
            {
                command.ReportArguments(e);
                throw;
            }
        }

        for (var i = 0; i + 1 < count; i++)
        {
            _commands[i].Next = _commands[i + 1];
        }
    }

    /// <summary>Runs what was prepared.</summary>
    /// <param name="input">Objects for the first command; null where there are none and it runs by itself.</param>
    public void Run(IEnumerable<object?>? input)
    {
        try
        {
            foreach (var command in _commands)
            {
                command.Begin();
            }

            if (input is null)
            {
                _commands[0].ProcessWithoutInput();
            }
            else
            {
                foreach (var item in input)
                {
                    _commands[0].Process(item);
                }
            }

            foreach (var command in _commands)
            {
                command.End();
            }
        }
        catch (PipelineStoppedException)
        {
            // Either the user stopped it, or the error that ended it has been written.
        }
    }

    /// <summary>Frees what the cmdlets hold.</summary>
    public void Dispose()
    {
        foreach (var command in _commands)
        {
            command.Dispose();
        }
    }

    /// <summary>Stops the pipeline; called from another thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        foreach (var command in _commands)
        {
            command.Stop();
        }
    }

    public void Error(ErrorRecord error)
    {
        HasErrors = true;
        sink.Error(error);
    }

    /// <summary>Cmdlets write from the thread that runs them alone, as PowerShell demands.</summary>
    public void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("A cmdlet can write only from the thread that runs it.");
        }
    }
}
