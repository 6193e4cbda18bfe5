using System.Management.Automation;

namespace AtomProNet.PS.Hosting;

/// <summary>Says how a secret is given where it was given as plain text. What was given is not repeated. (The launcher's arguments are plain text and name an environment variable.)</summary>
/// <param name="variable">The environment variable that is asked where the parameter is not given.</param>
internal sealed class SecretAttribute(string variable) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string
            ? throw new ArgumentTransformationMetadataException($"A secret is not given as plain text, which the shell keeps in its history. Give (Read-Host -AsSecureString), or set $env:{variable} and leave the parameter out.")
            : inputData;
}
