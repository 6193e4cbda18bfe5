using System.Security;

namespace AtomProNet.Jobs.Hosts.Ssh;

/// <summary>What a secret is wanted for.</summary>
public enum SshQuestionKind
{
    /// <summary>The password of an account.</summary>
    Password,
    /// <summary>The passphrase of a key file.</summary>
    Passphrase,
    /// <summary>A question in the host's own words: a second factor, a one-time code, or a password asked for in this way.</summary>
    Interactive,
}

/// <summary>A question that has to be answered before a connection stands.</summary>
/// <param name="Kind">What is wanted.</param>
/// <param name="Target">Whom it is for: <c>user@host</c>, or the path of a key.</param>
/// <param name="Prompt">The question, in one line without control characters.</param>
/// <param name="IsEchoed">Whether the answer may be seen while it is typed.</param>
/// <param name="Attempt">1 for the first time; the answers before this one were refused.</param>
public sealed record SshQuestion(SshQuestionKind Kind, string Target, string Prompt, bool IsEchoed = false, int Attempt = 1)
{
    /// <summary>Whether it is the host that is to be reached who asks; false for one on the way there (ProxyJump), which must not get that host's secrets, and for a key file, which is this computer's.</summary>
    public bool IsFromDestination { get; init; }

    /// <summary>Whether the answer is good for one time only, so that it must not be given again on its own.</summary>
    public bool IsOneTime => Kind == SshQuestionKind.Interactive && !AsksForPassword;

    /// <summary>Whether a question in the host's own words asks for the account's password.</summary>
    internal bool AsksForPassword => Prompt.Contains("password", StringComparison.OrdinalIgnoreCase) && !OneTimeWords.Any(w => Prompt.Contains(w, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> OneTimeWords => ["one-time", "one time", "onetime", "otp", "token", "code", "new password", "second"];
}

/// <summary>Answers what hosts ask: a user at a terminal, or secrets that were given beforehand.</summary>
public interface ISshAnswers
{
    /// <summary>The answer; null where there is none. It is the asker's own, who wipes it after use: whoever wants to keep a secret gives a copy.</summary>
    Task<SecureString?> AnswerAsync(SshQuestion question, CancellationToken cancellation);
}

/// <summary>
/// Secrets given beforehand; what they do not answer goes to somebody else. The password is the destination's alone: a jump host that asks for one does not get
/// it. The passphrase goes to no host, and so is tried with each key that wants one.
/// </summary>
/// <param name="password">The account's password; null for none.</param>
/// <param name="passphrase">The passphrase of the key; null for none.</param>
/// <param name="others">Who is asked otherwise; null for nobody.</param>
public sealed class GivenSshAnswers(SecureString? password, SecureString? passphrase, ISshAnswers? others = null) : ISshAnswers
{
    /// <inheritdoc/>
    public async Task<SecureString?> AnswerAsync(SshQuestion question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        SecureString? given = question.Kind == SshQuestionKind.Passphrase ? passphrase
            : question.IsFromDestination && (question.Kind == SshQuestionKind.Password || question.AsksForPassword) ? password : null;
        // What was refused once is refused again, and some hosts lock the account.
        return given is { Length: > 0 } && question.Attempt == 1 ? given.Copy()
            : others is null ? null : await others.AnswerAsync(question, cancellation).ConfigureAwait(false);
    }
}
