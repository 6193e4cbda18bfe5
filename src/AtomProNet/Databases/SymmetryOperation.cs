namespace AtomProNet.Databases;

/// <summary>
/// A symmetry operation of a space group on fractional coordinates, r′ = W·r + w, with whole numbers: the entries of W are
/// −1, 0 or 1 and w is counted in twenty-fourths, which holds every translation of the 230 groups exactly.
/// </summary>
internal sealed class SymmetryOperation : IEquatable<SymmetryOperation>
{
    private const int Denominator = 24;
    private readonly sbyte[] rotation;
    private readonly byte[] translation;

    private SymmetryOperation(sbyte[] rotation, byte[] translation)
    {
        this.rotation = rotation;
        this.translation = translation;
    }

    /// <summary>The operation that changes nothing.</summary>
    public static SymmetryOperation Identity { get; } = new([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0]);

    /// <summary>Reads the form of the International Tables, such as <c>-y,x-y,z+2/3</c>.</summary>
    /// <exception cref="FormatException">The text is no such operation.</exception>
    public static SymmetryOperation Parse(string text)
    {
        string[] parts = text.Split(',');
        if (parts.Length != 3)
        {
            throw new FormatException($"'{text}' is no symmetry operation.");
        }

        var rotation = new sbyte[9];
        var translation = new byte[3];
        for (int row = 0; row < 3; row++)
        {
            foreach (string term in parts[row].ToLowerInvariant().Replace("-", "+-", StringComparison.Ordinal).Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                int sign = term[0] == '-' ? -1 : 1;
                string value = term.TrimStart('-');
                int axis = value is "x" or "y" or "z" ? value[0] - 'x' : -1;
                if (axis >= 0)
                {
                    rotation[row * 3 + axis] = (sbyte)sign;
                }
                else
                {
                    double twentyFourths = sign * Fraction.Parse(value) * Denominator;
                    if (!(Math.Abs(twentyFourths - Math.Round(twentyFourths)) < 0.02))
                    {
                        throw new FormatException($"'{value}' is no translation of a space group.");
                    }

                    translation[row] = Wrap((int)Math.Round(twentyFourths) + translation[row]);
                }
            }
        }

        return new(rotation, translation);
    }

    /// <summary>All operations of the group that some of them generate, the identity first, in an order that depends on the generators alone.</summary>
    public static IReadOnlyList<SymmetryOperation> Generate(IReadOnlyList<SymmetryOperation> generators)
    {
        var known = new HashSet<SymmetryOperation> { Identity };
        var group = new List<SymmetryOperation> { Identity };
        // The list grows while it is walked: each new element is multiplied by every generator once.
        for (int i = 0; i < group.Count; i++)
        {
            foreach (SymmetryOperation generator in generators)
            {
                SymmetryOperation product = generator.After(group[i]);
                if (known.Add(product))
                {
                    group.Add(product);
                }
            }
        }

        return group;
    }

    /// <summary>Applies the operation to fractional coordinates; the result is not wrapped into the cell.</summary>
    public (double X, double Y, double Z) Apply(double x, double y, double z) => (Row(0, x, y, z), Row(1, x, y, z), Row(2, x, y, z));

    /// <inheritdoc/>
    public bool Equals(SymmetryOperation? other) => other is not null && rotation.AsSpan().SequenceEqual(other.rotation) && translation.AsSpan().SequenceEqual(other.translation);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SymmetryOperation);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (sbyte r in rotation)
        {
            hash.Add(r);
        }

        foreach (byte t in translation)
        {
            hash.Add(t);
        }

        return hash.ToHashCode();
    }

    private static byte Wrap(int twentyFourths) => (byte)(((twentyFourths % Denominator) + Denominator) % Denominator);

    private SymmetryOperation After(SymmetryOperation first)
    {
        var product = new sbyte[9];
        var shift = new byte[3];
        for (int i = 0; i < 3; i++)
        {
            int moved = translation[i];
            for (int j = 0; j < 3; j++)
            {
                int sum = 0;
                for (int k = 0; k < 3; k++)
                {
                    sum += rotation[i * 3 + k] * first.rotation[k * 3 + j];
                }

                product[i * 3 + j] = (sbyte)sum;
                moved += rotation[i * 3 + j] * first.translation[j];
            }

            shift[i] = Wrap(moved);
        }

        return new(product, shift);
    }

    private double Row(int i, double x, double y, double z) =>
        rotation[i * 3] * x + rotation[i * 3 + 1] * y + rotation[i * 3 + 2] * z + translation[i] / (double)Denominator;
}
