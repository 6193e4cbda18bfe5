using System.Collections;
using System.Management.Automation;
using AtomProNet.Cli;

namespace AtomProNet.Tests.Cli;

public class BinderTests
{
    [Fact]
    public void Binds_by_position_name_alias_and_beginning()
    {
        var shown = Fake.One<ShowFakeCommand>("Show-Fake hello 5 -Number 0.5 -LP x -Fla -colour green");
        Assert.Equal("hello", shown.Text);
        Assert.Equal(5, shown.Count);
        Assert.Equal(0.5, shown.Number);
        Assert.Equal("x", shown.LongPath);
        Assert.True(shown.Flag);
        Assert.Equal(Colour.Green, shown.Colour);
        Assert.Equal(["Colour", "Count", "Flag", "LongPath", "Number", "Text"], shown.Bound.Keys.Order());
    }

    [Fact]
    public void Positions_skip_what_is_named()
    {
        var shown = Fake.One<ShowFakeCommand>("Show-Fake -Text hello 5");
        Assert.Equal("hello", shown.Text);
        Assert.Equal(5, shown.Count);
    }

    [Fact]
    public void Leaves_the_defaults_of_what_is_not_given()
    {
        var shown = Fake.One<ShowFakeCommand>("Show-Fake");
        Assert.Equal(7, shown.Count);
        Assert.Empty(shown.Bound);
    }

    [Theory]
    [InlineData("-Flag", true)]
    [InlineData("-Flag:$true", true)]
    [InlineData("-Flag:$false", false)]
    [InlineData("-Flag: $false", false)]
    [InlineData("", false)]
    public void Binds_switches(string arguments, bool expected) =>
        Assert.Equal(expected, Fake.One<ShowFakeCommand>("Show-Fake " + arguments).Flag.IsPresent);

    [Fact]
    public void A_switch_takes_no_value_behind_it() => Assert.Equal("abc", Fake.One<ShowFakeCommand>("Show-Fake -Flag abc").Text);

    [Fact]
    public void Keeps_text_as_it_is_written()
    {
        Assert.Equal("007", Fake.One<ShowFakeCommand>("Show-Fake 007").Text);
        Assert.Equal("1.50", Fake.One<ShowFakeCommand>("Show-Fake -Text 1.50").Text);
        Assert.Equal("4GB", Fake.One<ShowFakeCommand>("Show-Fake 4GB").Text);
        Assert.Equal("-5", Fake.One<ShowFakeCommand>("Show-Fake -5").Text);
    }

    [Fact]
    public void Converts_by_the_invariant_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
            var shown = Fake.One<ShowFakeCommand>("Show-Fake -Number 1.5 -Maybe '-2.5e3' -Numbers 0.1,2 -Text (0.25)");
            Assert.Equal(1.5, shown.Number);
            Assert.Equal(-2500, shown.Maybe);
            Assert.Equal([0.1, 2], shown.Numbers!);
            Assert.Equal("0.25", shown.Text);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void Converts_lists_tables_and_more()
    {
        var shown = Fake.One<ShowFakeCommand>("Show-Fake -Texts a -Numbers 1 -Rows ((1,0),(0,1)) -Table @{A=1} -Anything @{B=2.5} -Things 1,a,'2' -Colours red,GREY -Truth $true -Uri https://x.org/a -Time 02:30:00");
        Assert.Equal(["a"], shown.Texts!);
        Assert.Equal([1.0], shown.Numbers!);
        Assert.Equal([[1, 0], [0, 1]], shown.Rows!);
        Assert.Equal(1, shown.Table!["a"]);
        Assert.Equal(2.5, Assert.IsType<Hashtable>(shown.Anything)["B"]);
        Assert.Equal([1, "a", "2"], shown.Things!);
        Assert.Equal([Colour.Red, Colour.Grey], shown.Colours!);
        Assert.True(shown.Truth);
        Assert.Equal("https://x.org/a", shown.Uri!.AbsoluteUri);
        Assert.Equal(TimeSpan.FromHours(2.5), shown.Time);
    }

    [Fact]
    public void An_object_parameter_takes_a_number_as_number()
    {
        Assert.Equal(5, Fake.One<ShowFakeCommand>("Show-Fake -Anything 5").Anything);
        Assert.Equal("five", Fake.One<ShowFakeCommand>("Show-Fake -Anything five").Anything);
        Assert.Equal("5", Fake.One<ShowFakeCommand>("Show-Fake -Anything '5'").Anything);
    }

