using AtomProNet.Datasets.Spooling;

namespace AtomProNet.Tests.Datasets.Spooling;

public class HashIndexTests
{
    [Fact]
    public void It_holds_what_a_dictionary_holds()
    {
        var random = new Random(5);
        var index = new HashIndex<ulong>(hasValues: true);
        var expected = new Dictionary<ulong, int>();
        for (int i = 1; i < 20_000; i++)
        {
            // Few bits: many repeats; shifted: many alike in their low or high bits.
            ulong hash = (ulong)random.NextInt64(0, 5000) << (i % 3 * 25);
            bool added = index.TryAdd(hash, i, out int known);
            Assert.Equal(expected.TryAdd(hash, i), added);
            Assert.Equal(added ? 0 : expected[hash], known);
        }

        Assert.Equal(expected.Count, index.Count);
        Assert.All(expected.Keys, k => Assert.True(index.Contains(k)));
        Assert.False(index.Contains(ulong.MaxValue));
    }

    [Fact]
    public void A_chunked_list_holds_what_a_list_holds()
    {
        var list = new ChunkedList<int>();
        for (int i = 0; i < 30_000; i++)
        {
            list.Add(i * 7);
            Assert.Equal(i + 1, list.Count);
            Assert.Equal(i * 7, list[i]);
        }

        list[12_345] = -1;
        Assert.Equal(-1, list[12_345]);
        Assert.Equal(30_000L * 29_999 / 2 * 7 - 12_345 * 7 - 1, Enumerable.Range(0, list.Count).Sum(i => (long)list[i]));
    }
}
