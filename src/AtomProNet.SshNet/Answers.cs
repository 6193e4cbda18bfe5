using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using AtomProNet.Jobs.Hosts.Ssh;

namespace AtomProNet.SshNet;

/// <summary>
/// Passwords and passphrases that were accepted, kept in memory alone and no longer than their connection, so that one that breaks at night can be made again.
/// Nothing that is good for one time only is kept.
/// </summary>
internal sealed class RememberedAnswers
{
    private readonly Dictionary<string, SecureString> answers = new(StringComparer.Ordinal);

    public SecureString? Find(SshQuestion question)
    {
        lock (answers)
        {
            return question.Attempt == 1 && answers.TryGetValue(Key(question), out SecureString? answer) ? answer.Copy() : null;
        }
    }

    public void Add(SshQuestion question, SecureString answer)
    {
        lock (answers)
        {
            if (answers.Remove(Key(question), out SecureString? old))
            {
                old.Dispose();
            }

            answers[Key(question)] = answer;
        }
    }

    public void Clear()
    {
        lock (answers)
        {
            foreach (SecureString answer in answers.Values)
            {
                answer.Dispose();
            }

            answers.Clear();
        }
    }

    private static string Key(SshQuestion question) => $"{question.Kind}\n{question.IsFromDestination}\n{question.Target}\n{question.Prompt}";
}

/// <summary>Answers from memory, then from whoever else there is, and notes what was said until it is known to be right.</summary>
internal sealed class RecordedAnswers(ISshAnswers? others, RememberedAnswers remembered) : ISshAnswers, IDisposable
{
    private readonly List<(SshQuestion Question, SecureString Answer)> said = [];

    public async Task<SecureString?> AnswerAsync(SshQuestion question, CancellationToken cancellation)
    {
        if (remembered.Find(question) is { } known)
        {
            return known;
        }

        SecureString? answer = others is null ? null : await others.AnswerAsync(question, cancellation).ConfigureAwait(false);
        if (answer is not null && !question.IsOneTime)
        {
            said.Add((question, answer.Copy()));
        }

        return answer;
    }

    /// <summary>The connection stands: the last answer to each question was right.</summary>
    public void Keep()
    {
        foreach ((SshQuestion question, SecureString answer) in said)
        {
            remembered.Add(question with { Attempt = 1 }, answer);
        }

        said.Clear();
    }

    public void Dispose()
    {
        foreach ((_, SecureString answer) in said)
        {
            answer.Dispose();
        }
    }
}

/// <summary>Secrets as SSH.NET wants them, at the one place where they are sent.</summary>
internal static class SecretBytes
{
    /// <summary>The text; it goes into no message and no log.</summary>
    public static string Text(SecureString secret)
    {
        nint memory = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(memory, secret.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(memory);
        }
    }

    /// <summary>The text in UTF-8, which whoever uses it wipes; no string of it is made, since nothing could wipe that.</summary>
    public static byte[] Utf8(SecureString secret)
    {
        nint memory = Marshal.SecureStringToGlobalAllocUnicode(secret);
        char[] text = new char[secret.Length];
        try
        {
            Marshal.Copy(memory, text, 0, text.Length);
            return Encoding.UTF8.GetBytes(text);
        }
        finally
        {
            Array.Clear(text);
            Marshal.ZeroFreeGlobalAllocUnicode(memory);
        }
    }
}