    [Theory]
    [InlineData("-Count 2.0", 2)]
    [InlineData("-Count 1e3", 1000)]
    [InlineData("-Count '12'", 12)]
    [InlineData("-Count (3)", 3)]
    [InlineData("-Count @(3)", 3)]
    public void Whole_numbers_may_be_written_otherwise(string arguments, int expected) =>
        Assert.Equal(expected, Fake.One<ShowFakeCommand>("Show-Fake " + arguments).Count);

    [Theory]
    [InlineData("-Colour gre", "Red, Green, Grey")] // fits two
    [InlineData("-Colour gren", "did you mean Green or Grey?")]
    [InlineData("-Colour 7", "not one of")]
    [InlineData("-Count 2.5", "2.5 is no whole number")]
    [InlineData("-Count abc", "'abc' is no whole number")]
    [InlineData("-Count 3000000000", "too large")]
    [InlineData("-Count 1,2", "not a list of 2")]
    [InlineData("-Number 0,1", "not a list of 2")]
    [InlineData("-Number '0,1'", "decimal sign is a point: 0.1")]
    [InlineData("-Number $true", "is no number")]
    [InlineData("-Count $null", "$null is no whole number")]
    [InlineData("-Text a,b", "not a list of 2")]
    [InlineData("-Truth true", "$true")]
    [InlineData("-Table 5", "table")]
    [InlineData("-Time soon", "cannot be read")]
    [InlineData("-Flag:maybe", "$true or $false")]
    public void Says_why_a_value_does_not_fit(string arguments, string part)
    {
        var error = Assert.Single(Fake.Run("Show-Fake " + arguments).Errors);
        Assert.StartsWith("CannotConvertArgument", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(part, error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("Parameter " + arguments.Split(' ', ':')[0], error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("?.", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Fraction 1.5", "does not lie between 0 and 1")]
    [InlineData("-Fraction NaN", "does not lie between")]
    [InlineData("-Functional HSE", "not one of PBE, LDA")]
    [InlineData("-Size 1,2", "2 values were given; 3 are needed")]
    [InlineData("-MaterialId 1143", "does not match")]
    [InlineData("-MaterialId mp-1,xx", "'xx' does not match")]
    [InlineData("-NotEmpty ''", "null or empty")]
    public void Validates(string arguments, string part) =>
        Assert.Contains(part, Fake.Error("Show-Fake " + arguments, "ParameterArgumentValidationError").ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("Show-Fake -Txt a", "NamedParameterNotFound", "Did you mean -Text")]
    [InlineData("Show-Fake -Colr red", "NamedParameterNotFound", "Did you mean -Colour")]
    [InlineData("Show-Fake -Zzz", "NamedParameterNotFound", "atompronet help Show-Fake")]
    [InlineData("Show-Fake -OutVariable x", "NamedParameterNotFound", "use PowerShell")]
    [InlineData("Show-Fake -WhatIf", "NamedParameterNotFound", "-WhatIf")]
    [InlineData("Show-Fake -Long x", "AmbiguousParameter", "-LongPath or -LongName")]
    [InlineData("Show-Fake -Count", "MissingArgument", "whole number")]
    [InlineData("Show-Fake -Count -Number 1", "MissingArgument", "-Count needs a value")]
    [InlineData("Show-Fake -Count 1 -Count 2", "ParameterAlreadyBound", "commas")]
    [InlineData("Show-Fake a 1 b", "PositionalParameterNotFound", "commas")]
    [InlineData("Show-Fake a 1 Number", "PositionalParameterNotFound", "Did you mean -Number?")]
    [InlineData("New-FakeNumber", "MissingMandatoryParameter", "needs -To")]
    [InlineData("New-FakeThing ''", "ParameterArgumentValidationErrorEmptyStringNotAllowed", "empty text")]
    [InlineData("New-FakeThing @()", "ParameterArgumentValidationErrorEmptyArrayNotAllowed", "empty list")]
    [InlineData("New-FakeThing $null", "ParameterArgumentValidationErrorNullNotAllowed", "$null")]
    [InlineData("Select-Fake", "MissingMandatoryParameter", "needs -A (or -B)")]
    [InlineData("Select-Fake -A 1 -B 2", "AmbiguousParameterSet", "-B cannot be used together with -A")]
    [InlineData("Select-Fake -C 1", "MissingMandatoryParameter", "needs -B")]
    [InlineData("Import-Fake", "MissingMandatoryParameter", "-Path (or -LiteralPath, or -Number)")]
    [InlineData("Import-Fake a -LiteralPath b", "AmbiguousParameterSet|PositionalParameterNotFound", "a")]
    [InlineData("New-FakeNumber 3 | Show-Fake", "InputObjectNotBound", "takes no input")]
    public void Says_what_is_wrong_with_the_call(string pipeline, string ids, string part)
    {
        var result = Fake.Run(pipeline);
        var error = Assert.Single(result.Errors);
        Assert.Contains(error.FullyQualifiedErrorId.Split(',')[0], ids.Split('|'));
        Assert.Contains(part, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void The_id_names_the_cmdlet()
    {
        var error = Assert.Single(Fake.Run("Show-Fake -Zzz").Errors);
        Assert.Equal("NamedParameterNotFound,AtomProNet.Tests.Cli.ShowFakeCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Equal("Show-Fake", error.InvocationInfo!.MyCommand.Name);
    }

    [Theory]
    [InlineData("Get-Fak", "'atompronet --help' lists")]
    [InlineData("Show-Fak", "Did you mean Show-Fake?")]
    [InlineData("Sohw-Fake", "Did you mean Show-Fake?")]
    [InlineData("Get-FakeThing", "New-FakeThing")]
    [InlineData("Where-Object", "use PowerShell")]
    [InlineData("ls", "wildcards")]
    [InlineData("ConvertTo-Json", "--json")]
    public void Says_what_an_unknown_command_may_have_been(string command, string part)
    {
        var result = Fake.Run($"New-FakeNumber 3 | {command}");
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(part, Fake.Error(command, "CommandNotFoundException").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_runs_where_a_later_statement_is_wrong()
    {
        Assert.Empty(Fake.Run("New-FakeNumber 3; New-FakeNumber (").Output);
        Assert.Empty(Fake.Run("New-FakeNumber 3; New-FakeNumbr 1").Output);
    }

    [Fact]
    public void A_cmdlet_answers_to_its_alias_and_the_modules_name()
    {
        Assert.Equal("a", Fake.One<ShowFakeCommand>("shfake a").Text);
        Assert.Equal("a", Fake.One<ShowFakeCommand>(@"AtomProNet.PS\show-fake a").Text);
    }

    [Theory]
    [InlineData("Import-Fake a,b", "Path: a,b")]
    [InlineData("Import-Fake -LiteralPath a", "LiteralPath: a")]
    [InlineData("Import-Fake -LP a", "LiteralPath: a")]
    [InlineData("Import-Fake -PSPath a", "LiteralPath: a")]
    [InlineData("Import-Fake -Number 5", "Number: 5")]
    [InlineData("Select-Fake -A 1 x y z", "A x|y|z")]
    [InlineData("Select-Fake -B 1 -C 2", "B ")]
    public void Settles_the_parameter_set(string pipeline, string expected) => Assert.Equal(expected, Fake.One<string>(pipeline));

    [Fact]
    public void A_secret_comes_from_the_environment_alone()
    {
        const string Variable = "ATOMPRONET_TEST_SECRET_THAT_IS_NOT_SET";
        Assert.Contains("is not set", Fake.Error($"Show-Fake -Secret env:{Variable}", "CannotConvertArgumentNoMessage").ToString(), StringComparison.Ordinal);

        var error = Fake.Error("Show-Fake -Secret hunter2", "CannotConvertArgumentNoMessage");
        Assert.Contains("env:", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Exception.ToString(), StringComparison.Ordinal);

        var credential = Fake.One<ShowFakeCommand>("Show-Fake -Credential me,env:PATH").Credential!;
        Assert.Equal("me", credential.UserName);
        Assert.Equal(Environment.GetEnvironmentVariable("PATH")!.Length, credential.Password.Length);
        Assert.DoesNotContain("hunter2", Fake.Error("Show-Fake -Credential me,hunter2", "CannotConvertArgumentNoMessage").Exception.ToString(), StringComparison.Ordinal);
        Assert.Contains("name,env:", Fake.Error("Show-Fake -Credential hunter2", "CannotConvertArgumentNoMessage").ToString(), StringComparison.Ordinal);

        var shown = Fake.One<ShowFakeCommand>("Show-Fake -Secret env:PATH");
        Assert.Equal(Environment.GetEnvironmentVariable("PATH")!.Length, shown.Secret!.Length);
    }
}
