using System.Collections.Immutable;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public class PoscarPropertyTests
{
    [Fact]
    public void What_was_written_reads_back_bit_for_bit()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            Structure s = AnyPoscar(random);
            Structure back = PoscarReader.Read(PoscarWriter.ToBytes(s), "POSCAR");
            Structure sorted = s.SelectSites(SpeciesGrouping.Of(s).SiteOrder);
            Assert.True(sorted.Equals(back), $"seed {seed}");
            Assert.Equal(sorted.CoordinateKind, back.CoordinateKind);
            Assert.Equal(sorted.ContentHash, back.ContentHash);
        }
    }

    [Fact]
    public void A_cut_file_is_whole_or_refused()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            Structure s = AnyPoscar(random);
            byte[] bytes = PoscarWriter.ToBytes(s);
            Structure whole = PoscarReader.Read(bytes, "POSCAR");
            for (int k = 0; k < 20; k++)
            {
                int cut = random.Next(bytes.Length);
                try
                {
                    Structure part = PoscarReader.Read(bytes.AsSpan(0, cut), "POSCAR");
                    // Without its velocities it is still a POSCAR; the atoms must be right.
                    Assert.Equal(whole.Species, part.Species);
                    Assert.Equal(whole.Lattice, part.Lattice);
                }
                catch (AtomProNetException)
                {
                }
            }
        }
    }

    [Fact]
    public void A_flipped_byte_gives_no_other_error_than_ours()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = PoscarWriter.ToBytes(AnyPoscar(random));
            for (int k = 0; k < 10; k++)
            {
                byte[] damaged = [.. bytes];
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    PoscarReader.Read(damaged, "POSCAR");
                }
                catch (AtomProNetException)
                {
                }
            }
        }
    }

    private static Structure AnyPoscar(Random random)
    {
        Structure s = RandomStructures.Any(random, name: "structure " + random.Next());
        var properties = ImmutableSortedDictionary<string, SiteProperty>.Empty;
        if (random.Next(2) == 0)
        {
            properties = properties.Add("selective_dynamics", SiteProperty.Logical(3, [.. Enumerable.Range(0, s.AtomCount * 3).Select(_ => random.Next(2) == 0)]));
        }

        if (random.Next(2) == 0)
        {
            properties = properties.Add("velocities", SiteProperty.Real(3, [.. Enumerable.Range(0, s.AtomCount * 3).Select(_ => RandomStructures.AnyDouble(random))]));
        }

        return s.With(siteProperties: properties);
    }
}
