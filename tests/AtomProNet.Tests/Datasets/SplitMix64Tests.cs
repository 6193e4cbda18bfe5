using AtomProNet.Datasets;

namespace AtomProNet.Tests.Datasets;

public class SplitMix64Tests
{
    [Fact]
    public void Gives_the_published_numbers()
    {
        // The sequence for the seed 1234567 as given with the reference implementation (Rosetta Code, "Pseudo-random numbers/Splitmix64").
        var random = new SplitMix64(1234567);
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void Bounded_numbers_are_even()
    {
        var random = new SplitMix64(0);
        int[] hits = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            hits[random.Next(7)]++;
        }

        // Six standard deviations of a binomial distribution with p = 1/7.
        Assert.All(hits, h => Assert.InRange(h, 10_000 - 6 * 93, 10_000 + 6 * 93));
    }
}
