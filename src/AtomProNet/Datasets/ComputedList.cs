using System.Collections;

namespace AtomProNet.Datasets;

/// <summary>Entries that are put together each time they are asked for, so that a million of them take no memory.</summary>
/// <param name="count">How many there are.</param>
/// <param name="make">Makes an entry, by its number from 0.</param>
internal sealed class ComputedList<T>(int count, Func<int, T> make) : IReadOnlyList<T>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public T this[int index] => make(index);

    /// <summary>Some of a list.</summary>
    /// <param name="all">The list.</param>
    /// <param name="rows">Which ones, in their order.</param>
    public static IReadOnlyList<T> Of(IReadOnlyList<T> all, int[] rows) => rows.Length == all.Count ? all : new ComputedList<T>(rows.Length, k => all[rows[k]]);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < count; i++)
        {
            yield return make(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
