using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AtomProNet.Structures;

/// <summary>
/// Where a structure comes from: a chain of operations from its root (a database entry, a bundled crystal, a file) to here.
/// It goes with the structure through every step, so that an outlier in a plot can be traced to a database id. Immutable.
/// </summary>
public sealed record Provenance
{
    private static readonly ImmutableSortedDictionary<string, string> NoParameters = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private Provenance(string operation, ImmutableSortedDictionary<string, string> parameters, Provenance? parent, string? parentHash, long? seed, string rootId, string groupId, bool groupInferred)
    {
        Operation = operation;
        Parameters = parameters;
        Parent = parent;
        ParentHash = parentHash;
        Seed = seed;
        RootId = rootId;
        GroupId = groupId;
        GroupInferred = groupInferred;
    }

    /// <summary>What made this structure: <c>MaterialsProject</c>, <c>Bundled</c>, <c>File</c>, <c>Supercell</c>, <c>Strain</c> …</summary>
    public string Operation { get; }

    /// <summary>The operation's parameters as invariant text: the database and its version, the file, the strain, the defect.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; }

    /// <summary>The provenance of the structure that this one was made from; null at the root.</summary>
    public Provenance? Parent { get; }

    /// <summary>The <see cref="Structure.ContentHash"/> of the structure that this one was made from; null at the root.</summary>
    public string? ParentHash { get; }

    /// <summary>The seed of the random numbers that were used, if any were.</summary>
    public long? Seed { get; }

    /// <summary>What the whole family goes back to, such as <c>mp-1143</c> or <c>bundled:Al2O3-corundum</c>.</summary>
    public string RootId { get; }

    /// <summary>
    /// The family of neighbours that must not be torn apart between training and test: a strain series, a rattle series, a trajectory.
    /// Strain, rattle, MD and relaxation steps keep it; a supercell, defect, substitution or slab opens a new one.
    /// </summary>
    public string GroupId { get; }

    /// <summary>Whether the group was inferred from the data rather than known from how they were made.</summary>
    public bool GroupInferred { get; }

    /// <summary>The number of operations since the root.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>The chain from the root to here.</summary>
    public IEnumerable<Provenance> Chain() => Parent is null ? [this] : Parent.Chain().Append(this);

    /// <summary>The beginning of a chain.</summary>
    /// <param name="operation">Where the structure was taken from.</param>
    /// <param name="rootId">Its id there.</param>
    /// <param name="parameters">Database, version, file, citation.</param>
    public static Provenance Root(string operation, string rootId, IEnumerable<KeyValuePair<string, string>>? parameters = null) =>
        new(operation, Sorted(parameters), parent: null, parentHash: null, seed: null, rootId, groupId: rootId, groupInferred: false);

    /// <summary>The next link of the chain.</summary>
    /// <param name="operation">What is done.</param>
    /// <param name="parentHash">The content hash of the structure that it is done to.</param>
    /// <param name="parameters">With which parameters.</param>
    /// <param name="opensGroup">True for what makes a different crystal (supercell, defect, substitution, slab), false for what makes a neighbour (strain, rattle, a step of a trajectory).</param>
    /// <param name="seed">The seed of random numbers.</param>
    public Provenance Derive(string operation, string parentHash, IEnumerable<KeyValuePair<string, string>>? parameters = null, bool opensGroup = false, long? seed = null)
    {
        ImmutableSortedDictionary<string, string> sorted = Sorted(parameters);
        string group = GroupId;
        if (opensGroup)
        {
            string text = string.Join('\n', sorted.Select(p => p.Key + "=" + p.Value).Prepend(parentHash).Prepend(operation));
            group = $"{RootId}/{operation}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12].ToLowerInvariant()}";
        }

        return new(operation, sorted, this, parentHash, seed, RootId, group, opensGroup ? false : GroupInferred);
    }

    /// <summary>The same chain with another group, for frames whose family was recognised from the data.</summary>
    public Provenance WithGroup(string groupId, bool inferred) =>
        new(Operation, Parameters, Parent, ParentHash, Seed, RootId, groupId, inferred);

    /// <summary>Puts a link together from stored parts (a provenance.json); new links are made by <see cref="Root"/> and <see cref="Derive"/>.</summary>
    public static Provenance Restore(string operation, IEnumerable<KeyValuePair<string, string>> parameters, Provenance? parent, string? parentHash, long? seed, string rootId, string groupId, bool groupInferred) =>
        new(operation, Sorted(parameters), parent, parentHash, seed, rootId, groupId, groupInferred);

    /// <summary>The chain in one line, such as <c>mp-1143 → Supercell → Strain</c>.</summary>
    public override string ToString() => string.Join(" → ", Chain().Skip(1).Select(p => p.Operation).Prepend(RootId));

    /// <inheritdoc/>
    public bool Equals(Provenance? other) => other is not null
        && Operation == other.Operation && ParentHash == other.ParentHash && Seed == other.Seed && RootId == other.RootId
        && GroupId == other.GroupId && GroupInferred == other.GroupInferred && Parameters.SequenceEqual(other.Parameters)
        && Equals(Parent, other.Parent);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Operation, ParentHash, Seed, RootId, GroupId, Parameters.Count);

    // Each step of a trajectory has one parameter: it is put in without what sorting costs.
    private static ImmutableSortedDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>>? parameters) => parameters switch
    {
        null => NoParameters,
        IReadOnlyList<KeyValuePair<string, string>> { Count: 1 } one => NoParameters.Add(one[0].Key, one[0].Value),
        _ => parameters.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };
}
