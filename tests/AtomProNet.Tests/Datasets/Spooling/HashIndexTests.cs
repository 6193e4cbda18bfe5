using AtomProNet.Datasets.Spooling;

namespace AtomProNet.Tests.Datasets.Spooling;

public class HashIndexTests
{
    // In memory; with some 20 runs on disk, which are merged twice; with a run every other hash.
    [Theory]
    [InlineData(int.MaxValue, 20_000)]
    [InlineData(700, 20_000)]
    [InlineData(40, 20_000)]
    [InlineData(2, 2_000)]
    public void It_holds_what_a_dictionary_holds(int memoryLimit, int count)
    {
        var random = new Random(5);
        var index = new HashIndex(hasValues: true, memoryLimit);
        var expected = new Dictionary<ulong, int>();
        for (int i = 1; i < count; i++)
        {
            // Few bits: many repeats; shifted: many alike in their low or high bits.
            ulong hash = (ulong)random.NextInt64(0, 5000) << (i % 3 * 25);
            bool added = index.TryAdd(hash, i, out int known);
            Assert.Equal(expected.TryAdd(hash, i), added);
            Assert.Equal(added ? 0 : expected[hash], known);
        }

        Assert.Equal(expected.Count, index.Count);
        Assert.All(expected.Keys, k => Assert.True(index.Contains(k)));
        Assert.All(Enumerable.Range(0, 5000).Select(i => (ulong)i * 0x9E3779B97F4A7C15), k => Assert.Equal(expected.ContainsKey(k), index.Contains(k)));
        Assert.False(index.Contains(ulong.MaxValue));
    }

    [Fact]
    public void Runs_on_disk_hold_hashes_of_any_size()
    {
        var random = new Random(7);
        var index = new HashIndex(hasValues: false, 1000);
        ulong[] hashes = [0, 1, ulong.MaxValue, ulong.MaxValue - 1, 1UL << 63, .. Enumerable.Range(0, 50_000).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
        Assert.All(hashes, h => Assert.True(index.TryAdd(h, 0, out _)));
        Assert.All(hashes, h => Assert.False(index.TryAdd(h, 0, out _)));
        HashSet<ulong> all = [.. hashes];
        Assert.All(hashes, h => Assert.Equal(all.Contains(h + 1), index.Contains(h + 1)));
        Assert.Equal(hashes.Length, index.Count);
    }

    // In memory; most of it on disk; all but a piece of three entries.
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(10_000)]
    [InlineData(3)]
    public void A_chunked_list_holds_what_a_list_holds(int memoryLimit)
    {
        var list = new ChunkedList<(int, double)>(memoryLimit);
        for (int i = 0; i < 30_000; i++)
        {
            list.Add((i * 7, -i));
            Assert.Equal(i + 1, list.Count);
            Assert.Equal((i * 7, -i), list[i]);
        }

        Assert.All(Enumerable.Range(0, list.Count), i => Assert.Equal((i * 7, -i), list[i]));
        Assert.All(Enumerable.Range(0, list.Count).Reverse(), i => Assert.Equal((i * 7, -i), list[i]));
        var random = new Random(3);
        Assert.All(Enumerable.Range(0, 5000).Select(_ => random.Next(list.Count)), i => Assert.Equal((i * 7, -i), list[i]));
    }

    [Fact]
    public async Task Several_threads_read_one_list()
    {
        var list = new ChunkedList<int>(100);
        for (int i = 0; i < 40_000; i++)
        {
            list.Add(i);
        }

        long[] sums = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, list.Count).Sum(i => (long)list[i]))));
        Assert.All(sums, s => Assert.Equal(40_000L * 39_999 / 2, s));
    }

    [Fact]
    public void Temporary_files_are_gone_with_their_owner()
    {
        var list = new ChunkedList<int>(2);
        var index = new HashIndex(hasValues: false, 2);
        for (int i = 1; i <= 20; i++)
        {
            list.Add(i);
            index.TryAdd((ulong)i, 0, out _);
        }

        list.Dispose();
        index.Dispose();
        Assert.Equal(1, list[0]);
        Assert.Throws<ObjectDisposedException>(() => list[5]);
        Assert.Throws<ObjectDisposedException>(() => index.Contains(3));
    }
}
