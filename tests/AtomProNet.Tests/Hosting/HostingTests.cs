using System.Management.Automation;
using System.Security;
using AtomProNet.Cli;
using AtomProNet.PS.Hosting;
using AtomProNet.Tests.Cli;

namespace AtomProNet.Tests.Hosting;

/// <summary>Uses the shared pieces as a cmdlet would.</summary>
[Cmdlet(VerbsCommon.Find, "FakeFile")]
public sealed class FindFakeFileCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public string[]? LiteralPath { get; set; }

    [Parameter]
    public string? Wanted { get; set; }

    [Parameter]
    public SwitchParameter NoRecursion { get; set; }

    protected override void ProcessRecord()
    {
        var paths = new InputPaths(this);
        var given = LiteralPath ?? Path;
        var files = Wanted is null
            ? paths.Resolve(given, LiteralPath is not null)
            : paths.Files(given, LiteralPath is not null, name => name == Wanted, Wanted, !NoRecursion);
        foreach (var file in files)
        {
            WriteObject(file);
        }
    }
}

/// <summary>Reports an exception as the shared pieces map it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "FakeError")]
public sealed class TestFakeErrorCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public Exception? Exception { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            throw Exception!;
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, "target"));
        }
    }
}

/// <summary>Reports progress for a while.</summary>
[Cmdlet(VerbsDiagnostic.Test, "FakeProgress")]
public sealed class TestFakeProgressCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord()
    {
        var progress = new ThrottledProgress(this, "counting");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        long calls = 0;
        while (watch.ElapsedMilliseconds < Milliseconds)
        {
            progress.Report("on", ++calls, calls * 2);
        }

        progress.Complete();
    }
}

