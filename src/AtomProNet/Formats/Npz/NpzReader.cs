using System.Collections.Immutable;
using System.IO.Compression;
using AtomProNet.Files;
using AtomProNet.Formats.Npy;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Npz;

/// <summary>Reads frames from .npz, in either <see cref="NpzLayout"/>; which one, its arrays tell. A file of any size takes little memory.</summary>
public static class NpzReader
{
    /// <summary>Reads the frames of a file as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops between two frames.</param>
    /// <exception cref="AtomProNetException">The file is damaged, holds no frames, or its arrays contradict each other.</exception>
    public static IEnumerable<Frame> Read(string path, CancellationToken cancellationToken = default)
    {
        using FileStream stream = SharedFile.OpenRead(path);
        using ZipArchive zip = Open(stream, path);
        using var arrays = new FrameArrays(path);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.FullName.EndsWith(".npy", StringComparison.Ordinal)))
        {
            string name = entry.FullName[..^4];
            arrays.Add(name, () => entry.Open(), $"{path}, array '{name}'");
        }

        IEnumerable<Frame> frames = arrays.Has("R") && arrays.Has("z") ? ReadSgdml(arrays, path)
            : arrays.Has("positions") && arrays.Has("symbols") ? ReadAtomProNet(arrays, path)
            : throw new AtomProNetException(ErrorKind.InvalidData, "NpzLayoutUnknown", "The file has neither the arrays of AtomProNet (positions, symbols) nor those of sGDML and NequIP (R, z).", path, value: string.Join(' ', arrays.Names), remedy: "Rename the arrays.");
        foreach (Frame frame in frames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return frame;
        }
    }

    private static ZipArchive Open(FileStream stream, string path)
    {
        try
        {
            return new(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException e)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "NpzDamaged", "The file is no .npz, or it is cut.", path, remedy: "Fetch or make it again.", inner: e);
        }
    }

    private static IEnumerable<Frame> ReadAtomProNet(FrameArrays arrays, string path)
    {
        (long frames, int atoms) = arrays.Shape("positions");
        arrays.Expect("symbols", frames, atoms);
        arrays.Expect("lattice", frames, 9);
        arrays.ExpectIfThere("forces", frames, 3L * atoms);
        arrays.ExpectIfThere("energies", frames, 1);
        arrays.ExpectIfThere("pressures", frames, 6);
        arrays.ExpectIfThere("energy_kind", frames, 1);
        arrays.ExpectIfThere("frame_id", frames, 1);
        for (int i = 1; i <= frames; i++)
        {
            var source = new FrameSource(path, i);
            yield return FrameArrays.Make(source, () => Next(source));
        }

        Frame Next(FrameSource source)
        {
            var species = ImmutableArray.CreateRange(arrays.Texts("symbols", atoms).Select(s => Element.FromSymbol(s.Trim())));
            var lattice = new Lattice(Matrix3x3.FromRowMajor(arrays.Numbers("lattice", 9)));
            var structure = new Structure(lattice, species, arrays.Vectors("positions", atoms), CoordinateKind.Cartesian);
            Frame frame = arrays.Label(new Frame(structure) { Source = source }, "energies", "forces");
            return arrays.Has("pressures") ? frame with { Stress = FromVasp(arrays.Numbers("pressures", 6), lattice.Volume) } : frame;
        }
    }

    private static IEnumerable<Frame> ReadSgdml(FrameArrays arrays, string path)
    {
        (long frames, int atoms) = arrays.Shape("R");
        arrays.Expect("z", 1, atoms);
        // sGDML's own data sets are in kcal/mol, and say so.
        foreach (string name in arrays.Names.Where(n => LabelUnits.OursFor(n) is not null))
        {
            string ours = LabelUnits.OursFor(name)!, theirs = arrays.Texts(name, 1)[0];
            if (LabelUnits.IsOther(ours, theirs))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "NpzUnit", $"'{name}' names another unit than {ours}, in which the arrays are read.", path, value: theirs, remedy: $"Convert the arrays to {ours} (forces with them), then take '{name}' out.");
            }
        }

        arrays.ExpectIfThere("F", frames, 3L * atoms);
        arrays.ExpectIfThere("E", frames, 1);
        arrays.ExpectIfThere("stress", frames, 9);
        arrays.ExpectIfThere("energy_kind", frames, 1);
        arrays.ExpectIfThere("frame_id", frames, 1);
        var species = ImmutableArray.CreateRange(arrays.Whole("z", atoms).Select(n => n is >= 1 and <= 118 ? Element.FromNumber((int)n)
            : throw new AtomProNetException(ErrorKind.InvalidData, "AtomicNumberUnknown", "'z' holds a number that belongs to no element.", path, value: n.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        // A cell or periodicity without a frame axis holds for all frames.
        bool hasCell = arrays.Has("cell"), everyCell = hasCell && arrays.Count("cell") != 9, everyPbc = arrays.Has("pbc") && arrays.Count("pbc") != 3;
        arrays.ExpectIfThere("cell", everyCell ? frames : 1, 9);
        arrays.ExpectIfThere("pbc", everyPbc ? frames : 1, 3);
        Lattice? lattice = hasCell && !everyCell ? new(Matrix3x3.FromRowMajor(arrays.Numbers("cell", 9))) : null;
        Periodicity? periodicity = arrays.Has("pbc") && !everyPbc ? Boundaries() : hasCell ? null : Periodicity.None;
        for (int i = 1; i <= frames; i++)
        {
            var source = new FrameSource(path, i);
            yield return FrameArrays.Make(source, () => Next(source));
        }

        Frame Next(FrameSource source)
        {
            lattice = everyCell ? new(Matrix3x3.FromRowMajor(arrays.Numbers("cell", 9))) : lattice;
            periodicity = everyPbc ? Boundaries() : periodicity;
            var structure = new Structure(lattice, species, arrays.Vectors("R", atoms), CoordinateKind.Cartesian, periodicity);
            Frame frame = arrays.Label(new Frame(structure) { Source = source }, "E", "F");
            return arrays.Has("stress") ? frame with { Stress = StressTensor.FromMatrix(Matrix3x3.FromRowMajor(arrays.Numbers("stress", 9))) } : frame;
        }

        Periodicity Boundaries()
        {
            long[] pbc = arrays.Whole("pbc", 3);
            return new(pbc[0] != 0, pbc[1] != 0, pbc[2] != 0);
        }
    }

    // VASP's order XX YY ZZ XY YZ ZX, eV, −σV.
    private static StressTensor FromVasp(double[] p, double volume) =>
        StressTensor.FromVirial(new(new(p[0], p[3], p[5]), new(p[3], p[1], p[4]), new(p[5], p[4], p[2])), volume);
}
