using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>The same crystal in a right-handed cell: VASP stops where a·(b×c) is negative.</summary>
internal static class RightHandedCell
{
    /// <summary>A structure with a and b exchanged, and all that belongs to lattice vectors with them; Cartesian quantities stay as they are.</summary>
    /// <param name="structure">A structure with a left-handed cell.</param>
    internal static Structure Exchange(Structure structure)
    {
        Lattice lattice = structure.Lattice!;
        ImmutableArray<Vector3D> positions = structure.CoordinateKind == CoordinateKind.Fractional
            ? [.. structure.FractionalPositions.Select(f => new Vector3D(f.Y, f.X, f.Z))]
            : structure.CartesianPositions;
        ImmutableSortedDictionary<string, SiteProperty> properties = structure.SiteProperties;
        if (properties.TryGetValue("selective_dynamics", out SiteProperty? free) && free is { Kind: SitePropertyKind.Logical, Width: 3 })
        {
            // Each flag belongs to a lattice vector.
            var flags = ImmutableArray.CreateBuilder<bool>(free.Logicals.Length);
            for (int i = 0; i < free.SiteCount; i++)
            {
                flags.Add(free.Logicals[i * 3 + 1]);
                flags.Add(free.Logicals[i * 3]);
                flags.Add(free.Logicals[i * 3 + 2]);
            }

            properties = properties.SetItem("selective_dynamics", SiteProperty.Logical(3, flags.MoveToImmutable()));
        }

        return new(new Lattice(lattice.B, lattice.A, lattice.C), structure.Species, positions, structure.CoordinateKind, new(structure.Periodicity.B, structure.Periodicity.A, structure.Periodicity.C), properties, structure.Name, structure.Provenance);
    }
}
