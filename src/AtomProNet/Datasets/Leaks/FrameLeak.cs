using System.Globalization;
using AtomProNet.Datasets.Checks;

namespace AtomProNet.Datasets.Leaks;

/// <summary>How near a frame of the validation or test part lies to what is trained on.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Nearest">The frame of the training part that is nearest to it.</param>
/// <param name="Distance">The distance of their descriptors (<see cref="Descriptors.FrameDescriptor.Distance"/>): 0 for copies.</param>
/// <param name="IsSameGroup">Whether both belong to one group: one strain series, one trajectory.</param>
public sealed record FrameLeak(FrameReference Frame, FrameReference Nearest, double Distance, bool IsSameGroup)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Frame}: {Distance:G3} from {Nearest}");
}
