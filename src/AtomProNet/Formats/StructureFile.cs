using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using AtomProNet.Structures;

namespace AtomProNet.Formats;

/// <summary>Reads structures from files, whatever their format, and notes where they come from.</summary>
public static class StructureFile
{
    /// <summary>
    /// Reads the structures of a file, with their labels, one after the other. Each gets the file as the root of its provenance
    /// (<c>file</c>, <c>format</c>, <c>sha256</c> of the content, and its number in a file of several), unless the file itself tells where it
    /// comes from. The group is the file, marked as inferred.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format; null where its name tells.</param>
    /// <param name="options">What the caller knows that the file does not tell; null for nothing.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AtomProNetException">The format is not known, or the file breaks its rules.</exception>
    public static IEnumerable<Frame> Read(string path, IFormat? format = null, FormatReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        string full = Path.GetFullPath(path);
        format ??= FormatRegistry.ForFile(full);
        options ??= new FormatReadOptions();
        return Frames();

        IEnumerable<Frame> Frames()
        {
            using var stream = new FileStream(full, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            string? hash = null;
            if (stream.CanSeek)
            {
                hash = Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
                stream.Position = 0;
            }

            long number = 0;
            foreach (Frame frame in format.Read(stream, full, options, cancellationToken))
            {
                number++;
                yield return frame.Structure.Provenance is not null
                    ? frame
                    : frame.WithStructure(frame.Structure.With(provenance: Root(hash, number)));
            }
        }

        Provenance Root(string? hash, long number)
        {
            string id = full.Replace('\\', '/');
            var parameters = ImmutableSortedDictionary<string, string>.Empty.Add("file", id).Add("format", format.Name);
            parameters = hash is null ? parameters : parameters.Add("sha256", hash);
            parameters = format.Capabilities.HoldsMany ? parameters.Add("number", number.ToString(CultureInfo.InvariantCulture)) : parameters;
            return Provenance.Root("File", id, parameters).WithGroup(id, inferred: true);
        }
    }
}
