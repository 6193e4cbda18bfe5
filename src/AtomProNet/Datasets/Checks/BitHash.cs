using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>64-bit hashes over the bits of numbers (FNV-1a, word by word, finished by SplitMix64's mixer): equal numbers, equal hash.</summary>
internal static class BitHash
{
    private const ulong Start = 14695981039346656037, Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<double> numbers)
    {
        ulong hash = Start;
        foreach (double number in numbers)
        {
            // Negative zero is the same number as zero.
            hash = (hash ^ (number == 0 ? 0 : BitConverter.DoubleToUInt64Bits(number))) * Prime;
            hash ^= hash >> 29;
        }

        return Mix(hash);
    }

    public static ulong Of(ReadOnlySpan<Vector3D> vectors) => Of(System.Runtime.InteropServices.MemoryMarshal.Cast<Vector3D, double>(vectors));

    public static ulong Of(Structure structure)
    {
        ulong hash = Of(structure.CartesianPositions.AsSpan());
        foreach (Element element in structure.Species)
        {
            hash = (hash ^ (ulong)element.Number) * Prime;
        }

        return structure.Lattice is { } lattice ? Mix(hash ^ Of(lattice.Rows.ToRowMajor())) : hash;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
