using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Calculations;

public sealed class CalculationRecordTests
{
    private static readonly Provenance Chain = Provenance
        .Root("MaterialsProject", "mp-1143", new Dictionary<string, string> { ["database"] = "2025.06.09", ["title"] = "Å “quoted” \"x\" \\ \n 中" })
        .Derive("Supercell", "ab12", new Dictionary<string, string> { ["size"] = "2 2 1" }, opensGroup: true)
        .Derive("Rattle", "cd34", new Dictionary<string, string>(), seed: long.MaxValue)
        .WithGroup("some group", inferred: true)
        .Derive("Strain", "ef56", new Dictionary<string, string> { ["xx"] = "0.01" });

    [Fact]
    public void A_chain_comes_back_as_it_was()
    {
        Provenance back = ProvenanceJson.ReadText(ProvenanceJson.WriteText(Chain));

        Assert.Equal(Chain, back);
        Assert.Equal(4, back.Chain().Count());
        Assert.True(back.GroupInferred);
        Assert.Equal(long.MaxValue, back.Parent!.Seed);
        Assert.Null(back.Seed);
    }

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        JsonObject json = ProvenanceJson.Write(Provenance.Root("Bundled", "bundled:Si").Derive("Strain", "ff", new Dictionary<string, string> { ["xx"] = "0.1" }));

        Assert.Equal("""{"version":1,"chain":[{"operation":"Bundled","parameters":{},"rootId":"bundled:Si","groupId":"bundled:Si"},{"operation":"Strain","parameters":{"xx":"0.1"},"parentHash":"ff","rootId":"bundled:Si","groupId":"bundled:Si"}]}""", json.ToJsonString());
    }

    [Theory]
    [InlineData("", "JsonDamaged")]
    [InlineData("{", "JsonDamaged")]
    [InlineData("{\"version\":1,\"version\":1,\"chain\":[1]}", "JsonDamaged")]
    [InlineData("{\"version\":1,\"chain\":[{\"operation\":\"\\ud800\",\"rootId\":\"r\",\"groupId\":\"g\"}]}", "JsonDamaged")]
    [InlineData("[]", "ProvenanceDamaged")]
    [InlineData("null", "ProvenanceDamaged")]
    [InlineData("{\"version\":1,\"chain\":[]}", "ProvenanceDamaged")]
    [InlineData("{\"version\":1,\"chain\":[3]}", "ProvenanceDamaged")]
    [InlineData("{\"chain\":[{\"operation\":\"a\",\"rootId\":\"r\",\"groupId\":\"g\"}]}", "ProvenanceDamaged")]
    [InlineData("{\"version\":\"1\",\"chain\":[{\"operation\":\"a\",\"rootId\":\"r\",\"groupId\":\"g\"}]}", "ProvenanceDamaged")]
    [InlineData("{\"version\":1,\"chain\":[{\"operation\":\"a\",\"rootId\":\"r\"}]}", "ProvenanceDamaged")]
    [InlineData("{\"version\":1,\"chain\":[{\"operation\":7,\"rootId\":\"r\",\"groupId\":\"g\"}]}", "ProvenanceDamaged")]
    [InlineData("{\"version\":1,\"chain\":[{\"operation\":\"a\",\"parameters\":{\"x\":1},\"rootId\":\"r\",\"groupId\":\"g\"}]}", "ProvenanceDamaged")]
    [InlineData("{\"version\":2,\"chain\":[{\"operation\":\"a\",\"rootId\":\"r\",\"groupId\":\"g\"}]}", "ProvenanceVersionUnknown")]
    public void What_is_no_chain_is_refused(string json, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<AtomProNetException>(() => ProvenanceJson.ReadText(json)).ErrorId);

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        CalculationRecord record = Sample();

        CalculationRecord back = CalculationRecord.FromJson(record.ToJson());

        Assert.Equal(record, back);
        Assert.Equal(record.ToJson(), back.ToJson());
        Assert.StartsWith("AtomProNet.PS ", back.Writer, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', record.ToJson());
    }

    [Fact]
    public void A_record_needs_neither_descent_nor_mesh()
    {
        CalculationRecord record = Sample() with
        {
            Provenance = null,
            SiteOrder = null,
            StructureName = null,
            Method = new() { Code = "VASP", KPoints = new(Divisions: null, GammaCentred: true, "spacing 0.22", 0.22) },
        };

        Assert.Equal(record, CalculationRecord.FromJson(record.ToJson()));
    }

    [Fact]
    public void A_damaged_record_is_refused_with_the_file_named()
    {
        string folder = Directory.CreateTempSubdirectory("record").FullName;
        try
        {
            Assert.Null(CalculationRecord.FromFolder(folder));
            string file = Path.Combine(folder, CalculationRecord.FileName);
            File.WriteAllText(file, "{\"version\":1}");

            var error = Assert.Throws<AtomProNetException>(() => CalculationRecord.FromFolder(folder));

            Assert.Equal("CalculationRecordDamaged", error.ErrorId);
            Assert.Equal(file, error.File);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void No_cut_and_no_flipped_bit_ends_in_anything_but_a_reason()
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(Sample().ToJson());
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            if (i % 2 == 1)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                CalculationRecord.FromJson(damaged);
            }
            catch (AtomProNetException)
            {
                // The only exception that may come.
            }
        }
    }

    private static CalculationRecord Sample() => new()
    {
        StructureName = "strain_+0.0100",
        Formula = "Al4O6",
        ContentHash = new string('a', 64),
        SiteOrder = new([1, 0, 2], [1, 0, 2]),
        Provenance = Chain,
        ConfigType = "IsolatedAtom",
        Method = new()
        {
            Code = "VASP",
            Preset = "MPStatic",
            Settings = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("ENCUT", "520").Add("ALGO", "Fast"),
            Deviations = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("LCHARG", "no CHGCAR for label runs"),
            KPoints = new([4, 4, 2], GammaCentred: false, "reciprocal density 100"),
            Potentials = [new("Al", "Al", "PAW_PBE Al 04Jan2001", new string('b', 64), 240.3), new("O", "O")],
        },
    };
}
