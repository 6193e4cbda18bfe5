using AtomProNet.Cli.Binding;

namespace AtomProNet.PS.Hosting;

/// <summary>Marks a secret, as PowerShell's does; here <see cref="SecretArgument"/> reads it and says how it is given.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute
{
    /// <param name="variable">The environment variable that is asked where the parameter is not given, which only PowerShell's names.</param>
    public SecretAttribute(string? variable = null) => _ = variable;
}
