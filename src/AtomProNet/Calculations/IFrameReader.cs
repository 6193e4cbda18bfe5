using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// Reads the frames of one output file of a DFT code as a stream. What every code's reader has in common, so that the cmdlets
/// (and whoever looks for results in a folder) treat all of them alike.
/// </summary>
public interface IFrameReader : IDisposable
{
    /// <summary>What was found besides the frames. It is whole once <see cref="ReadFrames"/> has been enumerated to its end.</summary>
    CalculationReport Report { get; }

    /// <summary>
    /// Every frame whose labels are certain, in the order of the file, as soon as it is read: also those that are not converged or
    /// come from a machine-learned force field, which are marked as such (<see cref="Frame.Convergence"/>, <see cref="Frame.Origin"/>).
    /// A frame that cannot be trusted is not returned but listed in <see cref="CalculationReport.LeftOut"/> with the reason.
    /// Can be enumerated once.
    /// </summary>
    /// <param name="cancellation">Ends the reading.</param>
    IEnumerable<Frame> ReadFrames(CancellationToken cancellation = default);
}
