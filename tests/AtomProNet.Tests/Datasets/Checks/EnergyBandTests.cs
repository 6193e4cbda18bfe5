using AtomProNet.Datasets.Checks;

namespace AtomProNet.Tests.Datasets.Checks;

public class EnergyBandTests
{
    // All of the frames make the band, or a twentieth of them.
    [Theory]
    [InlineData(10_000)]
    [InlineData(400)]
    public void Every_frame_is_held_against_a_band_of_some(int sampled)
    {
        const int count = 8000;
        var random = new Random(4);
        BandEntry[] all = [.. Enumerable.Range(1, count).Select(i => At(i, 9 + 4 * random.NextDouble()))];
        const float rydberg = 13.605693f, bohr = 0.529177f;
        all[1234] = all[1234] with { Energy = all[1234].Energy / rydberg };
        all[2345] = all[2345] with { Energy = -all[2345].Energy };
        all[3456] = all[3456] with { Energy = all[3456].Energy / 8 };
        all[4567] = all[4567] with { Volume = all[4567].Volume * bohr * bohr * bohr, Shortest = all[4567].Shortest * bohr };
        all[5678] = all[5678] with { Energy = all[5678].Energy + 0.4f };
        // At the very end of the curve, where energies climb.
        all[6789] = At(6790, 8.6);
        var band = new EnergyBand("NaCl", sampled);
        foreach (BandEntry entry in all)
        {
            band.Add(entry);
        }

        EnergyBandRules rules = band.Settle()!;
        Assert.Equal([1235, 2346], Found(rules.Unit));
        Assert.Equal([3457], Found(rules.PerAtom));
        Assert.Equal([4568], Found(rules.Length));
        Assert.Equal([5679], Found(rules.Outlier));
        Assert.Contains("Ry among eV", rules.Unit(all[1234]), StringComparison.Ordinal);
        Assert.Contains("a sign", rules.Unit(all[2345]), StringComparison.Ordinal);
        Assert.Matches(@"eV/atom, \+0\.(39|40)", rules.Outlier(all[5678])!);

        int[] Found(Func<BandEntry, string?> rule) => [.. all.Where(e => rule(e) is not null).Select(e => e.Index)];

        // A parabola with a minimum of −3.5 eV per atom at 11 Å³, and some meV of noise.
        BandEntry At(int index, double volume) =>
            new((float)(-3.5 + 0.03 * (volume - 11) * (volume - 11) + 0.004 * random.NextDouble()), (float)volume, (float)(Math.Cbrt(volume) * 1.1), 8, index);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(2000)]
    public void What_frames_of_a_volume_differ_by_in_the_course_of_a_trajectory_is_no_fault(int sampled)
    {
        // Forty quiet runs, and two in which the energy swings by 0.12 eV per atom within 200 steps.
        var random = new Random(5);
        BandEntry[] all = [.. Enumerable.Range(0, 42_000).Select(i => new BandEntry(
            (float)(-8.7 + 0.002 * random.NextDouble() + (i / 1000 is 7 or 33 ? 0.06 * Math.Sin(2 * Math.PI * i / 200) : 0)), 8 + 0.001f * (i / 1000), 2, 20, i + 1))];
        all[7_777] = all[7_777] with { Energy = all[7_777].Energy + 0.4f };
        var band = new EnergyBand("MgO", sampled);
        foreach (BandEntry entry in all)
        {
            band.Add(entry);
        }

        EnergyBandRules rules = band.Settle()!;
        Assert.Equal([7_778], all.Where(e => rules.Outlier(e) is not null).Select(e => e.Index));
    }

    [Fact]
    public void A_sample_keeps_all_up_to_its_limit_and_then_at_least_half_of_it_whatever_the_order()
    {
        var few = new ValueSample<int>(100);
        var many = new ValueSample<int>(100);
        var turned = new ValueSample<int>(100);
        for (int i = 1; i <= 100_000; i++)
        {
            if (i <= 100)
            {
                few.Add(i, i);
            }

            many.Add(i, i);
            turned.Add(100_001 - i, 100_001 - i);
        }

        Assert.Equal(Enumerable.Range(1, 100), few.ToArray());
        Assert.Equal(100_000, many.Count);
        Assert.InRange(many.ToArray().Length, 30, 100);
        Assert.Equal(many.ToArray(), turned.ToArray().Reverse());
        // As many of one residue as of another: no period of the set is preferred.
        Assert.InRange(many.ToArray().Count(i => i % 2 == 0), 0.25 * many.ToArray().Length, 0.75 * many.ToArray().Length);
    }
}
