using System.Collections;
using System.Management.Automation;
using System.Security;

namespace AtomProNet.Tests.Cli;

// Cmdlets for the tests of the host alone. This file is compiled twice, as the module's own cmdlets are: the contract tests run
// the same pipelines of these cmdlets in PowerShell.

public enum Colour
{
    Red,
    Green,
    Grey,
}

/// <summary>An object with properties that other cmdlets take by name.</summary>
public sealed record Thing(string Name, int Size)
{
    public string? FullName { get; init; }
}

/// <summary>Gives back its parameters, of every type that there is.</summary>
[Cmdlet(VerbsCommon.Show, "Fake")]
[Alias("shfake")]
[OutputType(typeof(ShowFakeCommand))]
public sealed class ShowFakeCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    public string? Text { get; set; }

    [Parameter(Position = 1)]
    public int Count { get; set; } = 7;

    [Parameter]
    public double Number { get; set; }

    [Parameter]
    public double? Maybe { get; set; }

    [Parameter]
    public string[]? Texts { get; set; }

    [Parameter]
    public double[]? Numbers { get; set; }

    [Parameter]
    public int[][]? Rows { get; set; }

    [Parameter]
    public Hashtable? Table { get; set; }

    [Parameter]
    public object? Anything { get; set; }

    [Parameter]
    public object[]? Things { get; set; }

    [Parameter]
    public Colour Colour { get; set; }

    [Parameter]
    public Colour[]? Colours { get; set; }

    [Parameter]
    public SwitchParameter Flag { get; set; }

    [Parameter]
    public bool Truth { get; set; }

    [Parameter]
    public Uri? Uri { get; set; }

    [Parameter]
    public TimeSpan Time { get; set; }

    [Parameter]
    public SecureString? Secret { get; set; }

    [Parameter]
    public PSCredential? Credential { get; set; }

    [Parameter, ValidateRange(0.0, 1.0)]
    public double Fraction { get; set; }

    [Parameter, ValidateSet("PBE", "LDA")]
    public string? Functional { get; set; }

    [Parameter, ValidateCount(3, 3)]
    public int[]? Size { get; set; }

    [Parameter, ValidatePattern("^mp-\\d+$")]
    public string[]? MaterialId { get; set; }

    [Parameter, ValidateNotNullOrEmpty]
    public string? NotEmpty { get; set; }

    [Parameter, Alias("LP", "Whole")]
    public string? LongPath { get; set; }

    [Parameter]
    public string? LongName { get; set; }

    public Dictionary<string, object?> Bound => MyInvocation.BoundParameters;

    protected override void ProcessRecord() => WriteObject(this);
}

/// <summary>Writes whole numbers from 1 on.</summary>
[Cmdlet(VerbsCommon.New, "FakeNumber")]
public sealed class NewFakeNumberCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public int To { get; set; }

    [Parameter]
    public SwitchParameter AsList { get; set; }

    protected override void ProcessRecord()
    {
        if (AsList)
        {
            WriteObject(Enumerable.Range(1, To), enumerateCollection: true);
            return;
        }

        for (var i = 1; i <= To; i++)
        {
            WriteObject(i);
        }
    }
}

/// <summary>Writes things.</summary>
[Cmdlet(VerbsCommon.New, "FakeThing")]
public sealed class NewFakeThingCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            WriteObject(new Thing(name, name.Length) { FullName = "/things/" + name });
        }
    }
}

/// <summary>Tells each of its steps, and what it was given.</summary>
[Cmdlet(VerbsDiagnostic.Trace, "Fake")]
public sealed class TraceFakeCommand : PSCmdlet, IDisposable
{
    [Parameter(Position = 0)]
    public string Label { get; set; } = "";

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter]
    public List<string>? Log { get; set; }

    public static AsyncLocal<List<string>?> Shared { get; } = new();

    public void Dispose() => Tell("dispose");

    protected override void BeginProcessing() => Tell("begin");

    protected override void ProcessRecord()
    {
        Tell($"process {InputObject}");
        WriteObject(InputObject);
    }

    protected override void EndProcessing() => Tell("end");

    private void Tell(string what) => Shared.Value?.Add($"{Label} {what}");
}

