using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Datasets;

public class FrameDescentsTests
{
    [Fact]
    public void One_file_is_one_trajectory()
    {
        var random = new Random(1);
        Frame[] frames = [.. Enumerable.Range(1, 5).Select(i => SyntheticFrames.Random(random, source: new("/a/OUTCAR", i))), .. Enumerable.Range(1, 4).Select(i => SyntheticFrames.Random(random, source: new("/b/OUTCAR", i)))];
        SplitItem[] items = Items(frames);
        Assert.Equal(2, items.Select(i => i.Group).Distinct().Count());
        Assert.Single(items[..5].Select(i => i.Group).Distinct());
        Assert.All(items, i => Assert.StartsWith("inferred:Al4O4/", i.Group, StringComparison.Ordinal));
    }

    [Fact]
    public void One_file_with_two_compositions_is_two()
    {
        var random = new Random(1);
        SplitItem[] items = Items([SyntheticFrames.Random(random, atoms: 8, source: new("/a/set.xyz", 1)), SyntheticFrames.Random(random, atoms: 6, source: new("/a/set.xyz", 2))]);
        Assert.Equal(2, items.Select(i => i.Group).Distinct().Count());
    }

    [Fact]
    public void Affine_images_in_many_files_are_one_series_along_the_strain()
    {
        // 21 strains in a random order of files, positions rounded as an OUTCAR rounds them, and moved by whole cells.
        var random = new Random(2);
        Frame parent = SyntheticFrames.Random(random);
        double[] strains = [.. Enumerable.Range(-10, 21).Select(i => i * 0.01)];
        random.Shuffle(strains);
        Frame[] frames = [.. strains.Select((e, i) => Strained(parent, Matrix3x3.Diagonal(1 + e, 1 + e, 1 + e), $"/runs/{i:D2}/OUTCAR", random))];
        Frame stranger = SyntheticFrames.Random(random, source: new("/runs/other/OUTCAR", 1));
        SplitItem[] items = Items([.. frames, stranger]);
        Assert.Equal(2, items.Select(i => i.Group).Distinct().Count());
        Assert.Single(items[..21].Select(i => i.Group).Distinct());
        Assert.Equal(strains.Order(), Enumerable.Range(0, 21).OrderBy(i => items[i].Position).Select(i => strains[i]));
    }

    [Fact]
    public void A_shear_series_is_ordered_along_the_shear()
    {
        // The volume is the same at +γ and −γ: only the deformation tells them apart.
        var random = new Random(3);
        Frame parent = SyntheticFrames.Random(random);
        double[] shears = [0.02, -0.01, 0, 0.01, -0.02];
        Frame[] frames = [.. shears.Select((g, i) => Strained(parent, new(new(1, 0, 0), new(g, 1, 0), new(0, 0, 1)), $"/runs/{i}/OUTCAR", random))];
        SplitItem[] items = Items(frames);
        double[] order = [.. Enumerable.Range(0, 5).OrderBy(i => items[i].Position).Select(i => shears[i])];
        Assert.True(order.SequenceEqual(shears.Order()) || order.SequenceEqual(shears.OrderDescending()), string.Join(' ', order));
    }

    [Fact]
    public void Coordinates_farther_apart_than_the_tolerance_are_another_series()
    {
        var random = new Random(4);
        Frame parent = SyntheticFrames.Random(random, source: new("/a", 1));
        foreach ((double shift, int groups) in new[] { (0.0008, 1), (0.0012, 2) })
        {
            Structure moved = parent.Structure.With(positions: parent.Structure.FractionalPositions.SetItem(2, parent.Structure.FractionalPositions[2] + new Vector3D(shift, 0, 0)), kind: CoordinateKind.Fractional);
            SplitItem[] items = Items([parent, parent.WithStructure(moved) with { Source = new("/b", 1) }]);
            Assert.Equal(groups, items.Select(i => i.Group).Distinct().Count());
        }
    }

