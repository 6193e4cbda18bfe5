using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Poscar;

/// <summary>POSCAR and CONTCAR.</summary>
internal sealed class PoscarFormat : IFormat
{
    public string Name => "Poscar";

    public string Description => "VASP's POSCAR and CONTCAR";

    // The original AtomProNet writes <id>_POSCAR.
    public ImmutableArray<string> FileNamePatterns { get; } = ["POSCAR*", "CONTCAR*", "*.vasp", "*.poscar", "*.contcar", "*_POSCAR", "*_CONTCAR"];

    public string Extension => ".vasp";

    public FormatCapabilities Capabilities { get; } = new()
    {
        CanRead = true,
        CanWrite = true,
        HoldsMany = false,
        HoldsMolecules = false,
        HoldsPeriodicity = false,
        KeepsOrientation = true,
        KeepsSiteOrder = false,
        HoldsLabels = false,
        SiteProperties = ["selective_dynamics", "velocities"],
    };

    public IEnumerable<Frame> Read(Stream stream, string source, FormatReadOptions options, CancellationToken cancellationToken = default)
    {
        yield return new Frame(PoscarReader.Read(stream, source, new() { Species = options.Species, Report = options.Report }));
    }

    public IFormatWriter OpenWriter(Stream stream) => new SingleStructureWriter(Name, structure => PoscarWriter.Write(stream, structure));
}
