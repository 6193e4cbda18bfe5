using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// A row of the table of forces: three positions with five decimals, three forces with six. Rows in VASP's own columns
/// (3F13.5, 3X, 3F14.6) are read all at a time where the processor can, or eight digits at a time; all others by their decimals.
/// </summary>
internal static class ForceRow
{
    /// <summary>The length of a row in VASP's own columns.</summary>
    internal const int Width = 3 * 13 + 3 + 3 * 14;
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>Reads a row.</summary>
    /// <param name="line">The row.</param>
    /// <param name="mayGoOn">Whether further columns may follow, which are not read.</param>
    /// <param name="position">Å.</param>
    /// <param name="force">eV/Å.</param>
    internal static bool TryRead(ReadOnlySpan<byte> line, bool mayGoOn, out Vector3D position, out Vector3D force) =>
        line.Length == Width && TryReadColumns(line, out position, out force) || TryReadDecimals(line, mayGoOn, out position, out force);

    /// <summary>Reads a row in VASP's own columns, whose every byte is looked at: it holds no line end.</summary>
    /// <param name="line">The row, <see cref="Width"/> bytes.</param>
    /// <param name="position">Å.</param>
    /// <param name="force">eV/Å.</param>
    internal static bool TryReadColumns(ReadOnlySpan<byte> line, out Vector3D position, out Vector3D force) =>
        Avx2.IsSupported && TryReadVectors(line[..Width], out position, out force) || TryReadWords(line[..Width], out position, out force);

    private static bool TryReadDecimals(ReadOnlySpan<byte> line, bool mayGoOn, out Vector3D position, out Vector3D force)
    {
        Span<double> row = stackalloc double[6];
        bool isRow = FixedDecimals.TryTake(ref line, 5, row[..3]) && FixedDecimals.TryTake(ref line, 6, row[3..]) && (mayGoOn || FixedDecimals.IsBlank(line));
        position = new(row[0], row[1], row[2]);
        force = new(row[3], row[4], row[5]);
        return isRow;
    }

    private static bool TryReadWords(ReadOnlySpan<byte> line, out Vector3D position, out Vector3D force)
    {
        ref byte start = ref MemoryMarshal.GetReference(line);
        bool isRow = Column(ref start, 0, 5, out long x);
        isRow &= Column(ref start, 13, 5, out long y);
        isRow &= Column(ref start, 26, 5, out long z);
        isRow &= (Load(ref start, 39) & 0xFFFFFF) == 0x202020;
        isRow &= Column(ref start, 42, 6, out long fx);
        isRow &= Column(ref start, 56, 6, out long fy);
        isRow &= Column(ref start, 70, 6, out long fz);
        // Whole numbers below 2⁵³ divided by a power of ten: the nearest double.
        position = new(x / 1e5, y / 1e5, z / 1e5);
        force = new(fx / 1e6, fy / 1e6, fz / 1e6);
        return isRow;
    }

    // Rows whose numbers have no more than eight digits, a position beside a force in each vector.
    private static bool TryReadVectors(ReadOnlySpan<byte> line, out Vector3D position, out Vector3D force)
    {
        ref byte start = ref MemoryMarshal.GetReference(line);
        // Where the eight digits, the point and the blanks before them stand within sixteen bytes; those of the last force end with the row.
        Vector128<byte> five = Vector128.Create((byte)4, 5, 6, 8, 9, 10, 11, 12, 7, 0, 1, 2, 3, 0x80, 0x80, 0x80), six = Vector128.Create((byte)5, 6, 8, 9, 10, 11, 12, 13, 7, 0, 1, 2, 3, 4, 0x80, 0x80);
        Vector128<byte> lastSix = Vector128.Create((byte)7, 8, 10, 11, 12, 13, 14, 15, 9, 2, 3, 4, 5, 6, 0x80, 0x80);
        Vector256<int> x = Pair(ref start, 0, 42, Vector256.Create(five, six), out Vector256<byte> rightX);
        Vector256<int> y = Pair(ref start, 13, 56, Vector256.Create(five, six), out Vector256<byte> rightY);
        Vector256<int> z = Pair(ref start, 26, 68, Vector256.Create(five, lastSix), out Vector256<byte> rightZ);
        Vector256<int> numbers = Avx2.UnpackLow(Avx2.UnpackLow(x, y).AsInt64(), z.AsInt64()).AsInt32();
        // Whole numbers below 2⁵³ divided by a power of ten: the nearest double.
        Vector256<double> r = Avx.ConvertToVector256Double(numbers.GetLower()) / Vector256.Create(1e5), f = Avx.ConvertToVector256Double(numbers.GetUpper()) / Vector256.Create(1e6);
        position = new(r[0], r[1], r[2]);
        force = new(f[0], f[1], f[2]);
        return (rightX & rightY & rightZ).ExtractMostSignificantBits() == uint.MaxValue && (Load(ref start, 39) & 0xFFFFFF) == 0x202020;
    }

