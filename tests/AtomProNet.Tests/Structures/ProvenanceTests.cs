using AtomProNet.Structures;

namespace AtomProNet.Tests.Structures;

public sealed class ProvenanceTests
{
    private static readonly Provenance Root = Provenance.Root("MaterialsProject", "mp-1143");

    [Fact]
    public void Neighbours_keep_the_group_and_new_crystals_open_one()
    {
        Provenance strain = Root.Derive("Strain", "h1");
        Provenance cell = Root.Derive("Supercell", "h1", [new("size", "2 2 1")], opensGroup: true);
        Provenance rattled = cell.Derive("Rattle", "h2", seed: 7);

        Assert.Equal("mp-1143", Root.GroupId);
        Assert.Equal("mp-1143", strain.GroupId);
        Assert.NotEqual("mp-1143", cell.GroupId);
        Assert.Equal(cell.GroupId, rattled.GroupId);
        Assert.All(new[] { strain, cell, rattled }, p => Assert.Equal("mp-1143", p.RootId));
        Assert.Equal(7, rattled.Seed);
        Assert.Equal(2, rattled.Depth);
        Assert.Equal("mp-1143 → Supercell → Rattle", rattled.ToString());
    }

    [Fact]
    public void A_group_is_told_by_operation_parent_and_parameters()
    {
        string Group(string operation, string hash, string size) => Root.Derive(operation, hash, [new("size", size)], opensGroup: true).GroupId;

        Assert.Equal(Group("Supercell", "h", "2 2 1"), Group("Supercell", "h", "2 2 1"));
        Assert.Equal(4, new[] { Group("Supercell", "h", "2 2 1"), Group("Supercell", "h", "2 1 2"), Group("Supercell", "g", "2 2 1"), Group("Slab", "h", "2 2 1") }.Distinct().Count());
    }

    [Fact]
    public void An_inferred_group_stays_inferred_until_a_new_one_opens()
    {
        Provenance inferred = Root.WithGroup("file", inferred: true);
        Assert.True(inferred.Derive("Strain", "h").GroupInferred);
        Assert.False(inferred.Derive("Supercell", "h", opensGroup: true).GroupInferred);
    }
}
