using System.Collections.Immutable;

namespace AtomProNet.Structures;

/// <summary>What a <see cref="SiteProperty"/> holds (extended XYZ's column types R, I, L, S).</summary>
public enum SitePropertyKind
{
    /// <summary>Real numbers (R).</summary>
    Real,
    /// <summary>Whole numbers (I).</summary>
    Integer,
    /// <summary>True or false (L).</summary>
    Logical,
    /// <summary>Text (S).</summary>
    Text,
}

/// <summary>A column of values, <see cref="Width"/> per site, in row-major order. Immutable.</summary>
public sealed class SiteProperty : IEquatable<SiteProperty>
{
    private readonly Array values;

    private SiteProperty(SitePropertyKind kind, int width, Array values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (values.Length % width != 0)
        {
            throw new ArgumentException("The number of values is not a multiple of the width.", nameof(values));
        }

        Kind = kind;
        Width = width;
        this.values = values;
    }

    /// <summary>The type of the values.</summary>
    public SitePropertyKind Kind { get; }

    /// <summary>The number of values per site.</summary>
    public int Width { get; }

    /// <summary>The number of sites.</summary>
    public int SiteCount => values.Length / Width;

    /// <summary>The real numbers, site by site.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public ReadOnlySpan<double> Reals => Get<double>();

    /// <summary>The whole numbers, site by site.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public ReadOnlySpan<long> Integers => Get<long>();

    /// <summary>The truth values, site by site.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public ReadOnlySpan<bool> Logicals => Get<bool>();

    /// <summary>The texts, site by site.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public ReadOnlySpan<string> Texts => Get<string>();

    /// <summary>A copy of the values as an array of double, long, bool or string.</summary>
    public Array Values => (Array)values.Clone();

    /// <summary>A column of real numbers.</summary>
    public static SiteProperty Real(int width, ImmutableArray<double> values) => new(SitePropertyKind.Real, width, Unwrap(values));

    /// <summary>A column of whole numbers.</summary>
    public static SiteProperty Integer(int width, ImmutableArray<long> values) => new(SitePropertyKind.Integer, width, Unwrap(values));

    /// <summary>A column of truth values.</summary>
    public static SiteProperty Logical(int width, ImmutableArray<bool> values) => new(SitePropertyKind.Logical, width, Unwrap(values));

    /// <summary>A column of texts.</summary>
    public static SiteProperty Text(int width, ImmutableArray<string> values) => new(SitePropertyKind.Text, width, Unwrap(values));

    /// <summary>The column with the sites taken in another order, or some of them left out or repeated.</summary>
    /// <param name="sites">For each new site, the index of the old one.</param>
    public SiteProperty Select(IReadOnlyList<int> sites)
    {
        Array picked = Array.CreateInstance(values.GetType().GetElementType()!, sites.Count * Width);
        for (int i = 0; i < sites.Count; i++)
        {
            Array.Copy(values, sites[i] * Width, picked, i * Width, Width);
        }

        return new(Kind, Width, picked);
    }

    /// <inheritdoc/>
    public bool Equals(SiteProperty? other) => other is not null && Kind == other.Kind && Width == other.Width && Kind switch
    {
        SitePropertyKind.Real => Reals.SequenceEqual(other.Reals),
        SitePropertyKind.Integer => Integers.SequenceEqual(other.Integers),
        SitePropertyKind.Logical => Logicals.SequenceEqual(other.Logicals),
        _ => Texts.SequenceEqual(other.Texts),
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SiteProperty);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Width, values.Length);

    /// <summary>Kind, width and number of sites.</summary>
    public override string ToString() => $"{Kind}×{Width} for {SiteCount} sites";

    private static T[] Unwrap<T>(ImmutableArray<T> values) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsArray(values) ?? throw new ArgumentException("The values are missing.", nameof(values));

    private T[] Get<T>() => values as T[] ?? throw new InvalidOperationException($"The column holds {Kind} values.");
}
