using System.Security;
using AtomProNet.Jobs.Clusters;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.Tests.Jobs.Hosts.Ssh;

/// <summary>Who gets a secret that was given beforehand, and who does not.</summary>
public sealed class GivenSecretsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SecureString password = Secret("the password"), passphrase = Secret("a passphrase");

    public void Dispose()
    {
        password.Dispose();
        passphrase.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(SshQuestionKind.Password, "me@there's password: ", true, 1, 12)]
    [InlineData(SshQuestionKind.Interactive, "Password: ", true, 1, 12)]
    [InlineData(SshQuestionKind.Password, "me@gate's password: ", false, 1, null)]
    [InlineData(SshQuestionKind.Interactive, "Password: ", false, 1, null)]
    [InlineData(SshQuestionKind.Interactive, "One-time password: ", true, 1, null)]
    [InlineData(SshQuestionKind.Password, "me@there's password: ", true, 2, null)]
    [InlineData(SshQuestionKind.Passphrase, "Passphrase of /home/me/.ssh/id: ", false, 1, 12)]
    [InlineData(SshQuestionKind.Passphrase, "Passphrase of /home/me/.ssh/id: ", false, 2, null)]
    public async Task A_password_is_the_destination_s_alone(SshQuestionKind kind, string prompt, bool isDestination, int attempt, int? length)
    {
        var question = new SshQuestion(kind, "me@there", prompt, Attempt: attempt) { IsFromDestination = isDestination };
        using SecureString? answer = await new GivenSshAnswers(password, passphrase).AnswerAsync(question, default);
        Assert.Equal(length, answer?.Length);
        // The other one is asked where it does not answer, and only there.
        var others = new SshNetHostTests.Answers("somebody else's words");
        using SecureString? further = await new GivenSshAnswers(password, passphrase, others).AnswerAsync(question, default);
        Assert.Equal((length ?? 21, length is null ? 1 : 0), (further!.Length, others.Asked.Count));
    }

    [Fact]
    public async Task The_asker_wipes_a_copy()
    {
        (await new GivenSshAnswers(password, null).AnswerAsync(new(SshQuestionKind.Password, "me@there", "") { IsFromDestination = true }, default))!.Dispose();
        Assert.Equal(12, password.Length);
    }

    [Theory]
    [InlineData("there", "me", null)]
    [InlineData("there", @"\me", null)]
    [InlineData("you@there", "you", null)]
    [InlineData("there", "you", "me")]
    [InlineData("you@there", "me", "you")]
    public void A_credential_of_another_user_than_the_one_that_logs_in_is_refused(string host, string user, string? login)
    {
        ClusterProfile profile = Profile(host);
        if (login is null)
        {
            Assert.NotNull(new ClusterSecrets(user, password, null).AnswersFor(profile, null));
            return;
        }

        var error = Assert.Throws<AtomProNetException>(() => new ClusterSecrets(user, password, null).AnswersFor(profile, null));
        Assert.Equal(("CredentialUserDiffers", user), (error.ErrorId, error.Value));
        Assert.Contains($"reached as {login}", error.Problem, StringComparison.Ordinal);
        Assert.Contains($"Register-DftCluster hpc -SshHost {user}@there -Force", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_secret_can_be_used_none_is_taken()
    {
        var given = new ClusterSecrets("me", password, null);
        Assert.Equal("OpenSshTakesNoSecret", Assert.Throws<AtomProNetException>(() => given.AnswersFor(Profile("there") with { Transport = SshTransport.OpenSsh }, null)).ErrorId);
        Assert.Equal("OpenSshTakesNoSecret", Assert.Throws<AtomProNetException>(() => new ClusterSecrets(null, null, passphrase).AnswersFor(Profile("there") with { Transport = SshTransport.OpenSsh }, null)).ErrorId);
        Assert.Equal("ClusterNotRemote", Assert.Throws<AtomProNetException>(() => given.AnswersFor(ClusterProfile.Local, null)).ErrorId);
        // Without one nothing is refused.
        Assert.NotNull(new ClusterSecrets(null, null, null).AnswersFor(Profile("there") with { Transport = SshTransport.OpenSsh }, null));
    }

    private static SecureString Secret(string text) => SshNetHostTests.Answers.Secret(text)!;

    private ClusterProfile Profile(string host) => new() { Name = "hpc", SshHost = host, SshConfig = folder.Write("config", "Host there\n  User me\n"), Transport = SshTransport.SshNet };
}