public sealed class HostingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atompronet-").FullName;

    public HostingTests()
    {
        foreach (var file in new[] { "b/OUTCAR", "a/OUTCAR", "a/deep/er/OUTCAR", "a/other", "c[1]/x", "OUTCAR" })
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string, ErrorCategory> Mapped => new()
    {
        { "own", "PoscarSpeciesMissing", ErrorCategory.InvalidData },
        { "exists", "FolderExists", ErrorCategory.ResourceExists },
        { "file", "PathNotFound", ErrorCategory.ObjectNotFound },
        { "folder", "PathNotFound", ErrorCategory.ObjectNotFound },
        { "access", "AccessDenied", ErrorCategory.PermissionDenied },
        { "full", "DiskFull", ErrorCategory.ResourceUnavailable },
        { "io", "InputOutputError", ErrorCategory.ReadError },
        { "end", "FileDamaged", ErrorCategory.InvalidData },
        { "http", "ServerNotReached", ErrorCategory.ConnectionError },
        { "time", "TimedOut", ErrorCategory.OperationTimeout },
        { "bug", "InternalError", ErrorCategory.NotSpecified },
        { "nested", "FileDamaged", ErrorCategory.InvalidData },
    };

    [Theory]
    [MemberData(nameof(Mapped))]
    public void Every_exception_gets_a_stable_id_and_a_true_category(string which, string id, ErrorCategory category)
    {
        Exception exception = which switch
        {
            "own" => new AtomProNetException(ErrorKind.InvalidData, "PoscarSpeciesMissing", "There is no line of species.", "POSCAR", 6, remedy: "Add one."),
            "exists" => new AtomProNetException(ErrorKind.AlreadyExists, "FolderExists", "It is there."),
            "file" => new FileNotFoundException("no"),
            "folder" => new DirectoryNotFoundException("no"),
            "access" => new UnauthorizedAccessException("no"),
            "full" => new IOException("full", unchecked((int)0x80070070)),
            "io" => new IOException("no"),
            "end" => new EndOfStreamException("no"),
            "http" => new HttpRequestException("no"),
            "time" => new TimeoutException("no"),
            "nested" => new AggregateException(new InvalidDataException("no")),
            _ => new IndexOutOfRangeException("oops"),
        };
        var result = Fake.Run("Test-FakeError", new PipelineOptions { Input = [exception] });
        var error = Assert.Single(result.Errors);
        Assert.Equal($"{id},{typeof(TestFakeErrorCommand).FullName}", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal("target", error.TargetObject);
        if (which is "own")
        {
            Assert.Equal("POSCAR, line 6: There is no line of species. Add one.", error.ToString());
        }
    }

    [Fact]
    public void What_the_shell_throws_is_no_items_error()
    {
        Assert.False(ErrorRecords.IsItemError(new PipelineStoppedException()));
        Assert.False(ErrorRecords.IsItemError(new OperationCanceledException()));
        Assert.True(ErrorRecords.IsItemError(new ItemNotFoundException("x", "x")));
        Assert.True(ErrorRecords.IsItemError(new NullReferenceException()));
    }

    [Theory]
    [InlineData("Find-FakeFile b,a -Wanted OUTCAR", "b/OUTCAR", "a/OUTCAR", "a/deep/er/OUTCAR")]
    [InlineData("Find-FakeFile [ab] -Wanted OUTCAR -NoRecursion", "a/OUTCAR", "b/OUTCAR")]
    [InlineData("Find-FakeFile . -Wanted OUTCAR", "OUTCAR", "a/OUTCAR", "a/deep/er/OUTCAR", "b/OUTCAR")]
    [InlineData("Find-FakeFile */OUTCAR", "a/OUTCAR", "b/OUTCAR")]
    [InlineData("Find-FakeFile a/other -Wanted OUTCAR", "a/other")]
    [InlineData("Find-FakeFile -LiteralPath 'c[1]/x'", "c[1]/x")]
    public void Finds_files(string pipeline, params string[] expected)
    {
        var result = Run(pipeline);
        Assert.Empty(result.Errors);
        Assert.Equal(expected.Select(file => Path.GetFullPath(Path.Combine(_folder, file))), result.Output);
    }

    [Theory]
    [InlineData("Find-FakeFile missing,OUTCAR", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Find-FakeFile mis*,OUTCAR", "NothingMatches", ErrorCategory.ObjectNotFound)]
    [InlineData("Find-FakeFile 'a[',OUTCAR", "PathNotUsable", ErrorCategory.InvalidArgument)]
    [InlineData("Find-FakeFile -LiteralPath *,OUTCAR", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Find-FakeFile 'c`[1`]',OUTCAR -Wanted OUTCAR", "FolderHoldsNoInput", ErrorCategory.ObjectNotFound)]
    public void What_is_not_found_is_told_and_the_rest_goes_on(string pipeline, string id, ErrorCategory category)
    {
        var result = Run(pipeline);
        var error = Assert.Single(result.Errors);
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal([Path.Combine(_folder, "OUTCAR")], result.Output);
    }

    [Fact]
    public void A_quick_activity_shows_no_progress_and_a_long_one_little()
    {
        Assert.Empty(Fake.Run("Test-FakeProgress 50").Progress);
        var shown = Fake.Run("Test-FakeProgress 1200").Progress;
        Assert.InRange(shown.Count, 2, 7);
        Assert.Equal(50, shown[0].PercentComplete);
        Assert.Equal(ProgressRecordType.Completed, shown[^1].RecordType);
    }

    [Fact]
    public void A_secret_comes_out_whole()
    {
        using var secret = new SecureString();
        foreach (var c in "kéy")
        {
            secret.AppendChar(c);
        }

        Assert.Equal("kéy", SecretText.Reveal(secret));
        Assert.Null(SecretText.Reveal(null));
        Assert.Null(SecretText.Reveal(new SecureString()));
        Assert.Equal("kéy", SecretText.RevealOrEnvironment(secret, "PATH"));
        Assert.Null(SecretText.RevealOrEnvironment(null, "ATOMPRONET_TEST_NO_SUCH_VARIABLE"));
    }

    [Fact]
    public void Stopping_cancels_and_may_come_too_late()
    {
        var cancellation = new CmdletCancellation();
        Assert.False(cancellation.Token.IsCancellationRequested);
        cancellation.Stop();
        Assert.True(cancellation.Token.IsCancellationRequested);
        cancellation.Dispose();
        cancellation.Stop();
    }

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, _folder, new PipelineOptions { Assemblies = [typeof(Fake).Assembly] });
}
