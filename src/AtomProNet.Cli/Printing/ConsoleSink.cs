using System.Management.Automation;
using AtomProNet.Cli.Running;

namespace AtomProNet.Cli.Printing;

/// <summary>Objects to the standard output, everything else to the standard error.</summary>
internal sealed class ConsoleSink(Stream output, TextWriter error, bool asJson, bool isInteractive, int width) : IPipelineSink, IDisposable
{
    private readonly BufferedStream _json = new(output, 1 << 16);
    // Made for the first object: a pipeline that ends in a file prints none.
    private TextPrinter? _text;
    private bool _hasProgressLine;
    private int _progressLength;
    private bool _isClosed, _hasFailed;

    public void Output(object? value)
    {
        ClearProgress();
        if (_isClosed)
        {
            throw new PipelineStoppedException();
        }

        try
        {
            if (asJson)
            {
                JsonLines.Write(value, _json);
            }
            else
            {
                _text ??= new TextPrinter(new StreamWriter(output, leaveOpen: true) { NewLine = "\n" }, ViewCatalogue.ReadOwn(), width);
                _text.Print(value);
            }
        }
        catch (IOException e)
        {
            Close(e);
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Hands out what is held back.</summary>
    /// <returns>False where something could not be written, which has been told.</returns>
    public bool Finish()
    {
        Deliver();
        return !_hasFailed;
    }

    public void Error(ErrorRecord record)
    {
        var text = record.ToString();
        var command = record.InvocationInfo?.MyCommand.Name;
        var prefix = command is null || text.StartsWith(command, StringComparison.Ordinal) ? "" : command + ": ";
        Line($"{prefix}{text} [{record.FullyQualifiedErrorId.Split(',')[0]}]");
    }

    public void Warning(string text) => Line("WARNING: " + text);

    public void Verbose(string text) => Line("VERBOSE: " + text);

    public void Debug(string text) => Line("DEBUG: " + text);

    public void Information(string text) => Line(text);

    public void WhatIf(string text) => Line(text);

    public void Progress(ProgressRecord record)
    {
        if (!isInteractive)
        {
            return;
        }

        ClearProgress();
        if (record.RecordType == ProgressRecordType.Completed)
        {
            return;
        }

        var percent = record.PercentComplete >= 0 ? FormattableString.Invariant($" {record.PercentComplete} %") : "";
        var text = $"{record.Activity}:{percent} {record.StatusDescription} {record.CurrentOperation}".ReplaceLineEndings(" ");
        text = text.Length < width ? text : text[..Math.Max(0, width - 1)];
        error.Write(text);
        _progressLength = text.Length;
        error.Flush();
        _hasProgressLine = true;
    }

    public Answer Ask(string caption, string question)
    {
        if (!isInteractive || Console.IsInputRedirected)
        {
            return Answer.CannotAsk;
        }

        while (true)
        {
            Line(question);
            error.Write("[Y] Yes  [A] Yes to All  [N] No  [L] No to All (default is \"Y\"): ");
            error.Flush();
            switch (Console.ReadLine()?.Trim().ToUpperInvariant())
            {
                case null:
                    return Answer.CannotAsk;
                case "" or "Y" or "YES":
                    return Answer.Yes;
                case "A":
                    return Answer.YesToAll;
                case "N" or "NO":
                    return Answer.No;
                case "L":
                    return Answer.NoToAll;
            }
        }
    }

    /// <summary>What is told where the output breaks off for another reason than that nobody reads it.</summary>
    public static string NotWritten(IOException reason) => $"The output cannot be written: {reason.Message} [OutputNotWritten]";

    public void Dispose()
    {
        ClearProgress();
        Deliver();
        error.Flush();
    }

    private void Deliver()
    {
        try
        {
            if (!_isClosed)
            {
                _text?.EndTable();
                _json.Flush();
            }
        }
        catch (IOException e)
        {
            Close(e);
        }
    }

    private void Close(IOException reason)
    {
        _isClosed = true;
        // Whoever reads the output may have enough, as head has: nothing is left to do. A full disk is something else.
        if (!BrokenPipe.Is(reason))
        {
            _hasFailed = true;
            Line(NotWritten(reason));
        }
    }

    /// <summary>One line, whatever the message holds, so that a log can be searched by line.</summary>
    private void Line(string text)
    {
        ClearProgress();

        // What was printed before stands before it also where both go to one terminal.
        if (isInteractive)
        {
            Deliver();
        }

        error.Write(text.ReplaceLineEndings(" "));
        error.Write('\n');
        error.Flush();
    }

    private void ClearProgress()
    {
        if (_hasProgressLine)
        {
            // In blanks: not every console of Windows knows the sequences that clear a line.
            error.Write("\r" + new string(' ', _progressLength) + "\r");
            error.Flush();
            _hasProgressLine = false;
        }
    }
}