    [Fact]
    public void A_cell_of_twice_the_size_is_another_crystal()
    {
        var random = new Random(4);
        Frame parent = SyntheticFrames.Random(random, source: new("/a", 1));
        SplitItem[] items = Items([parent, Strained(parent, Matrix3x3.Diagonal(2.5, 2.5, 2.5), "/b", random)]);
        Assert.NotEqual(items[0].Group, items[1].Group);
    }

    [Fact]
    public void A_group_that_is_told_stays_as_it_is()
    {
        var random = new Random(5);
        Provenance told = Provenance.Root("MaterialsProject", "mp-1143");
        Frame[] frames = [SyntheticFrames.Random(random, provenance: told, source: new("/a", 1)), SyntheticFrames.Random(random, source: new("/a", 2))];
        var descents = new FrameDescents();
        foreach (Frame frame in frames)
        {
            descents.Add(frame);
        }

        SplitItem[] items = [.. descents.ToItems()];
        Assert.Equal("mp-1143", items[0].Group);
        Assert.Equal([items[1].Group], descents.InferredGroups());
    }

    [Fact]
    public void The_order_of_input_changes_nothing()
    {
        var random = new Random(6);
        Frame[] parents = [.. Enumerable.Range(0, 10).Select(_ => SyntheticFrames.Random(random))];
        Frame[] frames = [.. Enumerable.Range(0, 200).Select(i => Strained(parents[random.Next(10)], Matrix3x3.Diagonal(1 + random.NextDouble() * 0.1, 1, 1), $"/runs/{i / 2}/OUTCAR", random) with { Source = new($"/runs/{i / 2}/OUTCAR", i % 2 + 1) })];
        SplitItem[] items = Items(frames);
        int[] shuffle = [.. Enumerable.Range(0, frames.Length)];
        random.Shuffle(shuffle);
        SplitItem[] shuffled = Items([.. shuffle.Select(i => frames[i])]);
        Assert.Equal(shuffle.Select(i => (items[i].Key, items[i].Group)), shuffled.Select(i => (i.Key, i.Group)));
        Assert.Equal(shuffle.Select(i => string.Join(' ', items[i].Position.Strain ?? [])), shuffled.Select(i => string.Join(' ', i.Position.Strain ?? [])));
    }

    [Fact]
    public void Twelve_thousand_files_of_one_series_are_told_from_as_many_others()
    {
        // The paper's set: 12,000 strains, each in a file of its own; and as many that have nothing to do with each other.
        var random = new Random(7);
        Frame parent = SyntheticFrames.Random(random, atoms: 20);
        var descents = new FrameDescents();
        for (int i = 0; i < 12_000; i++)
        {
            double f = 1 + (i - 6000) * 1e-5;
            descents.Add(Strained(parent, Matrix3x3.Diagonal(f, f, f), $"/s/{i}", random));
            descents.Add(SyntheticFrames.Random(random, atoms: 20, source: new($"/r/{i}", 1), cheap: true));
        }

        Assert.Equal(12_001, descents.ToItems().Select(i => i.Group).Distinct().Count());
    }

    private static SplitItem[] Items(Frame[] frames)
    {
        var descents = new FrameDescents();
        foreach (Frame frame in frames)
        {
            descents.Add(frame);
        }

        return [.. descents.ToItems()];
    }

    private static Frame Strained(Frame parent, Matrix3x3 deformation, string file, Random random)
    {
        Lattice lattice = new(parent.Structure.Lattice!.Rows * deformation);
        Structure structure = parent.Structure.With(
            lattice: lattice,
            positions: [.. parent.Structure.FractionalPositions.Select(f => Rounded(lattice.ToCartesian(f + new Vector3D(random.Next(-1, 2), random.Next(-1, 2), 0))))],
            kind: CoordinateKind.Cartesian);
        return parent.WithStructure(structure) with { FreeEnergy = -50 + random.NextDouble(), Source = new(file, 1) };

        static Vector3D Rounded(Vector3D r) => new(Math.Round(r.X, 5), Math.Round(r.Y, 5), Math.Round(r.Z, 5));
    }
}
