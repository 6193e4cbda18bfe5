using System.Runtime.InteropServices;
using AtomProNet.Evaluation;
using AtomProNet.Files;
using AtomProNet.Formats;
using AtomProNet.Formats.Npy;
using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.Benchmarks.Comparison;

/// <summary>Arrays of NumPy's format: writing of training sets, errors of a model.</summary>
internal static class ArrayWork
{
    /// <summary>Writes the frames whose positions and forces an array (frames, 2 · atoms, 3) holds, as npz or DeePMD.</summary>
    public static ComparedWork Write(string format, string file, string target)
    {
        Frame[] frames = Frames(file);
        bool isNpz = format == "npz";
        return new(
            () =>
            {
                // A new set each time: what the turn before left goes within the time, as numpy.save empties its file.
                Remove(target);
                using var files = new AtomicFileSet(overwrite: false);
                using IFrameSetWriter writer = TrainingSetFormats.OpenWriter(isNpz ? TrainingSetFormat.SgdmlNpz : TrainingSetFormat.DeepMD, [Element.FromSymbol("Al"), Element.FromSymbol("O")], target + ".spool");
                foreach (Frame frame in frames)
                {
                    writer.Write(frame, EnergyKind.Free);
                }

                writer.Complete(files, target);
                files.Commit();
            },
            () => ComparedWork.NumbersOf(frames, withStress: false));
    }

    /// <summary>Mean, root mean square, R², maximum and percentiles of the errors of two arrays.</summary>
    public static ComparedWork Errors(string reference, string prediction)
    {
        double[] r = Array(reference), p = Array(prediction);
        return new(() => Statistics(r, p), () => Statistics(r, p));
    }

    private static void Remove(string target)
    {
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }
        else
        {
            File.Delete(target);
        }
    }

    private static double[] Statistics(double[] reference, double[] prediction)
    {
        ErrorStatistics s = ErrorStatistics.OfPairs(reference, prediction, [50, 80, 90, 95]);
        return [s.MAE!.Value, s.RMSE!.Value, s.R2!.Value, s.Maximum!.Value, .. s.Percentiles.Select(q => q.Value)];
    }

    private static double[] Array(string file)
    {
        using var reader = new NpyReader(File.OpenRead(file), file);
        var values = new double[reader.Count];
        reader.Read(values.AsSpan());
        return values;
    }

    private static Frame[] Frames(string file)
    {
        using var reader = new NpyReader(File.OpenRead(file), file);
        int atoms = (int)reader.Shape[1] / 2;
        Element al = Element.FromSymbol("Al"), o = Element.FromSymbol("O");
        var species = System.Collections.Immutable.ImmutableArray.CreateRange(Enumerable.Range(0, atoms).Select(i => i % 5 < 2 ? al : o));
        var lattice = Lattice.Cubic(20);
        var frames = new Frame[reader.Shape[0]];
        var values = new double[6 * atoms];
        for (int i = 0; i < frames.Length; i++)
        {
            reader.Read(values.AsSpan());
            ReadOnlySpan<Vector3D> vectors = MemoryMarshal.Cast<double, Vector3D>(values);
            frames[i] = new Frame(new(lattice, species, [.. vectors[..atoms]], CoordinateKind.Cartesian)) { FreeEnergy = -i, Forces = [.. vectors[atoms..]] };
        }

        return frames;
    }
}
