using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>Extended XYZ, and plain XYZ for reading.</summary>
internal sealed class ExtendedXyzFormat : IFormat
{
    public string Name => "ExtendedXyz";

    public string Description => "Extended XYZ (libAtoms/extxyz), and plain XYZ for reading";

    public ImmutableArray<string> FileNamePatterns { get; } = ["*.xyz", "*.extxyz"];

    public string Extension => ".xyz";

    public FormatCapabilities Capabilities { get; } = new()
    {
        CanRead = true,
        CanWrite = true,
        HoldsMany = true,
        HoldsMolecules = true,
        HoldsPeriodicity = true,
        KeepsOrientation = true,
        KeepsSiteOrder = true,
        HoldsLabels = true,
    };

    public IEnumerable<Frame> Read(Stream stream, string source, FormatReadOptions options, CancellationToken cancellationToken = default) =>
        ExtendedXyzReader.Read(stream, source, null, cancellationToken);

    public IFormatWriter OpenWriter(Stream stream) => new ExtendedXyzWriter(stream);
}
