using AtomProNet.Tests;
using Xunit.Sdk;
using Xunit.v3;

// Tests of clusters wait most of their time for a batch system: four at a time keep two processors busy.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace AtomProNet.Tests;

/// <summary>
/// The collections that share a server or a shell run one test after the other: in the default set, which is to be short, they begin first, so that nobody waits for
/// them alone at the end. In the full set, which is long anyway, the servers would only compete with each other at its beginning.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["sshd", "Slurm", "PowerShell"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        TestEffort.IsFull ? testCollections : [.. testCollections.OrderBy(c => (uint)Array.IndexOf(Long, c.TestCollectionDisplayName)).ThenBy(c => c.TestCollectionDisplayName, StringComparer.Ordinal)];
}
