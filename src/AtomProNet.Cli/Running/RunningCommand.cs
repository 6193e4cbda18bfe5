using System.Collections;
using System.Management.Automation;
using AtomProNet.Cli.Binding;
using AtomProNet.Cli.Commands;
using AtomProNet.Cli.Language;
using AtomProNet.Cli.Shell;

namespace AtomProNet.Cli.Running;

/// <summary>One command of a running pipeline: it runs its cmdlet, and takes what the cmdlet says.</summary>
internal sealed class RunningCommand : ICommandRuntime
{
    private readonly PipelineRun _run;
    private readonly CommandDescription _description;
    private readonly Cmdlet _cmdlet;
    private readonly ParameterBinder _binder;
    private readonly Confirmation _confirmation;
    private InputBinder? _input;
    private bool _hasBegun;
    private bool _isRunning;

    public RunningCommand(PipelineRun run, CommandDescription description, InvocationInfo invocation)
    {
        _run = run;
        _description = description;
        Invocation = invocation;
        _cmdlet = description.Create();
        _cmdlet.Runtime = this;
        _binder = new ParameterBinder(description, _cmdlet, invocation);
        _confirmation = new Confirmation(this, run.Sink, description.Attribute.ConfirmImpact, _binder.Common);
    }

    /// <summary>The command that takes the output; null for the last one.</summary>
    public RunningCommand? Next { get; set; }

    public string CommandName => _description.Name;

    public string ParameterSetName => _binder.Sets.Name;

    public InvocationInfo Invocation { get; }

    public SessionState SessionState => _run.Session;

    public bool IsStopping => _run.IsStopping;

    private CommonParameters Common => _binder.Common;

    public void Prepare(IReadOnlyList<Argument> arguments, bool expectsInput)
    {
        _binder.BindArguments(arguments, expectsInput);
        _input = expectsInput ? new InputBinder(_description, _binder) : null;
    }

    public void Begin()
    {
        // A command before this one may already have written something in its own beginning.
        if (!_hasBegun)
        {
            _hasBegun = true;
            Guard(_cmdlet.Begin);
        }
    }

    public void ProcessWithoutInput() => Guard(_cmdlet.Process);

    public void Process(object? input)
    {
        Begin();
        try
        {
            _input!.Bind(input);
        }
        catch (ParameterBindingException e)
        {
            // This object does not fit; the next one may.
            HandleError(Record(e, input));
            return;
        }

        Guard(_cmdlet.Process);
    }

    public void End() => Guard(_cmdlet.End);

    public void Stop()
    {
        try
        {
            _cmdlet.Stop();
        }
        catch (Exception)
        {
            // Stopping goes on with the other commands whatever one of them throws.
        }
    }

    public void Dispose() => (_cmdlet as IDisposable)?.Dispose();

    /// <summary>Writes that the arguments do not fit: no preference silences that, since the command cannot run.</summary>
    public void ReportArguments(ParameterBindingException e) => _run.Error(Record(e, null));

    public void WriteObject(object? value, bool enumerateCollection)
    {
        CheckWriting();
        if (enumerateCollection && value is IEnumerable several and not string and not IDictionary)
        {
            foreach (var item in several)
            {
                Emit(item);
            }
        }
        else
        {
            Emit(value);
        }
    }

    public void WriteError(ErrorRecord error)
    {
        CheckWriting();
        error.SetInvocation(Invocation, _description.Type);
        HandleError(error);
    }

    public void WriteWarning(string text) => Say(Common.WarningAction, text, _run.Sink.Warning);

    public void WriteVerbose(string text) => Say(Common.Verbose ? ActionPreference.Continue : ActionPreference.SilentlyContinue, text, _run.Sink.Verbose);

    public void WriteDebug(string text) => Say(Common.Debug ? ActionPreference.Continue : ActionPreference.SilentlyContinue, text, _run.Sink.Debug);

    public void WriteInformation(InformationRecord record) => Say(Common.InformationAction, record.ToString() ?? "", _run.Sink.Information);

    public void WriteProgress(ProgressRecord record)
    {
        CheckWriting();
        if (Common.ProgressAction == ActionPreference.Continue)
        {
            _run.Sink.Progress(record);
        }
    }

    public Exception Terminate(ErrorRecord error)
    {
        error.SetInvocation(Invocation, _description.Type);
        _run.Error(error);
        return new PipelineStoppedException();
    }

    public bool ShouldProcess(string description, string warning, string caption, out ShouldProcessReason reason)
    {
        CheckWriting();
        return _confirmation.ShouldProcess(description, warning, caption, out reason);
    }

    public bool ShouldContinue(string query, string caption)
    {
        bool yesToAll = false, noToAll = false;
        return ShouldContinue(query, caption, ref yesToAll, ref noToAll);
    }

    public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll)
    {
        CheckWriting();
        return _confirmation.ShouldContinue(query, caption, ref yesToAll, ref noToAll);
    }

    private void HandleError(ErrorRecord error)
    {
        switch (Common.ErrorAction)
        {
            case ActionPreference.Continue:
                _run.Error(error);
                break;
            case ActionPreference.Stop:
                _run.EndsScript = true;
                throw Terminate(error);
        }
    }

    private ErrorRecord Record(ParameterBindingException e, object? target)
    {
        var record = new ErrorRecord(e, e.ErrorId, e.Category, target);
        record.SetInvocation(Invocation, _description.Type);
        return record;
    }

    private void Emit(object? value)
    {
        if (_run.IsStopping)
        {
            throw new PipelineStoppedException();
        }

        if (Next is null)
        {
            _run.Sink.Output(PSObject.Unwrap(value));
        }
        else
        {
            Next.Process(value);
        }
    }

    private void Say(ActionPreference preference, string text, Action<string> say)
    {
        CheckWriting();
        if (preference is ActionPreference.Continue or ActionPreference.Stop)
        {
            say(text);
        }

        if (preference == ActionPreference.Stop)
        {
            _run.EndsScript = true;
            throw Terminate(new ErrorRecord(new RuntimeException($"Stopped at a message, as asked for: {text}"), "ActionPreferenceStop", ErrorCategory.OperationStopped, null));
        }
    }

    /// <summary>Lets the cmdlet run; what it throws ends the pipeline with an error.</summary>
    private void Guard(Action step)
    {
        var wasRunning = _isRunning;
        _isRunning = true;
        try
        {
            if (_run.IsStopping)
            {
                throw new PipelineStoppedException();
            }

            step();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (OperationCanceledException) when (_run.IsStopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e)
        {
            throw Terminate((e as RuntimeException)?.ErrorRecord ?? new ErrorRecord(e, e.GetType().FullName!, ErrorCategory.NotSpecified, null));
        }
        finally
        {
            _isRunning = wasRunning;
        }
    }

    private void CheckWriting()
    {
        _run.CheckThread();
        if (!_isRunning)
        {
            throw new InvalidOperationException($"{CommandName} can write only while it begins, processes or ends.");
        }

        if (_run.IsStopping)
        {
            throw new PipelineStoppedException();
        }
    }
}
