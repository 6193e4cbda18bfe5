using System.Collections;

namespace AtomProNet.Datasets;

/// <summary>The numbers of all frames of a set, in their order, as a list that takes no memory.</summary>
/// <param name="count">How many there are.</param>
internal sealed class FrameNumbers(int count) : IReadOnlyList<int>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public int this[int index] => index;

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator()
    {
        for (int i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
