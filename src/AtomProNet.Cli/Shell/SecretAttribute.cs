using AtomProNet.Cli.Binding;

namespace AtomProNet.PS.Hosting;

/// <summary>Marks a secret; <see cref="SecretArgument"/> reads it and says how it is given.</summary>
/// <param name="variable">The environment variable that is asked where the parameter is not given; null for none.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute(string? variable = null) : Attribute
{
    /// <summary>The environment variable that is asked where the parameter is not given; null for none.</summary>
    public string? Variable { get; } = variable;
}
