using System.Management.Automation;
using System.Security;

namespace AtomProNet.PS.Hosting;

/// <summary>
/// Stands at every secret and says how it is given where it was given as plain text, which the shell's own message would repeat. (The launcher's arguments are plain text
/// and name an environment variable.)
/// </summary>
/// <param name="variable">The environment variable that is asked where the parameter is not given; null for none.</param>
internal sealed class SecretAttribute(string? variable = null) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is null or SecureString
            ? inputData
            : throw new ArgumentTransformationMetadataException("A secret is not given as plain text, which the shell keeps in its history. Give (Read-Host -AsSecureString)"
                + (variable is null ? "." : $", or leave the parameter out and set {variable} in the environment that the shell starts in."));
}
