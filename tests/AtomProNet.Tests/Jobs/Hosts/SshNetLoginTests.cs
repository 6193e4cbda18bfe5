using AtomProNet.Jobs.Hosts;
using AtomProNet.Jobs.Hosts.Ssh;
using AtomProNet.Tests.Rigs;
using Answers = AtomProNet.Tests.Jobs.Hosts.SshNetHostTests.Answers;

namespace AtomProNet.Tests.Jobs.Hosts;

/// <summary>Passwords and questions, of a user who is there only meanwhile.</summary>
public sealed class SshNetLoginTests : IClassFixture<AccountRig>, IAsyncDisposable
{
    private readonly AccountRig rig;

    public SshNetLoginTests(AccountRig rig)
    {
        this.rig = rig;
        Assert.SkipUnless(rig.Missing is null, rig.Missing ?? "");
    }

    public async ValueTask DisposeAsync() => await rig.CloseAsync();

    [Fact]
    public async Task A_password_opens()
    {
        var answers = new Answers(rig.Password);
        HostAnswer answer = await rig.Host("password", answers).RunAsync("id -un");
        Assert.Equal(rig.User + "\n", answer.Output);
        Assert.Equal(SshQuestionKind.Password, Assert.Single(answers.Asked).Kind);
        Assert.StartsWith(rig.User + "@127.0.0.1", answers.Asked[0].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_credential_of_a_cmdlet_answers_a_password_and_a_question_for_it()
    {
        using System.Security.SecureString secret = Answers.Secret(rig.Password)!;
        Assert.Equal(rig.User + "\n", (await rig.Host("password", new GivenSshAnswers(secret, null)).RunAsync("id -un")).Output);
        Assert.Equal(rig.User + "\n", (await rig.Host("interactive", new GivenSshAnswers(secret, null)).RunAsync("id -un")).Output);
        Assert.Contains("Accepted keyboard-interactive", rig.Log, StringComparison.Ordinal);
        // It is the user's: nobody wipes it.
        Assert.Equal(rig.Password.Length, secret.Length);
    }

    [Fact]
    public async Task A_question_is_asked_in_the_words_of_the_host()
    {
        var answers = new Answers(rig.Password);
        Assert.Equal(rig.User + "\n", (await rig.Host("interactive", answers).RunAsync("id -un")).Output);
        Assert.Equal((SshQuestionKind.Interactive, false), (answers.Asked[0].Kind, answers.Asked[0].IsEchoed));
        Assert.Contains("Password", answers.Asked[0].Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_and_then_a_question()
    {
        var answers = new Answers(rig.Password);
        Assert.Equal(rig.User + "\n", (await rig.Host("both", answers).RunAsync("id -un")).Output);
        Assert.Single(answers.Asked);
    }

    [Fact]
    public async Task Two_hosts_on_the_way_ask_each_for_its_own()
    {
        var answers = new Answers(rig.Password, rig.Password);
        Assert.Equal(rig.User + "\n", (await rig.Host("through", answers).RunAsync("id -un")).Output);
        Assert.Equal([SshQuestionKind.Interactive, SshQuestionKind.Password], answers.Asked.Select(q => q.Kind));
    }

    [Fact]
    public async Task The_credential_of_a_host_is_not_given_to_the_one_on_the_way()
    {
        using System.Security.SecureString secret = Answers.Secret(rig.Password)!;
        var person = new Answers();
        int before = Logins();
        HostAnswer refused = await rig.Host("through", new GivenSshAnswers(secret, null, person)).RunAsync("id -un");
        Assert.Equal((HostOutcome.NotReached, HostFailureKind.AuthenticationFailed), (refused.Outcome, refused.Failure!.Kind));
        Assert.StartsWith("interactive", refused.Failure.Problem, StringComparison.Ordinal);
        Assert.Equal((SshQuestionKind.Interactive, false), (person.Asked[0].Kind, person.Asked[0].IsFromDestination));
        Assert.Equal(before, Logins());
        // The person answers the one on the way, the credential the host itself.
        person = new Answers(rig.Password);
        Assert.Equal(rig.User + "\n", (await rig.Host("through", new GivenSshAnswers(secret, null, person)).RunAsync("id -un")).Output);
        Assert.False(Assert.Single(person.Asked).IsFromDestination);

        int Logins() => rig.Log.Split("Accepted keyboard-interactive").Length;
    }

    [Theory]
    [InlineData("password")]
    [InlineData("interactive")]
    public async Task A_wrong_one_is_asked_for_again_and_then_told_without_being_repeated(string alias)
    {
        var answers = new Answers("secret-wrong-1", "secret-wrong-2", "secret-wrong-3");
        HostAnswer answer = await rig.Host(alias, answers).RunAsync("true");
        Assert.Equal((HostOutcome.NotReached, HostFailureKind.AuthenticationFailed), (answer.Outcome, answer.Failure!.Kind));
        Assert.InRange(answers.Asked.Count, 2, 3);
        Assert.DoesNotContain("secret-wrong", answer.Failure.ToString() + answer.Failure.ToException(), StringComparison.Ordinal);
        Assert.Contains("Connect-DftCluster", answer.Failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_credential_is_sent_once_where_the_host_takes_passwords_in_two_ways()
    {
        using System.Security.SecureString wrong = Answers.Secret("secret-wrong")!;
        var person = new Answers();
        int before = Passwords();
        HostAnswer answer = await rig.Host("either", new GivenSshAnswers(wrong, null, person)).RunAsync("true");
        Assert.Equal(HostFailureKind.AuthenticationFailed, answer.Failure!.Kind);
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.Equal(before, Passwords());
        // Whoever sits at the terminal is asked in both ways.
        Assert.Equal([SshQuestionKind.Interactive, SshQuestionKind.Password], person.Asked.Select(q => q.Kind).Distinct());
        Assert.All(person.Asked, q => Assert.True(q.Attempt > 1));

        int Passwords() => rig.Log.Split("Failed password").Length;
    }

    [Theory]
    [InlineData("password")]
    [InlineData("interactive")]
    [InlineData("both")]
    public async Task Where_nobody_answers_nothing_is_sent_that_would_count_as_a_wrong_password(string alias)
    {
        int before = Refusals();
        foreach (ISshAnswers? nobody in new ISshAnswers?[] { null, new Answers() })
        {
            Assert.Equal(HostFailureKind.AuthenticationFailed, (await rig.Host(alias, nobody).RunAsync("true")).Failure!.Kind);
            await rig.CloseAsync();
        }

        // PAM waits for a moment before it tells of a failure.
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.Equal(before, Refusals());

        int Refusals() => rig.Log.Split('\n').Count(l => l.Contains("PAM: Authentication failure", StringComparison.Ordinal) || l.Contains("Failed password", StringComparison.Ordinal) || l.Contains("Failed keyboard-interactive", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("interactive")]
    [InlineData("both")]
    public async Task Where_nobody_answers_it_is_said_what_to_do(string alias)
    {
        foreach (ISshAnswers? nobody in new ISshAnswers?[] { null, new Answers() })
        {
            HostAnswer answer = await rig.Host(alias, nobody).RunAsync("true");
            Assert.Equal(HostFailureKind.AuthenticationFailed, answer.Failure!.Kind);
            Assert.Contains("Connect-DftCluster", answer.Failure.Remedy, StringComparison.Ordinal);
        }
    }
}
