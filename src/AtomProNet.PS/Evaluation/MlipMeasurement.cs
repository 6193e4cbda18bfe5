using System.Collections.Immutable;
using AtomProNet.Evaluation;
using AtomProNet.Structures;

namespace AtomProNet.PS.Evaluation;

/// <summary>How Measure-MlipError and Export-MlipReport match frames and measure errors.</summary>
internal sealed record MlipMeasurement(bool ById, string? IdKey, GeometryTolerance Tolerance, MlipErrorOptions Options)
{
    /// <summary>Matches the frames and measures the errors.</summary>
    /// <exception cref="AtomProNetException">Frames do not belong together, or none has labels.</exception>
    public ImmutableArray<MlipError> Measure(IEnumerable<Frame> reference, IEnumerable<Frame> predicted)
    {
        IEnumerable<FramePair> pairs = ById || IdKey is not null
            ? FrameMatching.ById(reference, predicted, IdKey, Tolerance)
            : FrameMatching.ByOrder(reference, predicted, Tolerance);
        ImmutableArray<MlipError> errors = MlipErrors.Measure(pairs, Options);
        return errors.IsEmpty
            ? throw new AtomProNetException(ErrorKind.InvalidData, "NothingToCompare", "There is no frame with labels to compare.", remedy: "Give frames with energies, forces or stress on both sides.")
            : errors;
    }

    /// <summary>What to warn of: predictions that are the references themselves, and labels that frames lack.</summary>
    public static IEnumerable<string> Warnings(ImmutableArray<MlipError> errors)
    {
        if (errors.All(e => e.Maximum is null or 0) && errors.Any(e => e.Count > 0))
        {
            yield return "Every predicted label equals its reference to the last digit, as no model's does: the predictions are probably a copy of the reference labels. Name the file that holds the model's own.";
        }

        foreach (MlipError error in errors.Where(e => e.MissingReference + e.MissingPrediction > 0))
        {
            yield return FormattableString.Invariant($"{error.Quantity}: {error.MissingReference} reference and {error.MissingPrediction} predicted frames lack the label; {error.FrameCount} frames were compared.");
        }
    }
}
