using System.Collections.Immutable;

namespace AtomProNet.Calculations;

/// <summary>How sites and lattice vectors were rearranged when an input was written, so that outputs can be laid back onto the structure.</summary>
/// <param name="Sites">For each site of the file, the index (from 0) of the site of the structure that was given.</param>
/// <param name="LatticeVectors">For each lattice vector of the file, the index (0, 1, 2) of the vector that was given.</param>
public sealed record SiteOrder(ImmutableArray<int> Sites, ImmutableArray<int> LatticeVectors)
{
    /// <summary>Whether nothing was rearranged.</summary>
    public bool IsIdentity => Sites.Select((from, to) => from == to).All(same => same) && LatticeVectors is [0, 1, 2];

    /// <inheritdoc/>
    public bool Equals(SiteOrder? other) => other is not null && Sites.SequenceEqual(other.Sites) && LatticeVectors.SequenceEqual(other.LatticeVectors);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sites.Length, Sites.Length > 0 ? Sites[0] : -1);

    /// <summary>Whether something was rearranged, in words.</summary>
    public override string ToString() => IsIdentity ? "as given" : (LatticeVectors is [0, 1, 2] ? "" : "lattice vectors exchanged, ") + $"{Sites.Length} sites regrouped";
}
