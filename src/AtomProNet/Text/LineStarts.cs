using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace AtomProNet.Text;

/// <summary>
/// The beginnings of lines that are looked for, three to eight characters each, so that one comparison tells nearly all others from them. What
/// begins with one of them fits; what fits may be another line, where several begin with the same three characters.
/// </summary>
internal sealed class LineStarts
{
    /// <summary>How many bytes must be there to be looked at.</summary>
    internal const int Length = sizeof(ulong);
    private const int Bits = 7;
    // By a hash of the first three bytes: the bits that all of those beginnings share, and where they are.
    private readonly (ulong Word, ulong Mask)[] table = new (ulong, ulong)[1 << Bits];
    private readonly uint multiplier = 0x9E3779B1;

    /// <summary>For loops.</summary>
    internal Table Entries => new(this);

    /// <summary>What makes a line one that is looked for wherever it stands in it, however the line begins; null: only beginnings count.</summary>
    internal byte? Sign { get; }

    /// <summary>Keeps the beginnings.</summary>
    /// <param name="starts">ASCII; what goes beyond eight characters is not looked at.</param>
    internal LineStarts(params string[] starts)
        : this(null, starts)
    {
    }

    /// <summary>Keeps the beginnings, and a character that makes any line one to stop at.</summary>
    /// <param name="sign">The character; no blank and no line end.</param>
    /// <param name="starts">ASCII; what goes beyond eight characters is not looked at.</param>
    internal LineStarts(byte? sign, params string[] starts)
    {
        Sign = sign;
        Array.Fill(table, (1UL, 0UL));
        IGrouping<uint, (ulong Word, ulong Mask)>[] groups = [.. starts.Select(Word).GroupBy(w => (uint)w.Word & 0xFFFFFF)];
        // Some odd number gives each group a place of its own.
        while (groups.Select(g => Place(g.Key)).Distinct().Count() < groups.Length)
        {
            multiplier += 2;
        }

        foreach (IGrouping<uint, (ulong Word, ulong Mask)> group in groups)
        {
            ulong word = group.First().Word, mask = group.Aggregate(ulong.MaxValue, (bits, other) => bits & other.Mask & ~(other.Word ^ word));
            table[Place(group.Key)] = (word & mask, mask);
        }
    }

    private static (ulong Word, ulong Mask) Word(string start)
    {
        int length = Math.Min(start.Length, Length);
        ulong word = 0;
        for (int i = 0; i < length; i++)
        {
            word |= (ulong)start[i] << 8 * i;
        }

        return length >= 3 && Ascii.IsValid(start) ? (word, ulong.MaxValue >> 8 * (Length - length)) : throw new ArgumentException($"'{start}' is no beginning of three ASCII characters.", nameof(start));
    }

    private uint Place(uint three) => three * multiplier >> 32 - Bits;

    /// <summary>The table for a loop, which keeps it in registers.</summary>
    internal readonly ref struct Table(LineStarts starts)
    {
        private readonly ref (ulong Word, ulong Mask) first = ref MemoryMarshal.GetArrayDataReference(starts.table);
        private readonly uint multiplier = starts.multiplier;

        /// <summary>Whether a line may begin with one of them.</summary>
        /// <param name="text">Its first byte that is no blank, with as many behind it as make <see cref="Length"/>.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal bool Fits(ref byte text)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref text);
            ref (ulong Word, ulong Mask) entry = ref Unsafe.Add(ref first, ((uint)word & 0xFFFFFF) * multiplier >> 32 - Bits);
            return (word & entry.Mask) == entry.Word;
        }
    }
}
