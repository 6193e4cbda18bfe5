using AtomProNet.Datasets;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Duplicates;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets.Checks;

namespace AtomProNet.Tests.Datasets;

public class DuplicateSearchTests
{
    /// <summary>The box of a cluster does not repeat: 12 Å or 14 Å wide, it holds the same cluster, and two energies of it contradict each other.</summary>
    [Theory]
    [InlineData(0, DuplicateKind.Exact)]
    [InlineData(0.1, DuplicateKind.Conflict)]
    public void A_cluster_is_the_same_in_another_box(double energy, DuplicateKind kind)
    {
        var search = new DuplicateSearch();
        Assert.Null(search.Add(Boxed(12, -5)));
        Assert.Equal(kind, search.Add(Boxed(14, -5 + energy))?.Kind);

        static Frame Boxed(double box, double total) => new(new Structure(
            Lattice.Cubic(box),
            [Element.FromSymbol("O"), Element.FromSymbol("H"), Element.FromSymbol("H")],
            [new(0, 0, 0), new(0.96, 0, 0), new(-0.24, 0.93, 0)],
            CoordinateKind.Cartesian,
            periodicity: Periodicity.None)) { FreeEnergy = total };
    }

    private static readonly Frame Original = CleanSet.All.First(f => CleanSet.IsOf(f, "rattle_03"));

    [Fact]
    public void A_copy_that_was_wrapped_moved_and_put_into_another_order_is_exact()
    {
        var random = new Random(1);
        for (int round = 0; round < 10; round++)
        {
            Structure s = Original.Structure;
            Vector3D shift = SyntheticFrames.Vector(random, 5);
            int[] order = [.. Enumerable.Range(0, s.AtomCount)];
            random.Shuffle(order);
            Structure moved = s.With(positions: [.. s.CartesianPositions.Select(p => p + shift)], kind: CoordinateKind.Cartesian).Wrap().SelectSites(order);
            DuplicateFrame? found = Second(Original, Original.WithStructure(moved) with { Forces = [.. order.Select(i => Original.Forces!.Value[i])] });
            Assert.Equal(DuplicateKind.Exact, found?.Kind);
            Assert.Equal((1, 2), (found!.Original.Index, found.Frame.Index));
            Assert.Equal(FindingSeverity.Warning, found.Severity);
        }
    }

    [Fact]
    public void Other_labels_on_the_same_geometry_are_a_conflict()
    {
        Assert.Equal(DuplicateKind.Conflict, Second(Original, Original with { FreeEnergy = Original.FreeEnergy + 0.1 })?.Kind);
        Assert.Equal(DuplicateKind.Conflict, Second(Original, Original with { Forces = Original.Forces!.Value.SetItem(0, new(9, 0, 0)) })?.Kind);
        // Noise of a repeated calculation is none, and a frame without labels contradicts nobody.
        Assert.Equal(DuplicateKind.Exact, Second(Original, Original with { FreeEnergy = Original.FreeEnergy + 1e-5 })?.Kind);
        Assert.Equal(DuplicateKind.Exact, Second(Original, new Frame(Original.Structure))?.Kind);
        Assert.Equal(FindingSeverity.Error, Second(Original, Original with { FreeEnergy = -1 })!.Severity);
    }

    [Fact]
    public void Forces_are_compared_atom_by_atom_and_stresses_too()
    {
        // A wrong sign, or another order, leaves the largest force what it was.
        DuplicateFrame? turned = Second(Original, Original with { Forces = [.. Original.Forces!.Value.Select(f => -f)] });
        Assert.Equal(DuplicateKind.Conflict, turned?.Kind);
        Assert.Equal(Original.Forces!.Value.Max(f => 2 * f.Length), turned!.MaximumForceDifference!.Value, 1e-5);
        Assert.Equal(DuplicateKind.Conflict, Second(Original, Original with { Forces = [.. Original.Forces!.Value.Reverse()] })?.Kind);
        StressTensor s = Original.Stress!.Value;
        DuplicateFrame? squeezed = Second(Original, Original with { Stress = s with { XY = s.XY + 1 / 160.2176634 } });
        Assert.Equal((DuplicateKind.Conflict, 1.0), (squeezed?.Kind, Math.Round(squeezed!.MaximumStressDifference!.Value, 6)));
        Assert.Equal(DuplicateKind.Exact, Second(Original, Original with { Stress = s with { XY = s.XY + 0.1 / 160.2176634 } })?.Kind);
        Assert.Null(Second(Original, Original with { Stress = null })!.MaximumStressDifference);
    }

    [Fact]
    public void A_symmetric_crystal_is_laid_onto_itself_the_way_that_its_forces_fit()
    {
        // Rock salt in forces of alternating sign: of the eight ways to lay the atoms onto each other half are wrong.
        Structure s = CleanSet.RockSalt();
        Frame frame = new(s) { FreeEnergy = -1, Forces = [.. Enumerable.Range(0, 8).Select(i => new Vector3D(i % 4 < 2 ? 1 : -1, 0, 0))] };
        Vector3D shift = s.CartesianPositions[2];
        Frame moved = frame.WithStructure(s.With(positions: [.. s.CartesianPositions.Select(p => p + shift)], kind: CoordinateKind.Cartesian).Wrap());
        Assert.Equal(DuplicateKind.Exact, Second(frame, moved)?.Kind);
    }

