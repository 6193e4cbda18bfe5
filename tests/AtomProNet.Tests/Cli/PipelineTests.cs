using System.Management.Automation;
using AtomProNet.Cli;

namespace AtomProNet.Tests.Cli;

public class PipelineTests
{
    [Fact]
    public void Each_object_goes_all_the_way_down_before_the_next()
    {
        List<string> log = [];
        TraceFakeCommand.Shared.Value = log;
        var result = Fake.Run("New-FakeNumber 2 | Trace-Fake a | Trace-Fake b");
        Assert.Equal([1, 2], result.Output);
        Assert.Equal(
            ["a begin", "b begin", "a process 1", "b process 1", "a process 2", "b process 2", "a end", "b end", "a dispose", "b dispose"],
            log);
    }

    [Fact]
    public void The_first_command_processes_once()
    {
        List<string> log = [];
        TraceFakeCommand.Shared.Value = log;
        Fake.Run("Trace-Fake a");
        Assert.Equal(["a begin", "a process ", "a end", "a dispose"], log);
    }

    [Fact]
    public void Objects_can_be_given_to_the_first_command()
    {
        var result = Fake.Run("Trace-Fake a", new PipelineOptions { Input = ["x", 2, null] });
        Assert.Equal(["x", 2, null], result.Output);
    }

    [Fact]
    public void A_list_is_enumerated_where_the_cmdlet_says_so() => Assert.Equal([1, 2, 3], Fake.Run("New-FakeNumber 3 -AsList").Output);

    [Fact]
    public void Input_binds_by_value_before_property_name()
    {
        // A text is taken as it is by -Path; a thing's FullName by -LiteralPath, since that needs no conversion.
        var texts = new PipelineOptions { Input = [new string[] { "x", "y" }, "z"] };
        Assert.Equal(["Path: x,y", "Path: z"], Fake.Run("Import-Fake", texts).Output);

        // One path by property name goes into a list of paths without being converted, so it comes before the object as text.
        Assert.Equal(["LiteralPath: /things/a", "LiteralPath: /things/bc"], Fake.Run("New-FakeThing a,bc | Import-Fake").Output);
        var lists = new PipelineOptions { Input = [new { FullName = new[] { "/things/a" } }] };
        Assert.Equal(["LiteralPath: /things/a"], Fake.Run("Import-Fake", lists).Output);
    }

    [Fact]
    public void Several_parameters_take_their_part_of_one_object()
    {
        Assert.Equal(["a 1 a", "bc 2 bc"], Fake.Run("New-FakeThing a,bc | Measure-FakeThing").Output);
        Assert.Equal(["a 1 T", "bc 2 T"], Fake.Run("New-FakeThing a,bc | Measure-FakeThing -Title T").Output);
    }

