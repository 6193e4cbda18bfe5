using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats;

/// <summary>
/// A file format for structures. A new one is a folder of its own with one class that implements this, and a line in
/// <see cref="FormatRegistry"/>. Implementations have no state.
/// </summary>
public interface IFormat
{
    /// <summary>Its name in PascalCase, such as <c>ExtendedXyz</c>.</summary>
    string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    string Description { get; }

    /// <summary>The file names that it goes by, with * for any characters; case does not count.</summary>
    ImmutableArray<string> FileNamePatterns { get; }

    /// <summary>The extension of files that are named after a structure, such as <c>.cif</c>.</summary>
    string Extension { get; }

    /// <summary>What it can hold.</summary>
    FormatCapabilities Capabilities { get; }

    /// <summary>Reads the structures of a stream, with their labels, one after the other; the stream is left open.</summary>
    /// <param name="stream">Read from its present position on.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="options">What the caller knows that the file does not tell.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AtomProNetException">The file breaks the rules of the format, or the format cannot be read.</exception>
    IEnumerable<Frame> Read(Stream stream, string source, FormatReadOptions options, CancellationToken cancellationToken = default);

    /// <summary>Prepares writing to a stream, which is left open.</summary>
    /// <exception cref="AtomProNetException">The format cannot be written.</exception>
    IFormatWriter OpenWriter(Stream stream);
}

/// <summary>Writes structures one after the other.</summary>
public interface IFormatWriter : IDisposable
{
    /// <summary>Writes a structure, and its labels where the format holds such.</summary>
    /// <exception cref="AtomProNetException">The format cannot hold it, or no further one.</exception>
    void Write(Frame frame);
}
