using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Npy;

/// <summary>Frames that fit into the same arrays: as many atoms, the same labels, and whatever else a layout wants to be equal.</summary>
internal sealed class ArraySystem(ArraySpool spool, Structure first)
{
    /// <summary>The elements of the first frame; where the layout wants it, of all.</summary>
    public ImmutableArray<Element> Species { get; } = first.Species;

    /// <summary>The periodic boundaries of the first frame; where the layout wants it, of all.</summary>
    public Periodicity Periodicity { get; } = first.Periodicity;

    /// <summary>The formula of the first frame.</summary>
    public string Formula { get; } = first.Composition.Formula;

    /// <summary>Whether all frames so far have that formula.</summary>
    public bool OneFormula { get; private set; } = true;

    /// <summary>The number of frames.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The arrays by name.</summary>
    public SortedDictionary<string, GrowingArray> Arrays { get; } = new(StringComparer.Ordinal);

    public int AtomCount => Species.Length;

    public void Count(Structure structure)
    {
        FrameCount++;
        OneFormula = OneFormula && (structure.Species.AsSpan().SequenceEqual(Species.AsSpan()) || structure.Composition.Formula == Formula);
    }

    /// <summary>The array of that name, made where it is not there yet.</summary>
    public GrowingArray Array(string name, NpyType type, params long[] rowShape)
    {
        if (!Arrays.TryGetValue(name, out GrowingArray? array))
        {
            Arrays.Add(name, array = new(spool, type, rowShape));
        }

        return array;
    }

    public void AddVectors(string name, ImmutableArray<Vector3D> vectors, params long[] rowShape) =>
        Array(name, NpyType.Float64, rowShape).Add(MemoryMarshal.Cast<Vector3D, double>(vectors.AsSpan()));

    public void AddMatrix(string name, Matrix3x3 matrix, params long[] rowShape) => Array(name, NpyType.Float64, rowShape).Add(matrix.ToRowMajor());
}

/// <summary>What frames must share to go into the same arrays, which have no gaps.</summary>
/// <param name="Atoms">Their atoms, as far as the layout wants them to be the same.</param>
/// <param name="Repeats">Whether there is a cell.</param>
/// <param name="Label">Which energy is the label; null for none.</param>
/// <param name="HasForces">Whether there are forces.</param>
/// <param name="HasStress">Whether there is a stress.</param>
internal readonly record struct ArraySystemKey(string Atoms, bool Repeats, EnergyKind? Label, bool HasForces, bool HasStress)
{
    /// <summary>The key of a frame.</summary>
    public static ArraySystemKey Of(string atoms, bool repeats, Frame frame, EnergyKind? label) => new(atoms, repeats, label, frame.Forces is not null, frame.Stress is not null);
}

/// <summary>The systems of a set by what must be equal in them, and names for them.</summary>
internal sealed class ArraySystems(ArraySpool spool)
{
    private readonly Dictionary<ArraySystemKey, ArraySystem> systems = [];
    private readonly List<ArraySystem> order = [];
    private (ArraySystemKey Key, ArraySystem? System) previous;
    private (ImmutableArray<Element> Species, string Text) last = ([], "");

    public int Count => order.Count;

    /// <summary>The system of a key, made for its first frame; the frame is counted.</summary>
    public ArraySystem For(ArraySystemKey key, Structure structure)
    {
        ArraySystem? system = previous.System;
        if ((system is null || previous.Key != key) && !systems.TryGetValue(key, out system))
        {
            systems.Add(key, system = new(spool, structure));
            order.Add(system);
        }

        previous = (key, system);
        system.Count(structure);
        return system;
    }

    /// <summary>Each system with its formula as a name; further ones of the same formula (another order of atoms, other labels) get a number.</summary>
    public IEnumerable<(string Name, ArraySystem System)> Named()
    {
        var taken = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (ArraySystem system in order)
        {
            string name = system.OneFormula ? system.Formula : FormattableString.Invariant($"{system.AtomCount}atoms");
            int number = taken[name] = taken.GetValueOrDefault(name) + 1;
            yield return (number == 1 ? name : FormattableString.Invariant($"{name}-{number}"), system);
        }
    }

    /// <summary>The elements in their order, as part of a key.</summary>
    public string SequenceOf(Structure structure)
    {
        // Mostly the same as before.
        if (!structure.Species.AsSpan().SequenceEqual(last.Species.AsSpan()))
        {
            last = (structure.Species, string.Join(' ', structure.Species.Select(e => e.Symbol)));
        }

        return last.Text;
    }
}
