using AtomProNet.Evaluation;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets;

namespace AtomProNet.Tests.Evaluation;

public class FrameMatchingTests
{
    private static readonly Frame[] Reference = MakeReference();

    [Fact]
    public void By_order_across_cell_boundaries_and_float32()
    {
        FramePair[] pairs = FrameMatching.ByOrder(Reference, Predicted()).ToArray();
        Assert.Equal(Enumerable.Range(1, 5), pairs.Select(p => p.Index));
        Assert.Equal(Reference, pairs.Select(p => p.Reference));
    }

    [Theory]
    [InlineData("original_dataset_index", null)]
    [InlineData("frame_id", null)]
    [InlineData("my_id", "my_id")]
    public void By_id_in_any_order(string key, string? given)
    {
        Frame[] reference = [.. Reference.Select((f, i) => SyntheticFrames.WithInformation(f, key, (long)(100 + i)))];
        Frame[] predicted = [.. Predicted().Select((f, i) => SyntheticFrames.WithInformation(f, key, (long)(100 + i))).Reverse()];
        FramePair[] pairs = FrameMatching.ById(reference, predicted, given).ToArray();
        Assert.Equal([5, 4, 3, 2, 1], pairs.Select(p => p.Index));
        Assert.Equal(["104", "103", "102", "101", "100"], pairs.Select(p => p.Id));
        Assert.All(pairs, p => Assert.Equal(p.Id, p.Prediction.Information[key].ToString()));
    }

    [Fact]
    public void A_missing_prediction_names_the_reference()
    {
        AtomProNetException error = Fails(() => FrameMatching.ByOrder(Reference, Predicted()[..4]), "FrameCountMismatch");
        Assert.Contains("frame 5 (/data/OUTCAR#5)", error.Message, StringComparison.Ordinal);
        Fails(() => FrameMatching.ByOrder(Reference[..4], Predicted()), "FrameCountMismatch");
    }

    [Fact]
    public void Another_order_names_the_frame()
    {
        Frame[] swapped = Predicted();
        (swapped[2], swapped[3]) = (swapped[3], swapped[2]);
        AtomProNetException error = Fails(() => FrameMatching.ByOrder(Reference, swapped), "FrameGeometryMismatch");
        Assert.Contains("frame 3 (/data/OUTCAR#3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_difference_of_geometry_is_told()
    {
        Structure s = Reference[0].Structure;
        Assert.Null(Difference(s));
        Assert.Contains("8 atoms, the prediction 7", Difference(s.SelectSites([0, 1, 2, 3, 4, 5, 6])), StringComparison.Ordinal);
        Assert.Contains("atom 1 is", Difference(s.SelectSites([1, 0, 2, 3, 4, 5, 6, 7])), StringComparison.Ordinal);
        Assert.Contains("lattice vectors differ by 0.002 Å", Difference(s.With(lattice: new(s.Lattice!.Rows + Matrix3x3.Diagonal(0, 0.002, 0)))), StringComparison.Ordinal);
        Assert.Null(Difference(s.With(lattice: new(s.Lattice!.Rows + Matrix3x3.Diagonal(0, 0.0005, 0)))));
        Assert.Null(Difference(Moved(s, 3, new(0.0009, 0, 0))));
        Assert.Contains("atom 4", Difference(Moved(s, 3, new(0.0011, 0, 0))), StringComparison.Ordinal);
        // Half a cell away and moved by whole cells: still half a cell away.
        Assert.Contains("atom 4", Difference(Moved(s, 3, s.Lattice!.A * 1.5)), StringComparison.Ordinal);
        Assert.Null(Difference(Moved(s, 3, s.Lattice!.A * 2 - s.Lattice.C)));
        Assert.Contains("periodic boundaries", Difference(new(s.Lattice, s.Species, s.CartesianPositions, CoordinateKind.Cartesian, new(true, true, false))), StringComparison.Ordinal);

        string? Difference(Structure other) => FrameMatching.DescribeDifference(s, other, GeometryTolerance.Default);
    }

    [Fact]
    public void Ids_must_tell_frames_apart()
    {
        Frame[] numbered = [.. Reference.Select((f, i) => SyntheticFrames.WithInformation(f, "frame_id", "f" + i))];
        Frame[] predicted = [.. Predicted().Select((f, i) => SyntheticFrames.WithInformation(f, "frame_id", "f" + i))];
        Fails(() => FrameMatching.ById(Reference, Predicted()), "FrameIdMissing");
        Fails(() => FrameMatching.ById(numbered, Predicted()), "FrameIdMissing");
        Fails(() => FrameMatching.ById(numbered, predicted, "another"), "FrameIdMissing");
        Fails(() => FrameMatching.ById([.. numbered, numbered[0]], predicted), "FrameIdRepeated");
        Fails(() => FrameMatching.ById(numbered, [.. predicted, predicted[0]]), "FrameIdRepeated");
        Assert.Contains("/data/OUTCAR#5", Fails(() => FrameMatching.ById(numbered, predicted[..4]), "FrameUnmatched").Message, StringComparison.Ordinal);
        Fails(() => FrameMatching.ById(numbered[..4], predicted), "FrameUnmatched");
        predicted[1] = SyntheticFrames.WithInformation(predicted[2], "frame_id", "f1");
        Fails(() => FrameMatching.ById(numbered, predicted), "FrameGeometryMismatch");
    }

    private static AtomProNetException Fails(Func<IEnumerable<FramePair>> match, string id)
    {
        var error = Assert.Throws<AtomProNetException>(() => match().ToArray());
        Assert.Equal(id, error.ErrorId);
        return error;
    }

    private static Structure Moved(Structure s, int atom, Vector3D by) =>
        s.With(positions: s.CartesianPositions.SetItem(atom, s.CartesianPositions[atom] + by));

    private static Frame[] MakeReference()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 5).Select(i => SyntheticFrames.Random(random, source: new("/data/OUTCAR", i + 1)))];
    }

    private static Frame[] Predicted()
    {
        var random = new Random(2);
        return [.. Reference.Select(f => SyntheticFrames.Predict(f, random))];
    }
}
