namespace AtomProNet.Datasets;

/// <summary>
/// The random numbers of splits: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014; Vigna's constants), the same on every machine and
/// in every version. The state starts at the seed; each draw adds 0x9E3779B97F4A7C15 to it and mixes the sum.
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>The function by which each draw mixes its sum: a hash of a number.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> − 1, each as likely as the others (Lemire, ACM TOMACS 29, 3 (2019), with rejection).</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong range = (ulong)bound, threshold = (0UL - range) % range;
        while (true)
        {
            ulong high = Math.BigMul(Next(), range, out ulong low);
            if (low >= threshold)
            {
                return (int)high;
            }
        }
    }

    /// <summary>Puts values into random order (Fisher and Yates, from the last place down: place i is exchanged with one of 0 … i).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
