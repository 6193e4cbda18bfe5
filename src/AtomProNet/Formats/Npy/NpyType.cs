using System.Globalization;

namespace AtomProNet.Formats.Npy;

/// <summary>What kind of values an array of NumPy holds.</summary>
public enum NpyKind
{
    /// <summary>Floating-point numbers (f).</summary>
    Real,
    /// <summary>Whole numbers with a sign (i).</summary>
    Integer,
    /// <summary>Whole numbers without a sign (u).</summary>
    Unsigned,
    /// <summary>Truth values, one byte each (b).</summary>
    Logical,
    /// <summary>Texts of a fixed number of UTF-32 characters (U).</summary>
    Text,
    /// <summary>Texts of a fixed number of bytes (S).</summary>
    Bytes,
}

/// <summary>NumPy's data type, such as <c>&lt;f8</c>.</summary>
/// <param name="Kind">The kind of the values.</param>
/// <param name="Size">The number of bytes of a value.</param>
/// <param name="BigEndian">Whether the most significant byte comes first.</param>
public readonly record struct NpyType(NpyKind Kind, int Size, bool BigEndian = false)
{
    /// <summary>Double precision, little endian.</summary>
    public static NpyType Float64 => new(NpyKind.Real, 8);

    /// <summary>64-bit whole numbers, little endian.</summary>
    public static NpyType Int64 => new(NpyKind.Integer, 8);

    /// <summary>32-bit whole numbers, little endian.</summary>
    public static NpyType Int32 => new(NpyKind.Integer, 4);

    /// <summary>Bytes.</summary>
    public static NpyType UInt8 => new(NpyKind.Unsigned, 1);

    /// <summary>Truth values.</summary>
    public static NpyType Boolean => new(NpyKind.Logical, 1);

    /// <summary>Texts of at most so many characters, little endian.</summary>
    public static NpyType Unicode(int length) => new(NpyKind.Text, 4 * Math.Max(1, length));

    /// <summary>Reads NumPy's notation.</summary>
    /// <returns>False for what cannot be read here: objects, structures, complex and half-precision numbers.</returns>
    public static bool TryParse(string text, out NpyType type)
    {
        type = default;
        if (text.Length < 3 || !int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size > 1 << 20)
        {
            return false;
        }

        NpyKind? kind = (text[1], size) switch
        {
            ('f', 4 or 8) => NpyKind.Real,
            ('i', 1 or 2 or 4 or 8) => NpyKind.Integer,
            ('u', 1 or 2 or 4 or 8) => NpyKind.Unsigned,
            ('b', 1) => NpyKind.Logical,
            ('U', _) => NpyKind.Text,
            ('S' or 'a', _) => NpyKind.Bytes,
            _ => null,
        };
        if (kind is not { } known || text[0] is not ('<' or '>' or '|' or '='))
        {
            return false;
        }

        // '=' is the byte order of the machine that wrote it: practically always this one.
        type = new(known, known == NpyKind.Text ? 4 * size : size, text[0] == '>');
        return true;
    }

    /// <summary>NumPy's notation.</summary>
    public override string ToString()
    {
        char letter = Kind switch { NpyKind.Real => 'f', NpyKind.Integer => 'i', NpyKind.Unsigned => 'u', NpyKind.Logical => 'b', NpyKind.Text => 'U', _ => 'S' };
        bool ordered = Kind == NpyKind.Text || (Size > 1 && Kind is not (NpyKind.Bytes or NpyKind.Logical));
        return string.Create(CultureInfo.InvariantCulture, $"{(ordered ? BigEndian ? '>' : '<' : '|')}{letter}{(Kind == NpyKind.Text ? Size / 4 : Size)}");
    }
}
