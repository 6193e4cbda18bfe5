using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>
/// Puts predictions beside the references that they belong to: by order or by id, always with the geometry checked.
/// Whatever has no counterpart is an error that names the frame; nothing is cut off in silence.
/// </summary>
public static class FrameMatching
{
    /// <summary>The keys that are looked for as an id, in this order, where none is named: this project's own and the one of AtomProNet's files.</summary>
    public static ImmutableArray<string> KnownIdKeys { get; } = ["frame_id", "original_dataset_index"];

    /// <summary>Matches the first reference with the first prediction and so on; both are read as they are needed.</summary>
    /// <param name="reference">Frames with the true labels.</param>
    /// <param name="prediction">As many frames with the model's labels, in the same order.</param>
    /// <param name="tolerance">How far the geometries may lie apart; default <see cref="GeometryTolerance.Default"/>.</param>
    /// <exception cref="AtomProNetException">One side ends before the other, or a geometry differs.</exception>
    public static IEnumerable<FramePair> ByOrder(IEnumerable<Frame> reference, IEnumerable<Frame> prediction, GeometryTolerance? tolerance = null)
    {
        using IEnumerator<Frame> references = reference.GetEnumerator();
        using IEnumerator<Frame> predictions = prediction.GetEnumerator();
        for (int index = 1; ; index++)
        {
            bool left = references.MoveNext(), right = predictions.MoveNext();
            if (!left && !right)
            {
                yield break;
            }

            if (left != right)
            {
                Frame alone = left ? references.Current : predictions.Current;
                throw new AtomProNetException(
                    ErrorKind.InvalidData,
                    "FrameCountMismatch",
                    left
                        ? $"There are only {index - 1} predicted frames: reference {Name(index, alone)} has no prediction."
                        : $"There are only {index - 1} reference frames: predicted {Name(index, alone)} has no reference.",
                    remedy: "Give both sets whole, or match the frames by an id (-ById).");
            }

            var pair = new FramePair(index, references.Current, predictions.Current);
            ThrowIfDifferent(pair, tolerance ?? GeometryTolerance.Default, "If the frames stand in another order, match them by an id (-ById).");
            yield return pair;
        }
    }

    /// <summary>Matches frames that carry the same id. The references are held in memory; pairs come in the order of the predictions.</summary>
    /// <param name="reference">Frames with the true labels.</param>
    /// <param name="prediction">Frames with the model's labels, one for each reference, in any order.</param>
    /// <param name="idKey">The key in <see cref="Frame.Information"/> that holds the id; null: the first of <see cref="KnownIdKeys"/> that the first reference has.</param>
    /// <param name="tolerance">How far the geometries may lie apart; default <see cref="GeometryTolerance.Default"/>.</param>
    /// <exception cref="AtomProNetException">An id is missing, stands twice or has no counterpart, or a geometry differs.</exception>
    public static IEnumerable<FramePair> ById(IEnumerable<Frame> reference, IEnumerable<Frame> prediction, string? idKey = null, GeometryTolerance? tolerance = null)
    {
        var byId = new Dictionary<string, (int Index, Frame Frame)>(StringComparer.Ordinal);
        int count = 0;
        foreach (Frame frame in reference)
        {
            count++;
            idKey ??= KnownIdKeys.FirstOrDefault(frame.Information.ContainsKey) ?? throw new AtomProNetException(
                ErrorKind.InvalidData,
                "FrameIdMissing",
                $"Reference {Name(count, frame)} carries no id: neither {string.Join(" nor ", KnownIdKeys)} is among its keys.",
                remedy: "Name the key that holds it (-IdKey), or match the frames by order.");
            string id = Id(frame, idKey, "Reference", count);
            if (!byId.TryAdd(id, (count, frame)))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FrameIdRepeated", $"Reference {Name(byId[id].Index, byId[id].Frame)} and {Name(count, frame)} carry the same id.", value: id, remedy: "An id must tell the frames apart: choose another key (-IdKey), or match by order.");
            }
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (Frame frame in prediction)
        {
            number++;
            string id = Id(frame, idKey ?? KnownIdKeys[0], "Predicted", number);
            if (seen.TryGetValue(id, out int earlier))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FrameIdRepeated", $"Predicted frame {earlier} and {Name(number, frame)} carry the same id.", value: id, remedy: "An id must tell the frames apart: choose another key (-IdKey), or match by order.");
            }

            seen.Add(id, number);
            if (!byId.TryGetValue(id, out (int Index, Frame Frame) match))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FrameUnmatched", $"Predicted {Name(number, frame)} has no reference with its id.", value: id, remedy: "Give both sets whole.");
            }

