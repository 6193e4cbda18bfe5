using System.Collections.Immutable;
using System.Text;
using AtomProNet.Calculations;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// The known messages of pw.x. Texts as in its sources (releases 6.7 and 7.5: PW/src, Modules, KS_Solvers, LAXlib, upflib), where
/// errore prints <c>Error in routine NAME (n):</c> and the message between rows of percent signs.
/// </summary>
internal static class PwMessages
{
    private static readonly Lazy<ImmutableArray<KnownMessage>> LoadedErrors = new(() => KnownMessage.LoadAlone("AtomProNet.QuantumEspresso.Outputs.Data.errors.json"));
    private static readonly Lazy<ImmutableArray<KnownMessage>> LoadedLines = new(() => KnownMessage.Load("AtomProNet.QuantumEspresso.Outputs.Data.messages.json"));

    /// <summary>What pw.x stops with. A text is part of <c>routine: message</c>; the first entry that fits counts.</summary>
    internal static ImmutableArray<KnownMessage> Errors => LoadedErrors.Value;

    /// <summary>What is printed in a line of its own: warnings of pw.x, how it ended, and the messages of libraries and schedulers.</summary>
    internal static ImmutableArray<KnownMessage> Lines => LoadedLines.Value;

    /// <summary>The cause that an error message stands for.</summary>
    /// <param name="routine">The routine that stopped.</param>
    /// <param name="message">Its message.</param>
    /// <param name="file">The file in which it stands.</param>
    /// <param name="line">The line; null where it was not counted.</param>
    /// <param name="hasSteps">Whether pw.x had come to compute anything: before that, errors are those of the input.</param>
    internal static (KnownMessage Known, ExitCause Cause) Identify(string routine, string message, string file, long? line, bool hasSteps)
    {
        string text = $"{routine.Trim()}: {message.Trim()}";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        KnownMessage known = Errors.FirstOrDefault(e => e.Texts.Any(t => bytes.AsSpan().IndexOf(t) >= 0)) ?? new(
            "PwError",
            hasSteps ? ExitKind.NumericalError : ExitKind.BadInput,
            true,
            [],
            $"pw.x stopped in its routine {routine.Trim()}: {message.Trim()}.",
            hasSteps ? "Look at the message, and at what stands before it in the output." : "Look at the message: it stopped before it computed anything, so that the input or the machine is at fault.",
            []);
        return (known, new(known.Kind, known.Code, true, known.Message, known.Remedy, file, line, text));
    }
}
