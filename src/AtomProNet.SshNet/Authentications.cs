using System.Security;
using AtomProNet.Jobs.Hosts.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AtomProNet.SshNet;

/// <summary>
/// The ways to prove who one is, in the order of the configuration. Nothing is asked for before the host wants it; while somebody types, the
/// connection's own limit of time does not run.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="isDestination">Whether it is the one that is to be reached, rather than one on the way.</param>
/// <param name="answers">Who answers; null for nobody.</param>
/// <param name="cancellation">Ends the asking.</param>
internal sealed class Authentications(SshHostSettings host, bool isDestination, ISshAnswers? answers, CancellationToken cancellation)
{
    private static readonly TimeSpan TypingTime = TimeSpan.FromMinutes(5);
    private const int Attempts = 3;
    private readonly SshHostSettings host = host;
    private readonly bool isDestination = isDestination;
    private readonly List<string> tried = [];

    // A question for the password was answered and the answer refused: the host may ask for the same password in another way.
    private bool isPasswordRefused;

    /// <summary>The connection that they are for; it is made with them, and so after them.</summary>
    public ConnectionInfo? Connection { get; set; }

    /// <summary>What was tried, in words without secrets.</summary>
    public IReadOnlyList<string> Tried => tried;

    public AuthenticationMethod[] All()
    {
        var methods = new List<AuthenticationMethod>();
        foreach (string name in host.Authentications)
        {
            if (name == "publickey")
            {
                methods.AddRange(Keys().Select(key => new KeyMethod(this, key)));
            }
            else if (answers is not null)
            {
                for (int attempt = 1; attempt <= Attempts; attempt++)
                {
                    methods.Add(name == "password" ? new PasswordMethod(this, attempt) : new InteractiveMethod(this, attempt));
                }
            }
        }

        return methods.Count > 0 ? [.. methods] : [new NoneAuthenticationMethod(host.User)];
    }

    /// <summary>Asks, on whatever thread SSH.NET happens to be.</summary>
    internal SecureString? Ask(SshQuestion question) => answers?.AnswerAsync(question, cancellation).GetAwaiter().GetResult();

    private IEnumerable<IPrivateKeySource> Keys()
    {
        var files = new List<FileKey>();
        foreach (string path in host.IdentityFiles)
        {
            if (FileKey.TryRead(path, this, tried) is { } key)
            {
                files.Add(key);
            }
        }

        IReadOnlyList<AgentKey> agent = host.Agent is null ? [] : SshAgent.Keys(host.Agent, tried);
        bool IsFile(AgentKey key) => files.Any(f => f.Blob is not null && f.Blob.AsSpan().SequenceEqual(key.Blob)) || host.IdentityFiles.Any(f => FileKey.PublicBlob(f) is { } blob && blob.AsSpan().SequenceEqual(key.Blob));
        AgentKey[] first = [.. agent.Where(IsFile)];
        AgentKey[] others = host.IdentitiesOnly ? [] : [.. agent.Except(first)];
        IEnumerable<FileKey> rest = files.Where(f => f.Blob is null || !agent.Any(a => a.Blob.AsSpan().SequenceEqual(f.Blob)));
        // Those that ask for a passphrase come last.
        return [.. first, .. others, .. rest.OrderBy(f => f.IsEncrypted ? 1 : 0)];
    }

    private void Note(string text) => tried.Add(text);