/// <summary>Takes things whole or by their properties, and files by path.</summary>
[Cmdlet(VerbsData.Import, "Fake", DefaultParameterSetName = "Path")]
public sealed class ImportFakeCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Number")]
    public int Number { get; set; }

    protected override void ProcessRecord() =>
        WriteObject($"{ParameterSetName}: {string.Join(',', ParameterSetName == "Path" ? Path : ParameterSetName == "Number" ? [$"{Number}"] : LiteralPath)}");
}

/// <summary>Takes a thing, or its size by property name.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "FakeThing")]
public sealed class MeasureFakeThingCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public Thing? Thing { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int Size { get; set; } = -1;

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("Name")]
    public string Title { get; set; } = "";

    protected override void ProcessRecord() => WriteObject($"{Thing?.Name} {Size} {Title}");
}

/// <summary>Says things on every stream, and fails as told.</summary>
[Cmdlet(VerbsDiagnostic.Test, "FakeStream", SupportsShouldProcess = true)]
public sealed class TestFakeStreamCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public int Item { get; set; }

    [Parameter]
    public int FailAt { get; set; } = -1;

    [Parameter]
    public int ThrowAt { get; set; } = -1;

    [Parameter]
    public int TerminateAt { get; set; } = -1;

    protected override void ProcessRecord()
    {
        WriteVerbose($"verbose {Item}");
        WriteDebug($"debug {Item}");
        WriteWarning($"warning {Item}");
        WriteInformation($"information {Item}", ["tag"]);
        WriteProgress(new ProgressRecord(1, "activity", $"{Item}"));
        if (Item == FailAt)
        {
            WriteError(new ErrorRecord(new InvalidDataException("bad item"), "FakeBad", ErrorCategory.InvalidData, Item));
            return;
        }

        if (Item == ThrowAt)
        {
            throw new InvalidOperationException("thrown");
        }

        if (Item == TerminateAt)
        {
            ThrowTerminatingError(new ErrorRecord(new InvalidDataException("the end"), "FakeEnd", ErrorCategory.InvalidData, Item));
        }

        if (ShouldProcess($"item {Item}", "touch"))
        {
            WriteObject(Item);
        }
    }
}

/// <summary>Asks before each step.</summary>
[Cmdlet(VerbsCommon.Remove, "Fake", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveFakeCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string Name { get; set; } = "";

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, "Remove"))
        {
            WriteObject($"removed {Name}");
        }
    }
}

/// <summary>Runs until it is stopped.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Fake")]
public sealed class WaitFakeCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public void Dispose() => _source.Dispose();

    protected override void ProcessRecord()
    {
        WriteObject("started");
        _source.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
        _source.Token.ThrowIfCancellationRequested();
        WriteObject("never");
    }

    protected override void StopProcessing() => _source.Cancel();
}

/// <summary>Has two ways to be called, neither of which is the default.</summary>
[Cmdlet(VerbsCommon.Select, "Fake")]
public sealed class SelectFakeCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "A", Mandatory = true)]
    public int A { get; set; }

    [Parameter(ParameterSetName = "B", Mandatory = true)]
    public int B { get; set; }

    [Parameter(ParameterSetName = "B")]
    public int C { get; set; }

    [Parameter(ValueFromRemainingArguments = true)]
    public string[]? Rest { get; set; }

    protected override void ProcessRecord() => WriteObject($"{ParameterSetName} {string.Join('|', Rest ?? [])}");
}

/// <summary>Resolves paths through the session.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Fake")]
public sealed class ResolveFakeCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter]
    public SwitchParameter Literal { get; set; }

    protected override void ProcessRecord()
    {
        if (Literal)
        {
            WriteObject(GetUnresolvedProviderPathFromPSPath(Path));
        }
        else
        {
            WriteObject(GetResolvedProviderPathFromPSPath(Path, out _), enumerateCollection: true);
        }
    }
}

/// <summary>Breaks the rule that only the thread of the pipeline writes.</summary>
[Cmdlet(VerbsCommunications.Write, "FakeFromThread")]
public sealed class WriteFakeFromThreadCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Catch(() => WriteObject(1)));
        thread.Start();
        thread.Join();
        throw thrown!;
    }

    private static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
