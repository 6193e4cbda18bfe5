using System.Management.Automation;
using System.Security;

namespace AtomProNet.PS.Hosting;

internal static partial class SecretPrompt
{
    public static partial SecureString? Ask(PSCmdlet cmdlet, string prompt, bool isEchoed, CancellationToken cancellation)
    {
        // Standard input may be a pipe that holds something else.
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return null;
        }

        // The first look at the keyboard turns the echo off: before anybody sees that something is to be typed.
        _ = isEchoed || Console.KeyAvailable;
        Console.Error.Write(prompt);
        // Nothing can end a read from the terminal: after Ctrl+C it is left behind, and ends with the process, which is about to end.
        Task<SecureString> typing = Task.Factory.StartNew(() => Read(isEchoed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        typing.Wait(cancellation);
        return Nothing(typing.Result);
    }

    private static SecureString Read(bool isEchoed)
    {
        var answer = new SecureString();
        if (isEchoed)
        {
            foreach (char c in Console.ReadLine() ?? "")
            {
                answer.AppendChar(c);
            }

            return answer;
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
        return answer;
    }
}