    [Fact]
    public void Rounded_coordinates_are_still_a_copy()
    {
        foreach (int digits in new[] { 4, 5, 8 })
        {
            Structure s = Original.Structure;
            Frame rounded = Original.WithStructure(s.With(positions: [.. s.CartesianPositions.Select(p => new Vector3D(Math.Round(p.X, digits), Math.Round(p.Y, digits), Math.Round(p.Z, digits)))], kind: CoordinateKind.Cartesian));
            Assert.Equal(DuplicateKind.Exact, Second(Original, rounded)?.Kind);
        }
    }

    [Fact]
    public void A_turned_copy_and_a_supercell_are_near()
    {
        Structure s = Original.Structure;
        // Axes exchanged: the same crystal, turned (and mirrored, which distances do not see).
        Structure turned = s.With(lattice: new(new Matrix3x3(Swap(s.Lattice!.A), Swap(s.Lattice.B), Swap(s.Lattice.C) * 1.0)), positions: [.. s.CartesianPositions.Select(Swap)], kind: CoordinateKind.Cartesian);
        Structure doubled = new(new(s.Lattice.A, s.Lattice.B, s.Lattice.C * 2), [.. s.Species, .. s.Species], [.. s.CartesianPositions, .. s.CartesianPositions.Select(p => p + s.Lattice.C)], CoordinateKind.Cartesian);
        Assert.Equal(DuplicateKind.Near, Second(Original, new Frame(turned))?.Kind);
        Assert.Equal(DuplicateKind.Near, Second(Original, new Frame(doubled))?.Kind);
        Assert.Null(Second(Original, new Frame(doubled), threshold: 0));

        static Vector3D Swap(Vector3D v) => new(v.Y, v.Z, v.X);
    }

    [Fact]
    public void Small_displacements_are_near_and_larger_ones_are_not()
    {
        var random = new Random(2);
        Assert.Equal(DuplicateKind.Near, Second(Original, Moved(0.002))?.Kind);
        Assert.Null(Second(Original, Moved(0.2)));

        Frame Moved(double amplitude) => new(CleanSet.Rattled(Original.Structure, random, amplitude));
    }

    [Fact]
    public void Other_elements_in_the_same_places_are_no_copy()
    {
        Structure s = Original.Structure;
        Structure other = new(s.Lattice, [.. s.Species.Select(e => Element.FromSymbol(e.Symbol == "Mg" ? "Ca" : "O"))], s.CartesianPositions, CoordinateKind.Cartesian);
        Assert.Null(Second(Original, new Frame(other)));
    }

    [Fact]
    public void Copies_in_two_parts_are_errors()
    {
        var search = new DuplicateSearch();
        Assert.Null(search.Add(Original, DatasetPart.Train));
        DuplicateFrame? found = search.Add(Original, DatasetPart.Test);
        Assert.True(found!.IsAcrossParts);
        Assert.Equal(FindingSeverity.Error, found.Severity);
    }

    /// <summary>Every pair by brute force over the whole descriptors: the same frames are found.</summary>
    [Fact]
    public void Brute_force_finds_the_same()
    {
        var random = new Random(3);
        Structure[] parents = [CleanSet.RockSalt(), CleanSet.Wurtzite(), CleanSet.RockSalt(4.6)];
        Frame[] frames = [.. Enumerable.Range(0, 300).Select(i => new Frame(CleanSet.Rattled(parents[i % 3], random, i % 7 == 0 ? 0 : 0.5 * random.NextDouble())))];
        var descriptor = new FrameDescriptor();
        var projected = frames.Select(f =>
        {
            var p = new float[DescriptorProjection.Length];
            DescriptorProjection.Apply(descriptor.Compute(f.Structure), p);
            return p;
        }).ToArray();
        var search = new DuplicateSearch(0.01);
        var representatives = new List<int>();
        for (int i = 0; i < frames.Length; i++)
        {
            DuplicateFrame? found = search.Add(frames[i]);
            bool expected = representatives.Any(r => frames[r].Structure.ReducedFormula == frames[i].Structure.ReducedFormula && ProjectionGrid.Distance(projected[r], projected[i]) <= 0.01);
            Assert.Equal(expected, found is not null);
            if (found is null)
            {
                representatives.Add(i);
            }
        }

        Assert.InRange(representatives.Count, 10, 290);
    }

    [Fact]
    public void Projected_distances_are_the_true_ones_within_forty_percent()
    {
        var random = new Random(4);
        var descriptor = new FrameDescriptor();
        for (int round = 0; round < 50; round++)
        {
            double[] a = descriptor.Compute(SyntheticFrames.Random(random, cheap: true).Structure), b = descriptor.Compute(SyntheticFrames.Random(random, cheap: true).Structure);
            float[] p = new float[DescriptorProjection.Length], q = new float[DescriptorProjection.Length];
            DescriptorProjection.Apply(a, p);
            DescriptorProjection.Apply(b, q);
            double full = Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
            // Distances lie mostly in few of the numbers, so that 64 signs scatter by more than 9 %.
            Assert.InRange(Math.Sqrt(DescriptorProjection.SquaredDistance(p, q)) / full, 0.6, 1.4);
        }
    }

    [Fact]
    public void A_threshold_without_sense_is_an_error() => Assert.Equal("ThresholdOutOfRange", Assert.Throws<AtomProNetException>(() => new DuplicateSearch(-1)).ErrorId);

    private static DuplicateFrame? Second(Frame first, Frame second, double threshold = DuplicateSearch.DefaultThreshold)
    {
        var search = new DuplicateSearch(threshold);
        Assert.Null(search.Add(first));
        return search.Add(second);
    }
}
