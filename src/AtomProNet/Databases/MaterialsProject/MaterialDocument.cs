using AtomProNet.Structures;

namespace AtomProNet.Databases.MaterialsProject;

/// <summary>One document of the summary endpoint, as far as it is used.</summary>
/// <param name="MaterialId">Its id, opaque.</param>
/// <param name="EnergyAboveHull">eV per atom; null where the database gives none.</param>
/// <param name="IsStable">Whether it lies on the hull; null where the database does not say.</param>
/// <param name="Structure">The structure; null where <paramref name="Error"/> says why there is none.</param>
/// <param name="Error">Why the document gives no structure.</param>
internal sealed record MaterialDocument(string MaterialId, double? EnergyAboveHull, bool? IsStable, Structure? Structure, AtomProNetException? Error)
{
    /// <summary>Stands for the id of a document that has none.</summary>
    public const string WithoutId = "?";

    /// <summary>Stable ones first, then by energy above the hull; those without an energy last.</summary>
    public (bool Unstable, double Energy) Rank => (!(IsStable ?? EnergyAboveHull <= 0), EnergyAboveHull ?? double.PositiveInfinity);
}
