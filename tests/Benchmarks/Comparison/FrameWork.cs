using AtomProNet.Calculations;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.Structures;

namespace AtomProNet.Benchmarks.Comparison;

/// <summary>Reading and writing of frames, one file on one thread, as a program calls the library.</summary>
internal static class FrameWork
{
    /// <summary>Reads an output of a DFT code.</summary>
    public static ComparedWork Read(Func<IFrameReader> open, bool withStress)
    {
        return new(() => Frames().Count(), () => ComparedWork.NumbersOf(Frames(), withStress));

        IEnumerable<Frame> Frames()
        {
            using IFrameReader reader = open();
            int count = 0;
            foreach (Frame frame in reader.ReadFrames())
            {
                count++;
                yield return frame;
            }

            if (count == 0 || reader.Report.LeftOut.Count > 0)
            {
                throw new InvalidOperationException($"Frames were left out: {string.Join("; ", reader.Report.LeftOut.Take(3))}{string.Join("; ", reader.Report.Errors)}");
            }
        }
    }

    /// <summary>Reads extended XYZ.</summary>
    public static ComparedWork ReadXyz(string file) => new(() => Xyz(file).Count(), () => ComparedWork.NumbersOf(Xyz(file), withStress: false));

    /// <summary>Writes the frames of a file, which are in memory by then, to another one.</summary>
    public static ComparedWork WriteXyz(string file, string target)
    {
        Frame[] frames = [.. Xyz(file)];
        return new(
            () =>
            {
                using var stream = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 0);
                ExtendedXyzWriter.WriteAll(stream, frames);
            },
            () => ComparedWork.NumbersOf(Xyz(target), withStress: false));
    }

    private static IEnumerable<Frame> Xyz(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        foreach (Frame frame in ExtendedXyzReader.Read(stream, file))
        {
            yield return frame;
        }
    }
}