    [Fact]
    public void An_object_that_does_not_fit_is_an_error_and_the_rest_goes_on()
    {
        var result = Fake.Run("Measure-FakeThing", new PipelineOptions { Input = [new Thing("a", 1), 5, new Thing("b", 2)] });
        Assert.Equal(["a 1 a", "b 2 b"], result.Output);
        var error = Assert.Single(result.Errors);
        Assert.Equal("InputObjectNotBound,AtomProNet.Tests.Cli.MeasureFakeThingCommand", error.FullyQualifiedErrorId);
        Assert.Equal(5, error.TargetObject);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void A_value_of_the_last_object_does_not_stay()
    {
        var result = Fake.Run("Measure-FakeThing -Title T", new PipelineOptions { Input = [new Thing("a", 1), new { Size = 9 }] });
        Assert.Equal(["a 1 T", " 9 T"], result.Output);
    }

    [Fact]
    public void A_mandatory_parameter_that_no_input_fills_is_told_before_anything_runs()
    {
        var result = Fake.Run("New-FakeThing a | New-FakeThing");
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public void A_non_terminating_error_lets_the_rest_go_on()
    {
        var result = Fake.Run("New-FakeNumber 3 | Test-FakeStream -FailAt 2");
        Assert.Equal([1, 3], result.Output);
        var error = Assert.Single(result.Errors);
        Assert.Equal("FakeBad,AtomProNet.Tests.Cli.TestFakeStreamCommand", error.FullyQualifiedErrorId);
        Assert.Equal(2, error.TargetObject);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("-ThrowAt 2", "System.InvalidOperationException")]
    [InlineData("-TerminateAt 2", "FakeEnd")]
    public void A_terminating_error_ends_the_pipeline_but_not_the_next_statement(string arguments, string id)
    {
        var result = Fake.Run($"New-FakeNumber 3 | Test-FakeStream {arguments}; New-FakeNumber 1");
        Assert.Equal([1, 1], result.Output);
        Assert.Equal(id, Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("-FailAt 2 -ErrorAction Stop", "FakeBad")]
    [InlineData("-FailAt 2 -ea stop", "FakeBad")]
    public void A_preference_that_says_Stop_ends_everything(string arguments, string id)
    {
        var result = Fake.Run($"New-FakeNumber 3 | Test-FakeStream {arguments}; New-FakeNumber 1");
        Assert.Equal([1], result.Output);
        Assert.Equal(id, Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("SilentlyContinue")]
    [InlineData("Ignore")]
    public void An_error_can_be_kept_silent(string action)
    {
        var result = Fake.Run($"New-FakeNumber 3 | Test-FakeStream -FailAt 2 -ErrorAction {action}");
        Assert.Equal([1, 3], result.Output);
        Assert.Empty(result.Errors);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Disposes_after_an_error()
    {
        List<string> log = [];
        TraceFakeCommand.Shared.Value = log;
        Fake.Run("New-FakeNumber 3 | Trace-Fake a | Test-FakeStream -ThrowAt 1");
        Assert.Equal(["a begin", "a process 1", "a dispose"], log);
    }

    [Fact]
    public void Messages_follow_the_common_parameters()
    {
        var quiet = Fake.Run("Test-FakeStream");
        Assert.Equal(["warning 0"], quiet.Warnings);
        Assert.Empty(quiet.Verbose);
        Assert.Empty(quiet.Debug);
        Assert.Empty(quiet.Information);
        Assert.Equal("activity", Assert.Single(quiet.Progress).Activity);

        var loud = Fake.Run("Test-FakeStream -Verbose -Debug -InformationAction Continue -WarningAction SilentlyContinue -ProgressAction Ignore");
        Assert.Empty(loud.Warnings);
        Assert.Equal(["verbose 0", "Performing the operation \"touch\" on target \"item 0\"."], loud.Verbose);
        Assert.Equal(["debug 0"], loud.Debug);
        Assert.Equal(["information 0"], loud.Information);
        Assert.Empty(loud.Progress);

        var strict = Fake.Run("Test-FakeStream -WarningAction Stop");
        Assert.Equal("ActionPreferenceStop", Assert.Single(strict.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(strict.Output);
    }

    [Fact]
    public void WhatIf_does_nothing_and_says_so()
    {
        var result = Fake.Run("New-FakeNumber 2 | Test-FakeStream -WhatIf");
        Assert.Empty(result.Output);
        Assert.Equal(["What if: Performing the operation \"touch\" on target \"item 1\".", "What if: Performing the operation \"touch\" on target \"item 2\"."], result.WhatIf);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void What_can_do_harm_must_be_confirmed()
    {
        Assert.Equal("ConfirmationNotPossible", Fake.Error("Remove-Fake a", "ConfirmationNotPossible").FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(["removed a"], Fake.Run("Remove-Fake a -Confirm:$false").Output);
        Assert.Equal(["removed a"], Fake.Run("Remove-Fake a", new PipelineOptions { Confirm = _ => true }).Output);
        Assert.Empty(Fake.Run("Remove-Fake a", new PipelineOptions { Confirm = _ => false }).Output);
        Assert.Empty(Fake.Run("Remove-Fake a -WhatIf").Errors);
        Assert.Equal("ConfirmationNotPossible", Fake.Error("Test-FakeStream -Confirm", "ConfirmationNotPossible").FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public async Task Stopping_ends_the_pipeline_at_once()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var token = source.Token;
        var result = await Task.Run(() => Fake.Run("Wait-Fake; New-FakeNumber 1", cancellationToken: token), TestContext.Current.CancellationToken);
        Assert.Equal(["started"], result.Output);
        Assert.Empty(result.Errors);
        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public void Only_the_pipelines_thread_may_write()
    {
        var error = Assert.Single(Fake.Run("Write-FakeFromThread").Errors);
        Assert.Contains("thread", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_do_not_know_each_other()
    {
        Parallel.For(0, 50, i => Assert.Equal(i + 1, Fake.Run($"New-FakeNumber {i + 1} | Trace-Fake").Output.Count));
    }

    [Fact]
    public void An_empty_text_is_told()
    {
        var result = Fake.Run("  # nothing");
        Assert.Equal("NothingToRun", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Equal(2, result.ExitCode);
    }
}