    /// <summary>A position and a force as whole numbers of their last decimals, in the first element of either half.</summary>
    /// <param name="line">The row.</param>
    /// <param name="first">Where the bytes with the position begin.</param>
    /// <param name="second">Where those with the force begin.</param>
    /// <param name="order">In which order they are taken: digits, point, blanks.</param>
    /// <param name="right">All bits of each byte that is one of those that may stand there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pair(ref byte line, int first, int second, Vector256<byte> order, out Vector256<byte> right)
    {
        // What may stand instead of a digit, the point, the blanks before; blanks and a minus stand at the first two digits of a position and at the first of a force.
        Vector256<byte> others = Vector256.Create((byte)' ', (byte)' ', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'.', (byte)' ', (byte)' ', (byte)' ', (byte)' ', 0, 0, 0,
            (byte)' ', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'.', (byte)' ', (byte)' ', (byte)' ', (byte)' ', (byte)' ', 0, 0);
        Vector256<byte> mayBeDigit = Vector256.Create(ulong.MaxValue, 0, ulong.MaxValue, 0).AsByte(), mayBeMinus = Vector256.Create(0xFFFFUL, 0, 0xFF, 0).AsByte(), afterFirst = Vector256.Create(~0xFFUL, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue).AsByte();
        Vector256<byte> bytes = Avx2.Shuffle(Vector256.Create(Vector128.LoadUnsafe(ref line, (nuint)first), Vector128.LoadUnsafe(ref line, (nuint)second)), order);
        Vector256<byte> digits = bytes - Vector256.Create((byte)'0');
        Vector256<byte> isDigit = Vector256.Equals(Avx2.Min(digits, Vector256.Create((byte)9)), digits) & mayBeDigit, isOther = Vector256.Equals(bytes, others);
        Vector256<byte> isMinus = Vector256.Equals(bytes, Vector256.Create((byte)'-')) & mayBeMinus;
        // Before what is no digit stands a blank.
        right = (isDigit | isOther | isMinus) & (Avx2.ShiftRightLogical(isDigit.AsUInt16(), 8).AsByte() | isOther | afterFirst);
        Vector256<short> twos = Avx2.MultiplyAddAdjacent(digits & isDigit, Vector256.Create((short)0x010A).AsSByte());
        Vector256<int> fours = Avx2.MultiplyAddAdjacent(twos, Vector256.Create(0x00010064).AsInt16());
        Vector256<int> eights = Avx2.MultiplyAddAdjacent(Avx2.PackUnsignedSaturate(fours, fours).AsInt16(), Vector256.Create(0x00012710).AsInt16());
        Vector256<int> isPositive = Vector256.Equals(isMinus.AsInt64(), Vector256<long>.Zero).AsInt32();
        return (eights ^ ~isPositive) - ~isPositive;
    }

    /// <summary>A column of seven characters, the point and the decimals, as a whole number of its last decimal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Column(ref byte line, int at, int decimals, out long value)
    {
        // Nearly all numbers have no more than eight digits: three or two before the point, five or six behind it.
        int whole = 8 - decimals, margin = 8 * (7 - whole);
        ulong head = Load(ref line, at);
        ulong digits = head >> margin & (1UL << (8 * whole)) - 1;
        int blanks = BitOperations.TrailingZeroCount(digits ^ 0x2020202020202020) >> 3;
        bool negative = (digits >> (8 * blanks) & 0xFF) == '-';
        int first = blanks + (negative ? 1 : 0);
        // What stands before the first digit becomes zeros.
        ulong before = (1UL << (8 * first)) - 1;
        ulong word = (digits | Load(ref line, at + decimals) >> (8 * whole) << (8 * whole)) & ~before | Zeros & before;
        value = (long)Digits(word);
        value = negative ? -value : value;
        bool isShort = first < whole && head >> 56 == '.' && AreDigits(word) && ((head ^ 0x2020202020202020) & (1UL << margin) - 1) == 0;
        return isShort || LongColumn(ref line, at, decimals, out value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool LongColumn(ref byte line, int at, int decimals, out long value)
    {
        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref line, at), 8 + decimals).TrimStart((byte)' ');
        bool negative = text.Length > 0 && text[0] == '-';
        text = negative ? text[1..] : text;
        value = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (i == text.Length - decimals - 1 ? text[i] != '.' : (uint)(text[i] - '0') > 9)
            {
                return false;
            }

            value = text[i] == '.' ? value : value * 10 + (text[i] - '0');
        }

        value = negative ? -value : value;
        return text.Length > decimals + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte line, int at)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref line, at));
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(ulong word) =>
        ((word & 0xF0F0F0F0F0F0F0F0) ^ Zeros | (word + 0x0606060606060606 & 0xF0F0F0F0F0F0F0F0) ^ Zeros) == 0;

    // Eight digits to a number by three multiplications (Lemire, Software: Practice and Experience 51, 1700 (2021), section 3).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(ulong word)
    {
        word -= Zeros;
        word = word * 10 + (word >> 8);
        return ((word & 0x000000FF000000FF) * 0x000F424000000064 + (word >> 16 & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
    }
}
