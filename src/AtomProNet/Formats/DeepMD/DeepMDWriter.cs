using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Formats.Npy;
using AtomProNet.Structures;

namespace AtomProNet.Formats.DeepMD;

/// <summary>
/// Writes frames as systems of DeePMD-kit: a folder for the set and in it a folder for each system, with <c>type.raw</c>,
/// <c>type_map.raw</c>, <c>nopbc</c> where it does not repeat, and <c>set.000/coord.npy, box.npy, energy.npy, force.npy, virial.npy</c>
/// (Å, eV, eV/Å; virial = −σV in eV). In the standard layout a system has one sequence of elements; in the mixed one all frames
/// of as many atoms share a system, with their types in <c>real_atom_types.npy</c>.
/// </summary>
internal sealed class DeepMDWriter : IFrameSetWriter
{
    private readonly bool mixed;
    private readonly ImmutableArray<Element> typeMap;
    private readonly ArraySpool spool;
    private readonly ArraySystems systems;

    /// <param name="mixed">Whether to use the mixed layout.</param>
    /// <param name="typeMap">All elements of the set, training and test alike, in the order of their types.</param>
    /// <param name="spoolFolder">A folder that can be made for what does not fit into memory.</param>
    public DeepMDWriter(bool mixed, ImmutableArray<Element> typeMap, string spoolFolder)
    {
        this.mixed = mixed;
        this.typeMap = typeMap;
        spool = new(spoolFolder);
        systems = new(spool);
    }

    /// <summary>Whether a folder holds nothing but systems of DeePMD, so that it may be replaced.</summary>
    public static bool HoldsOnlySystems(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(Path.GetFileName)
        .All(name => name is "type.raw" or "type_map.raw" or "nopbc" || name!.EndsWith(".npy", StringComparison.Ordinal));

    public AtomProNetException? WhyCannotHold(Frame frame)
    {
        Periodicity p = frame.Structure.Periodicity;
        return p.Any && !p.All
            ? new(ErrorKind.NotSupported, "DeepMDCannotHold", $"DeePMD knows crystals and molecules, but nothing that repeats along {p} only.", value: frame.ToString(), remedy: "Choose extended XYZ, or make the cell periodic with enough vacuum.")
            : null;
    }

    public void Write(Frame frame, EnergyKind? label)
    {
        Structure structure = frame.Structure;
        long width = 3L * structure.AtomCount;
        string what = mixed ? structure.AtomCount.ToString(CultureInfo.InvariantCulture) : systems.SequenceOf(structure);
        ArraySystem system = systems.For(ArraySystemKey.Of(what, structure.Periodicity.All, frame, label), structure);
        system.AddVectors("coord", structure.CartesianPositions, width);
        if (structure.Periodicity.All)
        {
            system.AddMatrix("box", structure.Lattice!.Rows, 9);
        }

        if (label is { } kind && frame.GetEnergy(kind) is { } energy)
        {
            // Without a second axis: older versions of DeePMD know only that.
            system.Array("energy", NpyType.Float64).Add(energy);
        }

        if (frame.Forces is { } forces)
        {
            system.AddVectors("force", forces, width);
        }

        if (frame.Virial is { } virial && structure.Periodicity.All)
        {
            system.AddMatrix("virial", virial, 9);
        }

        if (mixed)
        {
            GrowingArray types = system.Array("real_atom_types", NpyType.Int32, structure.AtomCount);
            foreach (Element element in structure.Species)
            {
                types.Add((long)typeMap.IndexOf(element));
            }
        }
    }

    public IReadOnlyList<WrittenFrames> Complete(AtomicFileSet files, string path)
    {
        string root = files.AddFolder(path, HoldsOnlySystems);
        var written = new List<WrittenFrames>();
        foreach ((string plain, ArraySystem system) in systems.Named())
        {
            // CoN is the name of a device on Windows, where there can be no such folder.
            string name = CalculationName.ToFolderName(plain), folder = Path.Combine(root, name);
            Directory.CreateDirectory(Path.Combine(folder, "set.000"));
            var hashes = new SortedDictionary<string, (string Hash, long Length)>(StringComparer.Ordinal);
            Put("type.raw", s => WriteLines(s, system.Species.Select(e => (mixed ? 0 : typeMap.IndexOf(e)).ToString(CultureInfo.InvariantCulture))));
            Put("type_map.raw", s => WriteLines(s, typeMap.Select(e => e.Symbol)));
            if (!system.Periodicity.All)
            {
                Put("nopbc", _ => { });
            }

            // What lies on the disk already is not written once more, but read for its hash; two large arrays (positions, forces) at a time.
            var moved = new List<(string File, Task<(string Hash, long Length)> Hash)>();
            foreach ((string array, GrowingArray values) in system.Arrays)
            {
                string file = $"set.000/{array}.npy", full = Path.Combine(folder, file);
                if (values.TryMoveTo(full))
                {
                    moved.Add((file, Task.Run(() => (FileHash.Of(full), new FileInfo(full).Length))));
                }
                else
                {
                    Put(file, values.WriteTo);
                }
            }

            foreach ((string file, Task<(string Hash, long Length)> hash) in moved)
            {
                hashes.Add(file, hash.GetAwaiter().GetResult());
            }

            written.Add(new(
                Path.Combine(path, name),
                system.OneFormula ? system.Formula : null,
                system.FrameCount,
                (long)system.FrameCount * system.AtomCount,
                hashes.Values.Sum(h => h.Length),
                FileHash.OfListing(hashes.Select(h => (h.Value.Hash, h.Key))),
                [.. hashes.Keys]));

            void Put(string file, Action<Stream> write)
            {
                using FileStream stream = new(Path.Combine(folder, file), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
                using var hashing = new HashingStream(stream);
                write(hashing);
                hashes.Add(file, (hashing.HashText(), hashing.Length));
            }
        }

        return written;
    }

    public void Dispose() => spool.Dispose();

    private static void WriteLines(Stream stream, IEnumerable<string> lines) => stream.Write(Encoding.ASCII.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
}
