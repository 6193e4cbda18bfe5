using System.Collections.Immutable;

namespace AtomProNet.Structures.Symmetry;

/// <summary>Sets that grow together (union by the lower index, with path halving).</summary>
internal sealed class DisjointSets
{
    private readonly int[] parent;

    internal DisjointSets(int count) => parent = Enumerable.Range(0, count).ToArray();

    internal int Find(int i)
    {
        while (parent[i] != i)
        {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }

        return i;
    }

    internal void Join(int i, int j)
    {
        int a = Find(i), b = Find(j);
        if (a != b)
        {
            parent[Math.Max(a, b)] = Math.Min(a, b);
        }
    }

    /// <summary>For each member the lowest one of its set.</summary>
    internal ImmutableArray<int> Lowest() => [.. Enumerable.Range(0, parent.Length).Select(Find)];
}
