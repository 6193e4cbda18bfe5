using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Cif;

/// <summary>
/// Reads crystals from CIF 1.1: the cell, the sites, and all that the listed symmetry operations make of them.
/// </summary>
/// <remarks>
/// Site property <c>oxidation_state</c> (real), from type symbols such as <c>Al3+</c> or from <c>_atom_type_oxidation_number</c>, where
/// every site has one. The name is that of the data block. Coordinates that are listed stay as they are; those that an operation
/// makes are moved into the cell.
/// </remarks>
public static class CifReader
{
    /// <summary>Reads the structures of a stream, which is left open.</summary>
    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, string, CifReadOptions?)"/>
    public static IReadOnlyList<Structure> Read(Stream stream, string source, CifReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(WholeStream.Read(stream), source, options);
    }

    /// <summary>Reads the structures, one for each data block that has sites.</summary>
    /// <param name="text">The file's bytes.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="options">Who is told of findings.</param>
    /// <exception cref="AtomProNetException">
    /// The file breaks the rules of the format, or holds what a structure cannot: partial occupancy, two species on one site, a space
    /// group without its operations, Cartesian coordinates alone.
    /// </exception>
    public static IReadOnlyList<Structure> Read(ReadOnlySpan<byte> text, string source, CifReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            var structures = new List<Structure>();
            foreach (CifBlock block in CifBlock.ReadAll(text, source))
            {
                if (CifCrystal.HasSites(block))
                {
                    structures.Add(new CifCrystal(block, source, options ?? new CifReadOptions()).ToStructure());
                }
            }

            return structures.Count > 0 ? structures : throw new AtomProNetException(ErrorKind.InvalidData, "CifSitesMissing", "No data block of the file lists the sites of a crystal.", source, remedy: "It must hold a loop with _atom_site_fract_x, _atom_site_fract_y and _atom_site_fract_z.");
        }
        catch (AtomProNetException e)
        {
            throw e.InFile(source);
        }
    }
}
