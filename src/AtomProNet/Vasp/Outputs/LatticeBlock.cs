using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// The cell as the OUTCAR prints it: volume, lattice vectors, reciprocal vectors, lengths. That is three times the same thing, so
/// that a wrong digit shows.
/// </summary>
internal sealed class LatticeBlock
{
    /// <summary>Half of the last printed digit of a vector, with room for the rounding of the check itself.</summary>
    private const double Half = 0.5e-9 * 1.001;

    // Vectors, a blank line, a heading, lengths.
    private const int LineCount = 6;
    private readonly (double Value, int Decimals)? volume;
    // What stood under the heading, where all of it was read and agreed.
    private byte[] text = [];

    private LatticeBlock(Matrix3x3 rows, long line, (double Value, int Decimals)? volume)
    {
        Rows = rows;
        Line = line;
        this.volume = volume;
    }

    /// <summary>The lattice vectors, Å, nine decimals.</summary>
    internal Matrix3x3 Rows { get; }

    /// <summary>The line of the block's heading.</summary>
    internal long Line { get; }

    /// <summary>What contradicts what within the block; null where all agree.</summary>
    internal string? Contradiction { get; private set; }

    /// <summary>Reads the block whose heading (<c>direct lattice vectors</c>) was read last.</summary>
    /// <param name="reader">Stands on the heading; afterwards on the last line of the block.</param>
    /// <param name="volumeLine">The volume that was printed above it, Å³, two or four decimals; null where it was unreadable.</param>
    /// <param name="before">The last block that was read: most runs keep one cell, and what is printed the same is the same.</param>
    /// <param name="block">The block.</param>
    /// <param name="problem">Why there is none.</param>
    internal static bool TryRead(Utf8LineReader reader, (double Value, int Decimals)? volumeLine, LatticeBlock? before, out LatticeBlock? block, out string problem)
    {
        block = null;
        problem = "";
        long line = reader.LineNumber;
        if (before is { text.Length: > 0 } && before.volume == volumeLine && reader.Ahead.StartsWith(before.text))
        {
            reader.TakeLines(before.text);
            block = new(before.Rows, line, volumeLine) { text = before.text };
            return true;
        }

        byte[] text = WholeLines(reader.Ahead).ToArray();
        Span<double> direct = stackalloc double[9], reciprocal = stackalloc double[9], row = stackalloc double[6];
        for (int i = 0; i < 3; i++)
        {
            if (!reader.Read())
            {
                problem = "The file ends within the lattice vectors.";
                return false;
            }

            ReadOnlySpan<byte> rest = reader.Line;
            if (!FixedDecimals.TryTake(ref rest, 9, row) || !FixedDecimals.IsBlank(rest))
            {
                problem = reader.Line.IndexOf((byte)'*') >= 0 ? "A lattice vector overflowed its column (****)." : "A lattice vector is unreadable.";
                reader.PushBack();
                return false;
            }

            row[..3].CopyTo(direct[(3 * i)..]);
            row[3..].CopyTo(reciprocal[(3 * i)..]);
        }

        block = new(Matrix3x3.FromRowMajor(direct), line, volumeLine);
        block.Contradiction = Check(block.Rows, Matrix3x3.FromRowMajor(reciprocal), volumeLine);
        bool isWhole = false;
        block.Contradiction ??= CheckLengths(reader, block.Rows, out isWhole);
        block.text = isWhole && block.Contradiction is null ? text : [];
        return true;
    }

    /// <summary>Whether two printed cells are the same to within the last digit.</summary>
    internal bool IsSame(LatticeBlock other)
    {
        for (int i = 0; i < 3; i++)
        {
            Vector3D d = Rows[i] - other.Rows[i];
            if (Math.Max(Math.Abs(d.X), Math.Max(Math.Abs(d.Y), Math.Abs(d.Z))) > 1.5e-9)
            {
                return false;
            }
        }

        return true;
    }

    private static string? Check(Matrix3x3 a, Matrix3x3 b, (double Value, int Decimals)? volume)
    {
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                // aᵢ·bⱼ = δᵢⱼ, each entry rounded to nine decimals.
                double tolerance = Half * (Sum(a[i]) + Sum(b[j])) + 1e-12;
                if (Math.Abs(Vector3D.Dot(a[i], b[j]) - (i == j ? 1 : 0)) > tolerance)
                {
                    return "The lattice vectors and the reciprocal ones contradict each other.";
                }
            }
        }

        double determinant = Math.Abs(a.Determinant);
        if (!(determinant > 0))
        {
            return "The lattice vectors span no volume.";
        }

        if (volume is { } printed && Math.Abs(printed.Value - determinant) > 0.501 * Math.Pow(10, -printed.Decimals) + 1e-8 * determinant)
        {
            return "The lattice vectors contradict the printed volume.";
        }

        return null;
    }

    // The lines of a block, where all of them are there and end in LF; else none.
    private static ReadOnlySpan<byte> WholeLines(ReadOnlySpan<byte> ahead)
    {
        int length = 0;
        for (int i = 0; i < LineCount; i++)
        {
            int end = ahead[length..].IndexOf((byte)'\n');
            if (end < 0 || (end > 0 && ahead[length + end - 1] == '\r'))
            {
                return [];
            }

            length += end + 1;
        }

        return ahead[..length];
    }

    private static string? CheckLengths(Utf8LineReader reader, Matrix3x3 a, out bool isWhole)
    {
        isWhole = false;
        // A blank line, the heading, the numbers.
        for (int i = 0; i < 2; i++)
        {
            if (!reader.Read())
            {
                return null;
            }

            if (i == 0 ? !FixedDecimals.IsBlank(reader.Line) : reader.Line.IndexOf("length of vectors"u8) < 0)
            {
                reader.PushBack();
                return null;
            }
        }

        if (!reader.Read())
        {
            return null;
        }

        Span<double> lengths = stackalloc double[3];
        ReadOnlySpan<byte> rest = reader.Line;
        if (!FixedDecimals.TryTake(ref rest, 9, lengths))
        {
            reader.PushBack();
            return null;
        }

        isWhole = true;
        for (int i = 0; i < 3; i++)
        {
            double length = a[i].Length;
            if (Math.Abs(length - lengths[i]) > Half * (1 + Sum(a[i]) / length) + 1e-12 * length)
            {
                return "The lattice vectors contradict their printed lengths.";
            }
        }

        return null;
    }

    private static double Sum(Vector3D v) => Math.Abs(v.X) + Math.Abs(v.Y) + Math.Abs(v.Z);
}
