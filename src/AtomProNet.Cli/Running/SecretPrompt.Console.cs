using System.Management.Automation;
using System.Security;

namespace AtomProNet.PS.Hosting;

internal static partial class SecretPrompt
{
    public static partial SecureString? Ask(PSCmdlet cmdlet, string prompt, bool isEchoed)
    {
        // Standard input may be a pipe that holds something else.
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return null;
        }

        Console.Error.Write(prompt);
        var answer = new SecureString();
        if (isEchoed)
        {
            foreach (var c in Console.ReadLine() ?? "")
            {
                answer.AppendChar(c);
            }

            return Nothing(answer);
        }

        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                if (answer.Length > 0)
                {
                    answer.RemoveAt(answer.Length - 1);
                }
            }
            else if (key.KeyChar != '\0' && !char.IsControl(key.KeyChar))
            {
                answer.AppendChar(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return Nothing(answer);
    }
}