            var pair = new FramePair(match.Index, match.Frame, frame, id);
            ThrowIfDifferent(pair, tolerance ?? GeometryTolerance.Default, "The two frames carry the same id but are not the same: check where the ids come from.");
            yield return pair;
        }

        foreach ((string id, (int index, Frame frame)) in byId)
        {
            if (!seen.ContainsKey(id))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FrameUnmatched", $"Reference {Name(index, frame)} has no prediction with its id ({byId.Count - seen.Count} of {byId.Count} have none).", value: id, remedy: "Give both sets whole.");
            }
        }
    }

    /// <summary>Says how two geometries differ, in one sentence; null where they are the same within the tolerance.</summary>
    /// <param name="reference">The one.</param>
    /// <param name="prediction">The other.</param>
    /// <param name="tolerance">How far they may lie apart.</param>
    public static string? DescribeDifference(Structure reference, Structure prediction, GeometryTolerance tolerance)
    {
        if (reference.AtomCount != prediction.AtomCount)
        {
            return $"the reference has {reference.AtomCount} atoms, the prediction {prediction.AtomCount}";
        }

        for (int i = 0; i < reference.AtomCount; i++)
        {
            if (!reference.Species[i].Equals(prediction.Species[i]))
            {
                return $"atom {i + 1} is {reference.Species[i]} in the reference and {prediction.Species[i]} in the prediction";
            }
        }

        if (reference.Lattice is null != prediction.Lattice is null || reference.Periodicity != prediction.Periodicity)
        {
            return $"the periodic boundaries are {reference.Periodicity} in the reference and {prediction.Periodicity} in the prediction";
        }

        if (reference.Lattice is { } cell && prediction.Lattice is { } other)
        {
            double largest = (cell.Rows - other.Rows).ToRowMajor().Max(Math.Abs);
            if (!(largest <= tolerance.Cell))
            {
                return string.Create(CultureInfo.InvariantCulture, $"the lattice vectors differ by {largest:G4} Å");
            }
        }

        var image = new MinimumImage(reference.Lattice, reference.Periodicity);
        ImmutableArray<Vector3D> from = reference.CartesianPositions, to = prediction.CartesianPositions;
        double limit = tolerance.Position * tolerance.Position, farthest = 0;
        int worst = -1;
        for (int i = 0; i < from.Length; i++)
        {
            // Most models leave the atoms where they are: the search among images is only for those that do not.
            double distance = (to[i] - from[i]).LengthSquared;
            if (!(distance <= limit))
            {
                distance = image.Difference(from[i], to[i]).LengthSquared;
            }

            if (!(distance <= limit) && (worst < 0 || distance > farthest))
            {
                farthest = distance;
                worst = i;
            }
        }

        return worst < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"atom {worst + 1} ({reference.Species[worst]}) lies {Math.Sqrt(farthest):G4} Å away from where the reference has it");
    }

    private static void ThrowIfDifferent(FramePair pair, GeometryTolerance tolerance, string remedy)
    {
        if (DescribeDifference(pair.Reference.Structure, pair.Prediction.Structure, tolerance) is { } difference)
        {
            string prediction = pair.Prediction.Source is { } source ? $" and the prediction {source}" : "";
            throw new AtomProNetException(ErrorKind.InvalidData, "FrameGeometryMismatch", $"Reference {Name(pair.Index, pair.Reference)}{prediction} are not the same geometry: {difference}.", value: pair.Id, remedy: remedy);
        }
    }

    private static string Id(Frame frame, string key, string side, int number) =>
        frame.Information.TryGetValue(key, out object? value) && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text
            ? text
            : throw new AtomProNetException(ErrorKind.InvalidData, "FrameIdMissing", $"{side} {Name(number, frame)} has no '{key}'.", remedy: "Name the key that holds the id (-IdKey), or match the frames by order.");

    private static string Name(int number, Frame frame) =>
        string.Create(CultureInfo.InvariantCulture, $"frame {number}") + (frame.Source is { } source ? $" ({source})" : frame.Structure.Name is { } name ? $" ({name})" : "");
}
