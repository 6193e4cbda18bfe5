using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Files;
using AtomProNet.Formats.Npy;
using AtomProNet.Structures;

namespace AtomProNet.Formats.DeepMD;

/// <summary>
/// Reads frames from systems of DeePMD-kit in the npy layout, standard or mixed. What energies depend on besides the atoms stays with them:
/// <c>spin</c> as the magnetic moments, <c>fparam</c> (an electron temperature …) as further information, <c>aparam</c> as a site property.
/// </summary>
public static class DeepMDReader
{
    /// <summary>The systems in a folder, the folder itself included, in ordinal order.</summary>
    public static IEnumerable<string> FindSystems(string folder) =>
        PathOrder.Of(Directory.EnumerateFiles(folder, "type.raw", SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!), Path.DirectorySeparatorChar);

    /// <summary>Reads the frames of one system as they are asked for.</summary>
    /// <param name="folder">The folder that holds <c>type.raw</c>.</param>
    /// <param name="typeMap">The element of each type, where the system has no <c>type_map.raw</c>.</param>
    /// <param name="cancellationToken">Stops between two frames.</param>
    /// <exception cref="AtomProNetException">A file is missing, damaged or contradicts another.</exception>
    public static IEnumerable<Frame> Read(string folder, ImmutableArray<Element>? typeMap = null, CancellationToken cancellationToken = default)
    {
        long[] types = Types(Path.Combine(folder, "type.raw"));
        ImmutableArray<Element> map = TypeMap(folder, typeMap);
        bool periodic = !File.Exists(Path.Combine(folder, "nopbc"));
        string[] sets = [.. Directory.EnumerateDirectories(folder, "set.*").Order(StringComparer.Ordinal)];
        if (sets.Length == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "DeepMDSetMissing", "The system holds no set.000.", folder, remedy: "Convert text files (coord.raw …) with dpdata, or name another folder.");
        }

        int step = 0;
        foreach (string set in sets)
        {
            using var arrays = new FrameArrays(set);
            foreach (string file in Directory.EnumerateFiles(set, "*.npy"))
            {
                arrays.Add(Path.GetFileNameWithoutExtension(file), () => SharedFile.OpenRead(file), file);
            }

            if (!arrays.Has("coord"))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "ArrayMissing", "The set holds no coord.npy.", set);
            }

            (long frames, int atoms) = arrays.Shape("coord");
            if (atoms != types.Length)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "ArrayShapeWrong", $"type.raw names {types.Length} atoms, and coord.npy has {atoms}.", set);
            }

            if (periodic)
            {
                arrays.Expect("box", frames, 9);
            }

            arrays.ExpectIfThere("energy", frames, 1);
            arrays.ExpectIfThere("force", frames, 3L * atoms);
            arrays.ExpectIfThere("virial", frames, 9);
            arrays.ExpectIfThere("real_atom_types", frames, atoms);
            arrays.ExpectIfThere("spin", frames, 3L * atoms);
            int frameParameters = arrays.Width("fparam", frames), atomParameters = arrays.Width("aparam", frames * atoms);
            for (long i = 0; i < frames; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var source = new FrameSource(folder, ++step);
                Frame frame = FrameArrays.Make(source, () => ReadFrame(arrays, types, map, periodic, atomParameters, source));
                yield return frameParameters > 0 ? frame with { Information = frame.Information.Add("fparam", arrays.Numbers("fparam", frameParameters)) } : frame;
            }
        }
    }

    private static Frame ReadFrame(FrameArrays arrays, long[] types, ImmutableArray<Element> map, bool periodic, int atomParameters, FrameSource source)
    {
        int atoms = types.Length;
        ImmutableArray<Vector3D> positions = arrays.Vectors("coord", atoms);
        ImmutableArray<Vector3D>? forces = arrays.Has("force") ? arrays.Vectors("force", atoms) : null;
        ImmutableArray<Vector3D>? spins = arrays.Has("spin") ? arrays.Vectors("spin", atoms) : null;
        SiteProperty? parameters = atomParameters > 0 ? SiteProperty.Real(atomParameters, [.. arrays.Numbers("aparam", atoms * atomParameters)]) : null;
        long[] real = arrays.Has("real_atom_types") ? arrays.Whole("real_atom_types", atoms) : types;
        // The mixed layout fills up with virtual atoms of type −1.
        int[] kept = [.. Enumerable.Range(0, atoms).Where(a => real[a] >= 0)];
        if (kept.Length < atoms)
        {
            positions = [.. kept.Select(a => positions[a])];
            forces = forces is { } all ? [.. kept.Select(a => all[a])] : null;
            spins = spins is { } each ? [.. kept.Select(a => each[a])] : null;
            parameters = parameters?.Select(kept);
        }

        var species = ImmutableArray.CreateRange(kept.Select(a => real[a] < map.Length ? map[(int)real[a]]
            : throw new AtomProNetException(ErrorKind.InvalidData, "DeepMDTypeUnknown", $"An atom has the type {real[a]}, but the type map names {map.Length} elements.", source.File)));
        Lattice? lattice = periodic ? new(Matrix3x3.FromRowMajor(arrays.Numbers("box", 9))) : null;
        ImmutableSortedDictionary<string, SiteProperty>? properties = parameters is null ? null : ImmutableSortedDictionary.Create<string, SiteProperty>(StringComparer.Ordinal).Add("aparam", parameters);
        return new Frame(new Structure(lattice, species, positions, CoordinateKind.Cartesian, siteProperties: properties))
        {
            UnspecifiedEnergy = arrays.Has("energy") ? arrays.Numbers("energy", 1)[0] : null,
            Forces = forces,
            MagneticMomentVectors = spins,
            Stress = arrays.Has("virial") && lattice is not null ? StressTensor.FromVirial(Matrix3x3.FromRowMajor(arrays.Numbers("virial", 9)), lattice.Volume) : null,
            Source = source,
        };
    }

    private static long[] Types(string path) =>
        [.. SharedFile.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long type)
            ? type
            : throw new AtomProNetException(ErrorKind.InvalidData, "DeepMDTypeUnknown", "type.raw holds something that is no type.", path, value: word))];

    private static ImmutableArray<Element> TypeMap(string folder, ImmutableArray<Element>? given)
    {
        string path = Path.Combine(folder, "type_map.raw");
        return File.Exists(path)
            ? [.. SharedFile.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(symbol => Element.TryFromSymbol(symbol, out Element? element)
                ? element
                : throw new AtomProNetException(ErrorKind.InvalidData, "DeepMDTypeUnknown", "type_map.raw names something that is no element.", path, value: symbol))]
            : given ?? throw new AtomProNetException(ErrorKind.InvalidData, "DeepMDTypeMapMissing", "The system has no type_map.raw, so that nobody knows its elements.", folder, remedy: "Name them in the order of the types (-TypeMap Al,O).");
    }
}
