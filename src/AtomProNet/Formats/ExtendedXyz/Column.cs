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
    private Array values = Empty(kind);

    public string Name { get; } = name;

    public ColumnKind Kind { get; } = kind;

    public int Width { get; } = width;

    public Element[] Elements => (Element[])values;

    public Vector3D[] Vectors => (Vector3D[])values;

    public double[] Reals => (double[])values;

    public long[] Integers => (long[])values;

    public bool[] Logicals => (bool[])values;

    public string[] Texts => (string[])values;

    /// <summary>The numbers of a row of kind <see cref="ColumnKind.Vector"/> or <see cref="ColumnKind.Real"/>.</summary>
    public Span<double> RealsOfRow(int row) => Kind == ColumnKind.Vector
        ? MemoryMarshal.Cast<Vector3D, double>(Vectors.AsSpan(row, 1))
        : Reals.AsSpan(row * Width, Width);

    /// <summary>Makes room for so many rows, or cuts to them.</summary>
    public void Resize(int rows)
    {
        int length = Kind is ColumnKind.Vector or ColumnKind.Species or ColumnKind.AtomicNumber ? rows : checked(rows * Width);
        if (values.Length != length)
        {
            Array resized = Array.CreateInstance(values.GetType().GetElementType()!, length);
            Array.Copy(values, resized, Math.Min(values.Length, length));
            values = resized;
        }
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

    private static Array Empty(ColumnKind kind) => kind switch
    {
        ColumnKind.Species or ColumnKind.AtomicNumber => Array.Empty<Element>(),
        ColumnKind.Vector => Array.Empty<Vector3D>(),
        ColumnKind.Real => Array.Empty<double>(),
        ColumnKind.Integer => Array.Empty<long>(),
        ColumnKind.Logical => Array.Empty<bool>(),
        _ => Array.Empty<string>(),
    };
}
