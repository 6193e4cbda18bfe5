using System.Security;

namespace System.Management.Automation;

/// <summary>A user's name and secret.</summary>
public sealed class PSCredential(string userName, SecureString password)
{
    public string UserName { get; } = userName;

    public SecureString Password { get; } = password;
}
