using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Formats.Poscar;

/// <summary>How <see cref="PoscarReader"/> reads.</summary>
public sealed record PoscarReadOptions
{
    /// <summary>The elements of the blocks of atoms, for a file of VASP 4 that does not name them. Where the file does, they must agree.</summary>
    public ImmutableArray<Element> Species { get; init; } = [];

    /// <summary>Told what was noticed about a file that could still be read: a left-handed cell, labels that contradict the symbols.</summary>
    public Action<Finding>? Report { get; init; }
}
