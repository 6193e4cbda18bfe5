using System.Management.Automation;
using System.Security;
using AtomProNet.Cli.Language;

namespace AtomProNet.Cli.Binding;

/// <summary>
/// A secret is never written on the command line, where every user of the machine can read it and the shell keeps it: the
/// argument names an environment variable, as in -ApiKey env:MP_API_KEY or -ProxyCredential name,env:PROXY_PASSWORD.
/// </summary>
internal static class SecretArgument
{
    private const string Prefix = "env:";

    /// <summary>Reads a user's name and the name of the variable that holds the password.</summary>
    /// <exception cref="PSInvalidCastException">The argument is no such pair.</exception>
    public static PSCredential ReadCredential(object value) =>
        value is object?[] and [string name, string secret]
            ? new PSCredential(name, Read(secret))
            : throw new PSInvalidCastException("A credential is written as the user's name, a comma and the environment variable that holds the password, as in name,env:PROXY_PASSWORD");

    /// <summary>Reads the secret that an argument names.</summary>
    /// <exception cref="PSInvalidCastException">The argument is no such name, or the variable is empty. The message never repeats the argument.</exception>
    public static SecureString Read(object value)
    {
        var text = value is Word word ? word.Text : value as string ?? "";
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || text.Length == Prefix.Length)
        {
            throw new PSInvalidCastException("A secret is not written on the command line: put it into an environment variable and name that, as in env:MP_API_KEY");
        }

        var variable = text[Prefix.Length..];
        var secret = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(secret))
        {
            throw new PSInvalidCastException($"The environment variable {variable} is not set");
        }

        var result = new SecureString();
        foreach (var c in secret)
        {
            result.AppendChar(c);
        }

        result.MakeReadOnly();
        return result;
    }
}
