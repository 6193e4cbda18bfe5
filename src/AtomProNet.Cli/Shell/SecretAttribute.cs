using AtomProNet.Cli.Binding;

namespace AtomProNet.PS.Hosting;

/// <summary>Marks a secret; <see cref="SecretArgument"/> reads it and says how it is given.</summary>
/// <param name="variable">The environment variable that is asked where the parameter is not given.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute(string variable) : Attribute
{
    /// <summary>The environment variable that is asked where the parameter is not given.</summary>
    public string Variable { get; } = variable;
}
