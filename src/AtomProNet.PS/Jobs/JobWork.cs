using System.Collections.Concurrent;
using System.Management.Automation;
using System.Security;
using AtomProNet.Jobs;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.PS.Calculations;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Jobs;

/// <summary>
/// Lets the room of jobs work on other threads, and says on the cmdlet's own thread what it has to say meanwhile: objects, warnings, errors, progress.
/// </summary>
internal sealed class JobWork : IDisposable, IProgress<JobProgress>, ISshAnswers
{
    private const int Heartbeat = 50;
    private readonly PSCmdlet cmdlet;
    private readonly CancellationToken token;
    private readonly ConcurrentQueue<Action> toSay = new();
    private readonly ThrottledProgress bar;
    private JobProgress? latest;

    public JobWork(PSCmdlet cmdlet, CancellationToken token)
    {
        this.cmdlet = cmdlet;
        this.token = token;
        bar = new(cmdlet, cmdlet.MyInvocation.MyCommand.Name);
        Jobs = new(DftCodes.All, Tell, this, this);
    }

    /// <summary>The room.</summary>
    public DftJobs Jobs { get; }

    /// <summary>Does a piece of work, and returns when all that it said is said.</summary>
    public T Run<T>(Func<DftJobs, CancellationToken, Task<T>> work)
    {
        Task<T> task = Task.Run(() => work(Jobs, token), CancellationToken.None);
        try
        {
            while (Task.WaitAny([task], Heartbeat) < 0)
            {
                Say();
            }

            Say();
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cmdlet.Stopping || token.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // A later command may have enough while the work goes on; it must not speak any more.
            toSay.Clear();
        }
    }

    /// <summary>Does the last part of a cmdlet: an error in it ends the cmdlet, Ctrl+C the pipeline.</summary>
    public void End(Action part)
    {
        try
        {
            part();
        }
        catch (OperationCanceledException) when (cmdlet.Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (AtomProNetException e)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.From(e, null));
        }
        finally
        {
            bar.Complete();
        }
    }

    /// <summary>Called by the work from any thread: something to be done on the cmdlet's.</summary>
    public void Do(Action action) => toSay.Enqueue(action);

    /// <summary>An error of one item.</summary>
    public void Error(Exception error, object? target) => Do(() => cmdlet.WriteError(ErrorRecords.From(error, target)));

    /// <summary>A host asks for a secret: whoever sits at the terminal is asked, on the cmdlet's thread.</summary>
    public async Task<SecureString?> AnswerAsync(SshQuestion question, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<SecureString?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Do(() =>
        {
            try
            {
                bar.Complete();
                answer.TrySetResult(SecretPrompt.Ask(cmdlet, question.Prompt, question.IsEchoed, token));
            }
            catch (Exception e)
            {
                // The work hears of it, and the cmdlet by the work.
                answer.TrySetException(e);
            }
        });
        return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Report(JobProgress value) => Volatile.Write(ref latest, value);

    /// <summary>Takes the progress away.</summary>
    public void Complete() => bar.Complete();

    public void Dispose() => Jobs.Dispose();

    private void Tell(Finding finding) => Do(() =>
    {
        switch (finding.Severity)
        {
            case FindingSeverity.Information:
                cmdlet.WriteVerbose(finding.ToString());
                break;
            case FindingSeverity.Warning:
                cmdlet.WriteWarning(finding.ToString());
                break;
            default:
                cmdlet.WriteError(ErrorRecords.From(new AtomProNetException(ErrorKind.Unavailable, finding.Code, finding.Message, remedy: finding.Advice), finding.Source));
                break;
        }
    });

    private void Say()
    {
        while (toSay.TryDequeue(out Action? action))
        {
            action();
        }

        if (Volatile.Read(ref latest) is { } now)
        {
            bar.Report(now.Text, now.Done, now.Total);
        }
    }
}
