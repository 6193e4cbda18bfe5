using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Npy;

/// <summary>Arrays that hold the parts of frames, read in step: each call takes the next frame's part of one array.</summary>
internal sealed class FrameArrays(string source) : IDisposable
{
    private readonly SortedDictionary<string, (Func<Stream> Open, string Source)> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NpyReader> open = new(StringComparer.Ordinal);

    /// <summary>The names of all arrays.</summary>
    public IEnumerable<string> Names => known.Keys;

    public void Add(string name, Func<Stream> opener, string description) => known[name] = (opener, description);

    public bool Has(string name) => known.ContainsKey(name);

    /// <summary>The number of values of an array.</summary>
    public long Count(string name) => Reader(name).Count;

    /// <summary>The number of frames and atoms of an array (n, N, 3) or (n, 3N).</summary>
    public (long Frames, int Atoms) Shape(string name)
    {
        ImmutableArray<long> shape = Reader(name).Shape;
        (long frames, long atoms) = shape switch
        {
            [var n, var m, 3] => (n, m),
            [var n, var m] when m % 3 == 0 => (n, m / 3),
            _ => throw Wrong(name, "(n, N, 3)"),
        };
        return atoms is > 0 and <= int.MaxValue / 3 && frames <= int.MaxValue ? (frames, (int)atoms) : throw Wrong(name, "(n, N, 3)");
    }

    /// <summary>Demands an array with so many values a frame.</summary>
    public void Expect(string name, long frames, long values)
    {
        if (!Has(name))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "ArrayMissing", $"The array '{name}' is missing.", source, remedy: "It is needed to make frames.");
        }

        if (Reader(name).Count != frames * values)
        {
            throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"{frames} × {values}"));
        }
    }

    public void ExpectIfThere(string name, long frames, long values)
    {
        if (Has(name))
        {
            Expect(name, frames, values);
        }
    }

    /// <summary>How many values an array holds for each of so many rows; 0 where it is not there.</summary>
    public int Width(string name, long rows)
    {
        if (!Has(name) || rows == 0)
        {
            return 0;
        }

        long values = Reader(name).Count;
        return values > 0 && values % rows == 0 && values / rows <= int.MaxValue / 3 ? (int)(values / rows) : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"{rows} × n"));
    }

    public double[] Numbers(string name, int count)
    {
        var numbers = new double[count];
        Reader(name).Read(numbers.AsSpan());
        return numbers;
    }

    public long[] Whole(string name, int count)
    {
        var numbers = new long[count];
        Reader(name).Read(numbers.AsSpan());
        return numbers;
    }

    public string[] Texts(string name, int count)
    {
        var texts = new string[count];
        Reader(name).Read(texts.AsSpan());
        return texts;
    }

    public ImmutableArray<Vector3D> Vectors(string name, int atoms)
    {
        var vectors = new Vector3D[atoms];
        Reader(name).Read(MemoryMarshal.Cast<Vector3D, double>(vectors.AsSpan()));
        return ImmutableCollectionsMarshal.AsImmutableArray(vectors);
    }

    /// <summary>The frame with the energy, its kind, the forces and the id of the next place, as far as there are any.</summary>
    public Frame Label(Frame frame, string energies, string forces)
    {
        double? energy = Has(energies) ? Numbers(energies, 1)[0] : null;
        string? kindText = Has("energy_kind") ? Texts("energy_kind", 1)[0] : null;
        EnergyKind kind = Enum.TryParse(kindText, out EnergyKind told) && Enum.IsDefined(told) ? told : EnergyKind.Unspecified;
        frame = kind switch
        {
            EnergyKind.Free => frame with { FreeEnergy = energy },
            EnergyKind.WithoutEntropy => frame with { EnergyWithoutEntropy = energy },
            EnergyKind.SigmaToZero => frame with { EnergySigmaToZero = energy },
            _ => frame with { UnspecifiedEnergy = energy },
        };
        frame = Has(forces) ? frame with { Forces = Vectors(forces, frame.Structure.AtomCount) } : frame;
        return Has("frame_id") ? frame with { Information = frame.Information.SetItem("frame_id", Texts("frame_id", 1)[0]) } : frame;
    }

    /// <summary>Makes a frame. What is wrong with one of many is said with its number and file.</summary>
    public static Frame Make(FrameSource source, Func<Frame> make)
    {
        try
        {
            return make();
        }
        catch (AtomProNetException e) when (e.File is null)
        {
            throw new AtomProNetException(e.Kind, e.ErrorId, FormattableString.Invariant($"Frame {source.Step}: {e.Problem}"), source.File, value: e.Value, remedy: e.Remedy, inner: e);
        }
    }

    public void Dispose()
    {
        foreach (NpyReader reader in open.Values)
        {
            reader.Dispose();
        }
    }

    private NpyReader Reader(string name)
    {
        if (!open.TryGetValue(name, out NpyReader? reader))
        {
            (Func<Stream> opener, string description) = known[name];
            open.Add(name, reader = new(opener(), description));
        }

        return reader;
    }

    private AtomProNetException Wrong(string name, string expected) => new(
        ErrorKind.InvalidData,
        "ArrayShapeWrong",
        $"The array '{name}' does not have the shape that the others demand ({expected} values).",
        source,
        value: $"({string.Join(", ", Reader(name).Shape)})");
}
