namespace System.Management.Automation;

/// <summary>How a cmdlet was called.</summary>
public sealed class InvocationInfo
{
    internal InvocationInfo(CommandInfo command, int pipelinePosition, int pipelineLength, bool expectingInput)
    {
        MyCommand = command;
        PipelinePosition = pipelinePosition;
        PipelineLength = pipelineLength;
        ExpectingInput = expectingInput;
    }

    public CommandInfo MyCommand { get; }

    /// <summary>The parameters that were given, also those from the pipeline's present object.</summary>
    public Dictionary<string, object?> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);

    public int PipelinePosition { get; }

    public int PipelineLength { get; }

    public bool ExpectingInput { get; }
}

/// <summary>The command itself.</summary>
public sealed class CommandInfo
{
    internal CommandInfo(string name) => Name = name;

    public string Name { get; }
}
