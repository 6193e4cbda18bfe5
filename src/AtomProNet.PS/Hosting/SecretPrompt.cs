using System.Management.Automation;
using System.Security;

namespace AtomProNet.PS.Hosting;

/// <summary>Asks whoever sits at the terminal for a secret. Each host does it in its own way: PowerShell by its user interface, the launcher by the console.</summary>
internal static partial class SecretPrompt
{
    /// <summary>Asks; null where nobody can answer, or nothing was typed.</summary>
    /// <param name="cmdlet">For whom.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="isEchoed">Whether the answer may be seen.</param>
    /// <param name="cancellation">Ends the waiting (Ctrl+C).</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static partial SecureString? Ask(PSCmdlet cmdlet, string prompt, bool isEchoed, CancellationToken cancellation);

    private static SecureString? Nothing(SecureString? answer) => answer is { Length: > 0 } ? answer : null;
}
