using AtomProNet.Structures;

namespace AtomProNet.Formats;

/// <summary>Writes formats whose files hold one structure: a second one is refused.</summary>
/// <param name="formatName">The format, for the message.</param>
/// <param name="write">Writes the structure.</param>
internal sealed class SingleStructureWriter(string formatName, Action<Structure> write) : IFormatWriter
{
    private bool written;

    /// <inheritdoc/>
    public void Write(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (written)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "FormatHoldsOne", $"A file of the format {formatName} holds one structure, but there are more.", value: frame.Structure.ToString(), remedy: "Give a folder with -Destination, which gets a file for each, or write extended XYZ.");
        }

        write(frame.Structure);
        written = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
