using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>Looks for atoms that stand too near each other to be meant.</summary>
internal static class AtomDistances
{
    /// <summary>Two atoms nearer than this fraction of the sum of their covalent radii are worth a warning.</summary>
    private const double CloseFraction = 0.6;

    /// <summary>Two atoms nearer than this (Å) stand in one place.</summary>
    private const double Coincidence = 0.1;

    /// <summary>More atoms than this are not checked against each other.</summary>
    private const int MaximumChecked = 400;

    /// <summary>Looks for atoms on top of each other.</summary>
    /// <exception cref="AtomProNetException">Two stand in one place.</exception>
    internal static Finding? Check(Structure structure)
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
                if (distance < Coincidence)
                {
                    throw new AtomProNetException(ErrorKind.InvalidData, "AtomsCoincide", $"{Pair(i, j)} stand in one place.", value: FormattableString.Invariant($"{distance:G4} Å"), remedy: "Look at the positions and their units (fractional or Å).");
                }

                double fraction = distance / (structure.Species[i].CovalentRadius + structure.Species[j].CovalentRadius);
                if (fraction < least)
                {
                    least = fraction;
                    worst = new(FindingSeverity.Warning, "AtomsTooClose", FormattableString.Invariant($"{Pair(i, j)} are only {distance:0.###} Å apart."), Advice: "Look at the positions and their units (fractional or Å).");
                }
            }
        }

        return worst;

        string Pair(int i, int j) => FormattableString.Invariant($"{structure.Species[i]} ({i + 1}) and {structure.Species[j]} ({j + 1})");
    }
}
