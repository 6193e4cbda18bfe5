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

        return (RightHandedCell.Exchange(result), new(groups.SiteOrder, [1, 0, 2]));
    }
}
