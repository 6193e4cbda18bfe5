using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats;

/// <summary>What the caller of a reader knows that a file may not tell, and who is told of what the reader notices.</summary>
public sealed record FormatReadOptions
{
    /// <summary>The elements of the blocks of atoms, for a POSCAR of VASP 4.</summary>
    public ImmutableArray<Element> Species { get; init; } = [];

    /// <summary>Told what was noticed about a file that could still be read.</summary>
    public Action<Finding>? Report { get; init; }
}
