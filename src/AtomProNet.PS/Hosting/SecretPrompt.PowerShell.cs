using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace AtomProNet.PS.Hosting;

internal static partial class SecretPrompt
{
    public static partial SecureString? Ask(PSCmdlet cmdlet, string prompt, bool isEchoed, CancellationToken cancellation)
    {
        try
        {
            cmdlet.Host.UI.Write(prompt);
            if (!isEchoed)
            {
                return Nothing(cmdlet.Host.UI.ReadLineAsSecureString());
            }

            var seen = new SecureString();
            foreach (var c in cmdlet.Host.UI.ReadLine() ?? "")
            {
                seen.AppendChar(c);
            }

            return Nothing(seen);
        }
        catch (Exception e) when (e is PSInvalidOperationException or HostException or NotImplementedException or PSNotSupportedException)
        {
            // -NonInteractive, a job, a host without a terminal: the error of the connection says what to do.
            return null;
        }
    }
}
