using System.Collections.Immutable;
using System.IO.Compression;
using AtomProNet.Files;
using AtomProNet.Formats.Npy;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Npz;

/// <summary>
/// Writes frames as .npz (a zip of .npy arrays, not compressed, as numpy.savez makes it). One composition a file: a set of several
/// makes <c>set_Al2O3.npz</c>, <c>set_Al4O6.npz</c> …
/// </summary>
internal sealed class NpzWriter : IFrameSetWriter
{
    // The earliest time that a zip can tell: the same frames give the same bytes whenever they are written.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly NpzLayout layout;
    private readonly ArraySpool spool;
    private readonly ArraySystems systems;

    /// <param name="layout">Which arrays.</param>
    /// <param name="spoolFolder">A folder that can be made for what does not fit into memory.</param>
    public NpzWriter(NpzLayout layout, string spoolFolder)
    {
        this.layout = layout;
        spool = new(spoolFolder);
        systems = new(spool);
    }

    public AtomProNetException? WhyCannotHold(Frame frame)
    {
        Structure s = frame.Structure;
        string? why = layout == NpzLayout.AtomProNet && (s.Lattice is null || !s.Periodicity.All)
            ? "holds crystals that repeat in three directions, and this frame does not"
            : null;
        return why is null ? null : new(ErrorKind.NotSupported, "NpzCannotHold", $"The layout {layout} {why}.", value: frame.ToString(), remedy: "Choose extended XYZ, or the layout Sgdml.");
    }

    public void Write(Frame frame, EnergyKind? label)
    {
        Structure structure = frame.Structure;
        long atoms = structure.AtomCount;
        string what = layout == NpzLayout.AtomProNet ? structure.Composition.Formula : systems.SequenceOf(structure);
        ArraySystem system = systems.For(ArraySystemKey.Of(what, structure.Lattice is not null, frame, label), structure);
        double? energy = label is { } kind ? frame.GetEnergy(kind) : null;
        if (layout == NpzLayout.AtomProNet)
        {
            system.AddVectors("positions", structure.CartesianPositions, atoms, 3);
            system.AddMatrix("lattice", structure.Lattice!.Rows, 9);
            GrowingArray symbols = system.Array("symbols", NpyType.Unicode(2), atoms);
            foreach (Element element in structure.Species)
            {
                symbols.Add(element.Symbol);
            }

            if (frame.Forces is { } forces)
            {
                system.AddVectors("forces", forces, atoms, 3);
            }

            if (frame.Virial is { } v)
            {
                system.Array("pressures", NpyType.Float64, 6).Add([v[0, 0], v[1, 1], v[2, 2], v[0, 1], v[1, 2], v[0, 2]]);
            }

            if (energy is { } e)
            {
                system.Array("energies", NpyType.Float64, 1).Add(e);
            }
        }
        else
        {
            system.AddVectors("R", structure.CartesianPositions, atoms, 3);
            if (frame.Forces is { } forces)
            {
                system.AddVectors("F", forces, atoms, 3);
            }

            if (energy is { } e)
            {
                system.Array("E", NpyType.Float64, 1).Add(e);
            }

            if (structure.Lattice is { } lattice)
            {
                system.AddMatrix("cell", lattice.Rows, 3, 3);
                GrowingArray pbc = system.Array("pbc", NpyType.Boolean, 3);
                pbc.Add(structure.Periodicity.A ? 1L : 0);
                pbc.Add(structure.Periodicity.B ? 1L : 0);
                pbc.Add(structure.Periodicity.C ? 1L : 0);
            }

            if (frame.Stress is { } stress)
            {
                system.AddMatrix("stress", stress.ToMatrix(), 3, 3);
            }
        }

        if (label is { } known && known != EnergyKind.Unspecified)
        {
            system.Array("energy_kind", NpyType.Unicode(1)).Add(known.ToString());
        }

        if (frame.Information.TryGetValue("frame_id", out object? id))
        {
            system.Array("frame_id", NpyType.Unicode(1)).Add(Convert.ToString(id, System.Globalization.CultureInfo.InvariantCulture) ?? "");
        }
    }

    public IReadOnlyList<WrittenFrames> Complete(AtomicFileSet files, string path)
    {
        var written = new List<WrittenFrames>();
        Span<byte> bytes = stackalloc byte[8];
        foreach ((string name, ArraySystem system) in systems.Named())
        {
            string file = systems.Count == 1 ? path : Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}_{name}{Path.GetExtension(path)}");
            using var target = new HashingStream(files.Add(file));
            using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach ((string array, GrowingArray values) in system.Arrays)
                {
                    using Stream entry = Entry(zip, array);
                    values.WriteTo(entry);
                }

                if (layout == NpzLayout.Sgdml)
                {
                    using Stream entry = Entry(zip, "z");
                    NpyHeader.Write(entry, NpyType.Int64, system.AtomCount);
                    foreach (Element element in system.Species)
                    {
                        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes, element.Number);
                        entry.Write(bytes);
                    }
                }
            }

            written.Add(new(file, system.OneFormula ? system.Formula : null, system.FrameCount, (long)system.FrameCount * system.AtomCount, target.Length, target.HashText(), []));
        }

        return written;
    }

    public void Dispose() => spool.Dispose();

    private static Stream Entry(ZipArchive zip, string array)
    {
        ZipArchiveEntry entry = zip.CreateEntry(array + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        return entry.Open();
    }
}
