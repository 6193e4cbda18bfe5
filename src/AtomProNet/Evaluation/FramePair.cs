using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>A reference frame and the prediction for the same geometry.</summary>
/// <param name="Index">The number of the reference frame, counted from 1 in the order in which the frames came.</param>
/// <param name="Reference">The frame with the true labels.</param>
/// <param name="Prediction">The frame with the model's labels.</param>
/// <param name="Id">The id by which they were matched; null where they were matched by order.</param>
public sealed record FramePair(int Index, Frame Reference, Frame Prediction, string? Id = null);
