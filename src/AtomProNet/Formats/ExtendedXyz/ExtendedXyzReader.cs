using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>
/// Reads extended XYZ (the specification of libAtoms/extxyz) and plain XYZ frame by frame: a file of any size takes the memory
/// of one frame.
/// </summary>
/// <remarks>
/// Labels are recognised by the names that ASE, NequIP, MACE and the original AtomProNet give them. Units are eV, Å and eV/Å³; a stress
/// is tension positive, a virial is −σ·V. What is not recognised stays in <see cref="Frame.Information"/> and
/// <see cref="Structure.SiteProperties"/> with its type. Column <c>initial_magmoms</c> becomes the site property <c>magmom</c>.
/// In plain XYZ the second line becomes the information <c>comment</c>, and columns behind the fourth are not read.
/// </remarks>
public static class ExtendedXyzReader
{
    /// <summary>Reads the frames of a stream, which is left open.</summary>
    /// <param name="stream">Read from its present position to its end, as frames are asked for.</param>
    /// <param name="source">The file's name, for messages and for <see cref="Frame.Source"/>.</param>
    /// <param name="options">Whose names hold the labels.</param>
    /// <param name="cancellationToken">Stops between two frames.</param>
    /// <exception cref="AtomProNetException">
    /// The file breaks the format's rules or is cut. Frames before that place have been returned by then, and are whole.
    /// </exception>
    public static IEnumerable<Frame> Read(Stream stream, string source, ExtendedXyzReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(source);
        return Frames();

        IEnumerable<Frame> Frames()
        {
            using var lines = new StreamLines(stream);
            var reader = new FrameReader(lines, source, options ?? new ExtendedXyzReadOptions());
            while (reader.Read() is { } frame)
            {
                yield return frame;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
