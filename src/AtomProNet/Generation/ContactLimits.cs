using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>The shortest allowed distances between the atoms of one structure, and which atoms break them.</summary>
internal sealed class ContactLimits
{
    private readonly Structure structure;
    private readonly CovalentContact contact;
    private readonly PairSearch pairs;
    private readonly double longest;

    internal ContactLimits(Structure structure, CovalentContact contact)
    {
        this.structure = structure;
        this.contact = contact;
        pairs = new PairSearch(structure.Lattice, structure.Periodicity);
        longest = structure.AtomCount == 0 ? 0 : 2 * contact.Fraction * structure.Species.Max(e => e.CovalentRadius);
    }

    /// <summary>The pairs of atoms that are closer than allowed.</summary>
    internal IEnumerable<(int I, int J, double Distance)> Violations(IReadOnlyList<Vector3D> positions) =>
        pairs.Within(positions, longest).Where(p => p.Distance < Limit(p.I, p.J));

    /// <summary>One pair of atoms that is closer than allowed, or null.</summary>
    internal (int I, int J, double Distance)? FirstViolation(IReadOnlyList<Vector3D> positions)
    {
        foreach ((int I, int J, double Distance) pair in Violations(positions))
        {
            return pair;
        }

        return null;
    }

    /// <summary>For each atom the others that are within the allowed distance plus a margin (Å).</summary>
    internal List<int>[] Neighbours(IReadOnlyList<Vector3D> positions, double margin)
    {
        var lists = new List<int>[positions.Count];
        for (int i = 0; i < lists.Length; i++)
        {
            lists[i] = [];
        }

        foreach ((int i, int j, double distance) in pairs.Within(positions, longest + margin))
        {
            if (distance < Limit(i, j) + margin)
            {
                lists[i].Add(j);
                lists[j].Add(i);
            }
        }

        return lists;
    }

    /// <summary>How far an atom at a trial position is above the allowed distance to its tightest neighbour, Å; infinite without neighbours.</summary>
    internal double Room(IReadOnlyList<Vector3D> positions, int atom, Vector3D trial, List<int> neighbours)
    {
        double room = double.PositiveInfinity;
        foreach (int j in neighbours)
        {
            room = Math.Min(room, pairs.Distance(trial, positions[j]) - Limit(atom, j));
        }

        return room;
    }

    private double Limit(int i, int j) => contact.Limit(structure.Species[i], structure.Species[j]);
}
