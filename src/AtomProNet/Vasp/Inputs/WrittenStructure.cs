using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>A structure as VASP takes it: sites gathered by element, and a right-handed cell.</summary>
internal static class WrittenStructure
{
    /// <summary>Rearranges a structure and tells how.</summary>
    /// <exception cref="AtomProNetException">VASP cannot take it.</exception>
    internal static (Structure Structure, SiteOrder Order) Of(Structure structure)
    {
        Lattice lattice = structure.Lattice ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "LatticeMissing", "VASP computes periodic cells, and the structure has none.", value: structure.ToString(), remedy: "Put the molecule into a box with vacuum around it.");
        if (structure.AtomCount == 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "StructureEmpty", "The structure has no atoms.", value: structure.ToString());
        }

        SpeciesGrouping groups = SpeciesGrouping.Of(structure);
        Structure result = groups.IsIdentity ? structure : structure.SelectSites(groups.SiteOrder);
        if (lattice.IsRightHanded)
        {
            return (result, new(groups.SiteOrder, [0, 1, 2]));
        }

        // VASP stops where a·(b×c) is negative. With a and b exchanged it is the same crystal; Cartesian quantities stay as they are.
        ImmutableArray<Vector3D> positions = result.CoordinateKind == CoordinateKind.Fractional
            ? [.. result.FractionalPositions.Select(f => new Vector3D(f.Y, f.X, f.Z))]
            : result.CartesianPositions;
        ImmutableSortedDictionary<string, SiteProperty> properties = result.SiteProperties;
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

        var turned = new Structure(new Lattice(lattice.B, lattice.A, lattice.C), result.Species, positions, result.CoordinateKind, new(result.Periodicity.B, result.Periodicity.A, result.Periodicity.C), properties, result.Name, result.Provenance);
        return (turned, new(groups.SiteOrder, [1, 0, 2]));
    }
}
