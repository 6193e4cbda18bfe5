using System.Runtime.InteropServices;
using System.Security;

namespace AtomProNet.PS.Hosting;

/// <summary>Reads a SecureString at the one place where it is sent. What comes out goes into no message, log or file.</summary>
internal static class SecretText
{
    /// <summary>The text of a secret; null where none was given or it is empty.</summary>
    public static string? Reveal(SecureString? secret)
    {
        if (secret is null || secret.Length == 0)
        {
            return null;
        }

        var memory = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(memory, secret.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(memory);
        }
    }

    /// <summary>The text of a secret, or of an environment variable where none was given; null where there is neither.</summary>
    public static string? RevealOrEnvironment(SecureString? secret, string variable)
    {
        var text = Reveal(secret) ?? Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
