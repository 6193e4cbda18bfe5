using System.Collections.Immutable;
using System.Reflection;
using AtomProNet.Calculations;
using AtomProNet.Evaluation;
using AtomProNet.Serialization;
using AtomProNet.Structures;
using AtomProNet.Tests.Evaluation;
using AtomProNet.Tests.Formats;

namespace AtomProNet.Tests.Serialization;

/// <summary>Objects that go through text and come back whole, to the last bit.</summary>
public class ObjectJsonTests
{
    [Fact]
    public void Any_frame_comes_back_whole()
    {
        var random = new Random(20261129);
        for (int i = TestEffort.Of(300, 5_000, 100_000); i > 0; i--)
        {
            Frame frame = RandomFrames.Any(random) with
            {
                Method = new DftMethod { Code = "VASP", Version = "6.3.0", CutoffEnergy = 520.1, HubbardU = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("Fe", 5.3)]) },
                BasisLattice = RandomStructures.AnyLattice(random),
                Source = new FrameSource("C:\\runs\\\"a\"/OUTCAR", i),
                Convergence = new(ElectronicConvergence.Ambiguous, "as many steps as NELM", 60, 60),
                Origin = LabelOrigin.AbInitio,
            };
            var found = (Frame)ObjectJson.Read(ObjectJson.Write(frame), typeof(Frame));
            AssertSame(frame, found, nameof(Frame));
        }
    }

    [Fact]
    public void A_structure_keeps_the_coordinates_that_it_was_given()
    {
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            CoordinateKind kind = i % 2 == 0 ? CoordinateKind.Fractional : CoordinateKind.Cartesian;
            Structure structure = RandomStructures.Any(random, kind: kind);
            var found = (Structure)ObjectJson.Read(ObjectJson.Write(structure), typeof(Structure));
            Assert.Equal(kind, found.CoordinateKind);
            Assert.Equal(structure.ContentHash, found.ContentHash);
            Assert.Equal(structure.FractionalPositions, found.FractionalPositions);
        }
    }

    [Fact]
    public void A_provenance_keeps_its_whole_chain()
    {
        Provenance chain = Provenance.Root("Bundled", "bundled:Si").Derive("Strain", "abc", [new("voigt", "0.01 0 0 0 0 0")]).Derive("Rattle", "def", seed: long.MinValue);
        Structure structure = new(Lattice.Cubic(5.43), [Element.FromSymbol("Si")], [Vector3D.Zero], CoordinateKind.Fractional, provenance: chain);
        var found = (Structure)ObjectJson.Read(ObjectJson.Write(structure), typeof(Structure));
        Assert.Equal(chain.Chain(), found.Provenance!.Chain());
        Assert.Equal(long.MinValue, found.Provenance.Seed);
    }

    [Fact]
    public void Errors_of_a_model_come_back_with_all_their_values()
    {
        foreach (MlipError error in SyntheticErrors.Model("MACE <large>", 5, 2, 0.1).Errors)
        {
            AssertSame(error, ObjectJson.Read(ObjectJson.Write(error), typeof(MlipError)), error.Quantity.ToString());
        }
    }

    [Fact]
    public void Zero_keeps_its_sign_and_numbers_that_are_none_stay_so()
    {
        var statistics = new ErrorStatistics(3, null, double.NaN, double.NegativeInfinity, -0.0, null, [new(50, 0.1)]);
        var found = (ErrorStatistics)ObjectJson.Read(ObjectJson.Write(statistics), typeof(ErrorStatistics));
        Assert.True(double.IsNaN(found.MAE!.Value));
        Assert.Equal(double.NegativeInfinity, found.RMSE);
        Assert.True(double.IsNegative(found.Maximum!.Value));
    }

    [Theory]
    [InlineData("", "ObjectDamaged")]
    [InlineData("{", "ObjectDamaged")]
    [InlineData("null", "ObjectDamaged")]
    [InlineData("""{"Version":1,"Type":"AtomProNet.Structures.Frame","Value":{}}""", "ObjectTypeMismatch")]
    [InlineData("""{"Version":99,"Type":"AtomProNet.Structures.Structure","Value":{}}""", "ObjectVersionUnknown")]
    [InlineData("""{"Version":1,"Type":"AtomProNet.Structures.Structure","Value":{}}""", "ObjectDamaged")]
    [InlineData("""{"Version":1,"Type":"AtomProNet.Structures.Structure","Value":null}""", "ObjectDamaged")]
    [InlineData("""{"Version":1,"Type":"AtomProNet.Structures.Structure","Value":{"Periodicity":{"A":false,"B":false,"C":false},"Species":["Qq"],"CoordinateKind":"Cartesian","Positions":[[0,0,0]],"SiteProperties":{}}}""", "ObjectDamaged")]
    [InlineData("""{"Version":1,"Type":"AtomProNet.Structures.Structure","Value":{"Periodicity":{"A":false,"B":false,"C":false},"Species":["Al"],"CoordinateKind":"Cartesian","Positions":[[0,0]],"SiteProperties":{}}}""", "ObjectDamaged")]
    [InlineData("""{"Version":1,"Type":"AtomProNet.Structures.Structure","Value":{"Periodicity":{"A":false,"B":false,"C":false},"Species":["Al","Al"],"CoordinateKind":"Cartesian","Positions":[[0,0,0]],"SiteProperties":{}}}""", "SiteCountMismatch")]
    public void Damage_is_told(string text, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<AtomProNetException>(() => ObjectJson.Read(text, typeof(Structure))).ErrorId);

    [Fact]
    public void A_text_cut_anywhere_is_damage()
    {
        string text = ObjectJson.Write(RandomFrames.Any(new Random(3)));
        for (int length = 0; length < text.Length; length++)
        {
            Assert.Throws<AtomProNetException>(() => ObjectJson.Read(text[..length], typeof(Frame)));
        }
    }

    /// <summary>Compares property by property, into the depth, so that a property which is added later is compared, too.</summary>
    private static void AssertSame(object? expected, object? found, string path, int depth = 0)
    {
        if (expected is null || found is null)
        {
            Assert.True(expected is null && found is null, path);
        }
        else if (expected is Structure or Provenance or DftMethod or string || (expected.GetType().IsValueType && expected is not System.Collections.IEnumerable and not KeyValuePair<string, object>))
        {
            Assert.True(expected.Equals(found), path);
        }
        else if (expected is System.Collections.IEnumerable several)
        {
            object?[] mine = [.. several.Cast<object?>()], theirs = [.. ((System.Collections.IEnumerable)found).Cast<object?>()];
            Assert.True(mine.Length == theirs.Length, path);
            Assert.Equal(expected.GetType(), found.GetType());
            for (int i = 0; i < mine.Length; i++)
            {
                AssertSame(mine[i], theirs[i], $"{path}[{i}]", depth + 1);
            }
        }
        else
        {
            Assert.True(depth < 10, path);
            foreach (PropertyInfo property in expected.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetIndexParameters().Length == 0))
            {
                AssertSame(property.GetValue(expected), property.GetValue(found), $"{path}.{property.Name}", depth + 1);
            }
        }
    }
}
