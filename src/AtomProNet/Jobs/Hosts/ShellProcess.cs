using System.ComponentModel;
using System.Diagnostics;

namespace AtomProNet.Jobs.Hosts;

/// <summary>A program of this computer at whose end a shell speaks: <c>/bin/sh</c> itself, or <c>ssh</c>.</summary>
internal static class ShellProcess
{
    /// <summary>Starts it, holds the conversation, and ends it.</summary>
    /// <param name="start">The program and its words; its streams are redirected here.</param>
    /// <param name="conversation">The conversation that the words start.</param>
    /// <param name="command">The command.</param>
    /// <param name="reachWithin">How long the shell may take to say that it is there.</param>
    /// <param name="endAll">How the program is ended early with all that it started; null: the program alone is.</param>
    /// <param name="explain">Says from what was printed outside the sentinels why the shell did not come or went away.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null where the program could not be started.</returns>
    internal static async Task<HostAnswer?> RunAsync(ProcessStartInfo start, ShellConversation conversation, HostCommand command, TimeSpan reachWithin, Action<Process>? endAll, Func<string, HostFailure> explain, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }

        if (process is null)
        {
            return null;
        }

        using (process)
        {
            bool isFinished = false;
            try
            {
                var streams = new ShellStreams(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, process.StandardError.BaseStream);
                HostAnswer answer = await conversation.RunAsync(streams, command, reachWithin, explain, cancellation).ConfigureAwait(false);
                isFinished = answer.Outcome == HostOutcome.Finished;
                return answer;
            }
            finally
            {
                await EndAsync(process, isFinished, endAll).ConfigureAwait(false);
            }
        }
    }

    private static async Task EndAsync(Process process, bool isFinished, Action<Process>? endAll)
    {
        try
        {
            if (isFinished)
            {
                // A job that the command left behind may hold the connection's streams; the command itself is done.
                using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
                await process.WaitForExitAsync(soon.Token).ConfigureAwait(false);
                return;
            }
        }
        catch (OperationCanceledException)
        {
        }

        try
        {
            if (isFinished || endAll is null)
            {
                process.Kill();
            }
            else
            {
                endAll(process);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended in the meantime.
        }
    }
}
