using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Cif;

/// <summary>CIF.</summary>
internal sealed class CifFormat : IFormat
{
    public string Name => "Cif";

    public string Description => "Crystallographic Information File (CIF 1.1)";

    public ImmutableArray<string> FileNamePatterns { get; } = ["*.cif"];

    public string Extension => ".cif";

    public FormatCapabilities Capabilities { get; } = new()
    {
        CanRead = true,
        CanWrite = true,
        HoldsMany = true,
        HoldsMolecules = false,
        HoldsPeriodicity = false,
        KeepsOrientation = false,
        KeepsSiteOrder = true,
        HoldsLabels = false,
        SiteProperties = ["oxidation_state"],
    };

    public IEnumerable<Frame> Read(Stream stream, string source, FormatReadOptions options, CancellationToken cancellationToken = default)
    {
        foreach (Structure structure in CifReader.Read(stream, source, new() { Report = options.Report }))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Frame(structure);
        }
    }

    public IFormatWriter OpenWriter(Stream stream) => new CifWriter(stream);
}
