using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AtomProNet.Structures;

namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>What a column of the atom lines becomes.</summary>
internal enum ColumnKind
{
    /// <summary>The element, by its symbol.</summary>
    Species,
    /// <summary>The element, by its atomic number.</summary>
    AtomicNumber,
    /// <summary>Three real numbers that must be finite: positions and forces.</summary>
    Vector,
    /// <summary>Real numbers.</summary>
    Real,
    /// <summary>Whole numbers.</summary>
    Integer,
    /// <summary>Truth values.</summary>
    Logical,
    /// <summary>Words.</summary>
    Text,
}

/// <summary>One entry of <c>Properties</c>, and the values that were read for it.</summary>
internal sealed class Column(string name, ColumnKind kind, int width)
{
    // One of them is used, by the kind.
    private Element[] elements = [];
    private Vector3D[] vectors = [];
    private double[] reals = [];
    private long[] integers = [];
    private bool[] logicals = [];
    private string[] texts = [];

    public string Name { get; } = name;

    public ColumnKind Kind { get; } = kind;

    public int Width { get; } = width;

    public Element[] Elements => elements;

    public Vector3D[] Vectors => vectors;

    public double[] Reals => reals;

    public long[] Integers => integers;

    public bool[] Logicals => logicals;

    public string[] Texts => texts;

    /// <summary>The numbers of a row of kind <see cref="ColumnKind.Vector"/> or <see cref="ColumnKind.Real"/>.</summary>
    public Span<double> RealsOfRow(int row) => Kind == ColumnKind.Vector
        ? MemoryMarshal.Cast<Vector3D, double>(Vectors.AsSpan(row, 1))
        : Reals.AsSpan(row * Width, Width);

    /// <summary>Makes room for so many rows, or cuts to them.</summary>
    public void Resize(int rows)
    {
        switch (Kind)
        {
            case ColumnKind.Species or ColumnKind.AtomicNumber:
                Array.Resize(ref elements, rows);
                break;
            case ColumnKind.Vector:
                vectors = Resized(vectors, rows);
                break;
            case ColumnKind.Real:
                reals = Resized(reals, checked(rows * Width));
                break;
            case ColumnKind.Integer:
                Array.Resize(ref integers, checked(rows * Width));
                break;
            case ColumnKind.Logical:
                Array.Resize(ref logicals, checked(rows * Width));
                break;
            default:
                Array.Resize(ref texts, checked(rows * Width));
                break;
        }
    }

    // Every row is written before anybody reads it: large arrays need not be filled with zeros first.
    private static T[] Resized<T>(T[] values, int length)
        where T : unmanaged
    {
        if (values.Length == length)
        {
            return values;
        }

        T[] resized = GC.AllocateUninitializedArray<T>(length);
        values.AsSpan(0, Math.Min(values.Length, length)).CopyTo(resized);
        return resized;
    }

    /// <summary>The column as a site property.</summary>
    public SiteProperty ToSiteProperty() => Kind switch
    {
        ColumnKind.Real => SiteProperty.Real(Width, ImmutableCollectionsMarshal.AsImmutableArray(Reals)),
        ColumnKind.Integer => SiteProperty.Integer(Width, ImmutableCollectionsMarshal.AsImmutableArray(Integers)),
        ColumnKind.Logical => SiteProperty.Logical(Width, ImmutableCollectionsMarshal.AsImmutableArray(Logicals)),
        ColumnKind.Text => SiteProperty.Text(Width, ImmutableCollectionsMarshal.AsImmutableArray(Texts)),
        _ => throw new InvalidOperationException($"The column {Name} is no site property."),
    };
}
