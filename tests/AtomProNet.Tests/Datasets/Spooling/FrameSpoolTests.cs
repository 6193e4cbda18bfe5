using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets.Spooling;

public class FrameSpoolTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    public void Frames_come_back_to_the_last_bit_in_any_order(long memoryLimit)
    {
        var random = new Random(1);
        Frame[] frames = [Everything(), new(new Structure(null, [], [], CoordinateKind.Cartesian)), .. Enumerable.Range(0, 20).Select(i => SyntheticFrames.Random(random, atoms: 1 + i, source: new("/a", i)))];
        using var spool = new FrameSpool(memoryLimit);
        foreach (Frame frame in frames)
        {
            spool.Add(frame);
        }

        Assert.Equal(frames.Length, spool.Count);
        foreach (int i in Enumerable.Range(0, frames.Length).Reverse().Append(3))
        {
            AssertSame(frames[i], spool[i]);
        }

        // Reading and writing take turns.
        spool.Add(frames[5]);
        AssertSame(frames[5], spool[frames.Length]);
        AssertSame(frames[1], spool[1]);
    }

    /// <summary>A property that somebody adds to frames must not get lost on the way: here it would be without a value.</summary>
    [Fact]
    public void The_sample_has_a_value_for_everything_that_a_frame_can_hold()
    {
        Frame frame = Everything();
        Assert.All(typeof(Frame).GetProperties().Where(p => p.CanWrite), p => Assert.False(IsDefault(p.GetValue(frame)), $"{p.Name} has no value."));
        Assert.NotNull(frame.Structure.Provenance);
        Assert.NotNull(frame.Structure.Name);
        Assert.Equal(4, frame.Structure.SiteProperties.Count);

        static bool IsDefault(object? value) => value is null || (value.GetType().IsEnum && Convert.ToInt32(value, null) == 0);
    }

    [Fact]
    public void A_value_that_no_reader_makes_is_refused()
    {
        using var spool = new FrameSpool(0);
        Assert.Throws<NotSupportedException>(() => spool.Add(SyntheticFrames.WithInformation(Everything(), "x", DateTime.UnixEpoch)));
        // What failed leaves nothing behind.
        spool.Add(Everything());
        AssertSame(Everything(), spool[0]);
    }

    private static Frame Everything()
    {
        Structure s = new(
            new(new Matrix3x3(new(3, 0.1, 0), new(0, 3.3, 0.2), new(0.1, 0, 3.7))),
            [Element.FromSymbol("Al"), Element.FromSymbol("O")],
            [new(1 / 3.0, -0.0, 0.7), new(0.1, 0.2, 0.30000000000000004)],
            CoordinateKind.Fractional,
            new(true, false, true),
            new Dictionary<string, SiteProperty>
            {
                ["real"] = SiteProperty.Real(2, [1, 2, 3, 1e-300]),
                ["count"] = SiteProperty.Integer(1, [-1, long.MaxValue]),
                ["selective_dynamics"] = SiteProperty.Logical(3, [true, false, true, false, false, false]),
                ["label"] = SiteProperty.Text(1, ["Al_pv", "Ωx"]),
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            "strain_+0.0100",
            Provenance.Root("Bundled", "bundled:Al2O3", [new("citation", "A — B")]).Derive("Strain", "abcd", [new("value", "0.01")], seed: -7));
        return new Frame(s)
        {
            FreeEnergy = -1.25,
            EnergyWithoutEntropy = -1.5,
            EnergySigmaToZero = 1 / 3.0,
            UnspecifiedEnergy = 5e-324,
            Forces = [new(1, 2, 3), new(-1, -2, -3)],
            Stress = new(1, 2, 3, 4, 5, 6),
            MagneticMoments = [0.5, -0.5],
            MagneticMomentVectors = [new(0, 0, 1), new(0, 1, 0)],
            TotalMagneticMoment = 0.25,
            Charges = [1, -1],
            Temperature = 300,
            KineticEnergy = 0.1,
            Origin = LabelOrigin.AbInitio,
            Convergence = new(ElectronicConvergence.Ambiguous, "NELM", 60, 60),
            Method = new() { Code = "VASP", Functional = "PBE", CutoffEnergy = 520, Potentials = ImmutableSortedDictionary<string, string>.Empty.Add("Al", "PAW_PBE Al") },
            BasisLattice = Lattice.Cubic(3.1),
            Source = new("/runs/1/OUTCAR", 17),
            ConfigType = "surface",
            Weight = 0.5,
            Information = ImmutableSortedDictionary.CreateRange<string, object>(StringComparer.Ordinal,
            [
                new("a", 1.5), new("b", 7L), new("c", true), new("d", "text with 'quotes'"), new("e", new double[] { 1, 2 }), new("f", new long[,] { { 1, 2 }, { 3, 4 } }), new("g", new[] { "x", "" }), new("h", 3), new("i", new bool[] { true, false }), new("j", new double[,] { { 1.5 } }),
            ]),
        };
    }

    private static void AssertSame(Frame expected, Frame found)
    {
        Assert.True(expected.Structure.Equals(found.Structure));
        Assert.Equal(expected.Structure.ContentHash, found.Structure.ContentHash);
        Assert.Equal(expected.Structure.CoordinateKind, found.Structure.CoordinateKind);
        Assert.Equal(expected.Structure.Name, found.Structure.Name);
        Assert.Equal(expected.Structure.Provenance, found.Structure.Provenance);
        Assert.Equal(expected.Structure.Lattice is null ? [] : expected.Structure.FractionalPositions.Select(p => p.ToString()), found.Structure.Lattice is null ? [] : found.Structure.FractionalPositions.Select(p => p.ToString()));
        foreach (PropertyInfo property in typeof(Frame).GetProperties().Where(p => p.CanWrite))
        {
            object? a = property.GetValue(expected), b = property.GetValue(found);
            if (a is ImmutableSortedDictionary<string, object> information)
            {
                var other = (ImmutableSortedDictionary<string, object>)b!;
                Assert.Equal(information.Keys, other.Keys);
                Assert.All(information, i =>
                {
                    Assert.Equal(i.Value.GetType(), other[i.Key].GetType());
                    Assert.Equal(i.Value is Array x ? x.Cast<object>() : [i.Value], other[i.Key] is Array y ? y.Cast<object>() : [other[i.Key]]);
                });
            }
            else if (a is IEnumerable items and not string)
            {
                Assert.Equal(items.Cast<object>(), ((IEnumerable)b!).Cast<object>());
            }
            else
            {
                Assert.Equal(a, b);
            }
        }
    }
}
