using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// Notices where the k mesh changes within one series: energies and stresses jump there, and a model learns the jump. It remembers
/// the first mesh of each group, and so belongs to one run of a cmdlet.
/// </summary>
public sealed class MeshWatch
{
    private readonly Dictionary<string, (KPointMesh Mesh, string Name, bool Told)> first = new(StringComparer.Ordinal);

    /// <summary>Looks at the next input.</summary>
    /// <param name="structure">The structure, with its descent.</param>
    /// <param name="mesh">The mesh that the code will use.</param>
    /// <param name="name">The name of the input.</param>
    /// <returns>A finding the first time that a group has a second mesh; else null.</returns>
    public Finding? Next(Structure structure, KPointMesh mesh, string name)
    {
        ArgumentNullException.ThrowIfNull(structure);
        // Only neighbours of one parent are a series; unrelated structures have meshes of their own.
        if (structure.Provenance is not { Depth: > 0, Operation: "Strain" or "Rattle" } provenance)
        {
            return null;
        }

        if (!first.TryGetValue(provenance.GroupId, out (KPointMesh Mesh, string Name, bool Told) seen))
        {
            first[provenance.GroupId] = (mesh, name, false);
            return null;
        }

        if (seen.Told || seen.Mesh == mesh)
        {
            return null;
        }

        first[provenance.GroupId] = seen with { Told = true };
        return new(FindingSeverity.Warning, "MeshChangesInSeries", $"The k mesh changes within the series of {provenance.RootId}: {seen.Mesh} in {seen.Name}, {mesh} in {name}. The labels jump there.", name, "Use -KPointsFrom Parent (or -KPointMesh) to keep one mesh.");
    }
}
