using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>A structure as VASP takes it: sites gathered by element, and a right-handed cell.</summary>
internal static class WrittenStructure
{
    /// <summary>Two atoms nearer than this fraction of the sum of their covalent radii are worth a warning.</summary>
    private const double CloseFraction = 0.6;

    /// <summary>Two atoms nearer than this (Å) stand in one place.</summary>
    private const double Coincidence = 0.1;

    /// <summary>More atoms than this are not checked against each other.</summary>
    private const int MaximumChecked = 400;

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

    /// <summary>Looks for atoms on top of each other.</summary>
    /// <exception cref="AtomProNetException">Two stand in one place.</exception>
    internal static Finding? CheckDistances(Structure structure)
    {
        if (structure.AtomCount > MaximumChecked)
        {
            return null;
        }

        var image = new MinimumImage(structure.Lattice, Periodicity.Full);
        ImmutableArray<Vector3D> r = structure.CartesianPositions;
        Finding? worst = null;
        double least = CloseFraction;
        for (int i = 0; i < r.Length; i++)
        {
            for (int j = i + 1; j < r.Length; j++)
            {
                double distance = image.Distance(r[i], r[j]);
                string pair = FormattableString.Invariant($"{structure.Species[i]} ({i + 1}) and {structure.Species[j]} ({j + 1})");
                if (distance < Coincidence)
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "AtomsCoincide", $"{pair} stand in one place.", value: FormattableString.Invariant($"{distance:G4} Å"), remedy: "Look at the positions and their units (fractional or Å).");
                }

                double fraction = distance / (structure.Species[i].CovalentRadius + structure.Species[j].CovalentRadius);
                if (fraction < least)
                {
                    least = fraction;
                    worst = new(FindingSeverity.Warning, "AtomsTooClose", FormattableString.Invariant($"{pair} are only {distance:0.###} Å apart."), Advice: "Look at the positions and their units (fractional or Å).");
                }
            }
        }

        return worst;
    }
}