    // What is wanted stands at the end, behind lists of devices to choose from.
    private static string Clean(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c).TakeLast(2000)]);

    private AuthenticationResult WhileTyping(Func<AuthenticationResult> work)
    {
        TimeSpan before = Connection!.Timeout;
        Connection.Timeout = TypingTime;
        try
        {
            return work();
        }
        finally
        {
            Connection.Timeout = before;
        }
    }

    /// <summary>One key; another one failing does not keep it from being tried.</summary>
    private sealed class KeyMethod : PrivateKeyAuthenticationMethod
    {
        private readonly Authentications owner;
        private readonly string name;

        public KeyMethod(Authentications owner, IPrivateKeySource key) : base(owner.host.User, key)
        {
            this.owner = owner;
            name = key.ToString() ?? "";
        }

        public override AuthenticationResult Authenticate(Session session)
        {
            try
            {
                AuthenticationResult result = base.Authenticate(session);
                owner.Note($"{name}: {(result == AuthenticationResult.Failure ? "not accepted" : "accepted")}");
                return result;
            }
            catch (KeyUnusableException e)
            {
                owner.Note($"{name}: {e.Message}");
                return AuthenticationResult.Failure;
            }
        }
    }

    private sealed class PasswordMethod(Authentications owner, int attempt) : AuthenticationMethod(owner.host.User)
    {
        public override string Name => "password";

        public override AuthenticationResult Authenticate(Session session)
        {
            using SecureString? secret = owner.Ask(new(SshQuestionKind.Password, owner.host.Login, $"{owner.host.Login}'s password: ", Attempt: owner.isPasswordRefused ? attempt + 1 : attempt) { IsFromDestination = owner.isDestination });
            if (secret is null)
            {
                owner.Note("password: none given");
                return AuthenticationResult.Failure;
            }

            byte[] bytes = SecretBytes.Utf8(secret);
            try
            {
                using var inner = new PasswordAuthenticationMethod(owner.host.User, bytes);
                inner.PasswordExpired += (_, _) => throw new SshAuthenticationException("The password has expired: log in by hand and change it.");
                AuthenticationResult result = inner.Authenticate(session);
                AllowedAuthentications = inner.AllowedAuthentications;
                owner.Note($"password: {(result == AuthenticationResult.Failure ? "not accepted" : "accepted")}");
                return result;
            }
            finally
            {
                System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
            }
        }
    }

    private sealed class InteractiveMethod : KeyboardInteractiveAuthenticationMethod
    {
        private readonly Authentications owner;
        private bool hasGivenPassword;

        public InteractiveMethod(Authentications owner, int attempt) : base(owner.host.User)
        {
            this.owner = owner;
            AuthenticationPrompt += (_, asked) =>
            {
                foreach (AuthenticationPrompt prompt in asked.Prompts)
                {
                    string text = Clean(prompt.Request.Length > 0 ? prompt.Request : asked.Instruction);
                    // An empty answer would count as a wrong password, of which some hosts take few before they lock the account.
                    var question = new SshQuestion(SshQuestionKind.Interactive, owner.host.Login, text, prompt.IsEchoed, attempt) { IsFromDestination = owner.isDestination };
                    using SecureString secret = owner.Ask(question) ?? throw new NotAnsweredException();
                    hasGivenPassword |= question.AsksForPassword;
                    prompt.Response = SecretBytes.Text(secret);
                }
            };
        }

        public override AuthenticationResult Authenticate(Session session)
        {
            // Nobody to ask is known from the last time.
            if (owner.tried.Contains("keyboard-interactive: none given"))
            {
                return AuthenticationResult.Failure;
            }

            try
            {
                AuthenticationResult result = owner.WhileTyping(() => base.Authenticate(session));
                owner.isPasswordRefused |= hasGivenPassword && result == AuthenticationResult.Failure;
                owner.Note($"keyboard-interactive: {(result == AuthenticationResult.Failure ? "not accepted" : "accepted")}");
                return result;
            }
            catch (NotAnsweredException)
            {
                owner.Note("keyboard-interactive: none given");
                return AuthenticationResult.Failure;
            }
        }
    }

    /// <summary>Nobody answers a question of the host: nothing is sent.</summary>
    private sealed class NotAnsweredException : Exception;
}

/// <summary>A key cannot be used; the next way is tried.</summary>
internal sealed class KeyUnusableException(string message, Exception? inner = null) : Exception(message, inner);
