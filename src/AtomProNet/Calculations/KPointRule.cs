using System.Collections.Immutable;
using System.Globalization;

namespace AtomProNet.Calculations;

/// <summary>Which cell a k mesh is measured on.</summary>
public enum KPointSource
{
    /// <summary>Each structure's own.</summary>
    Structure,
    /// <summary>The cell that the series started from, so that the whole series has one mesh.</summary>
    Parent,
}

/// <summary>How the k-points of a structure are made. Immutable.</summary>
public abstract record KPointRule
{
    private KPointRule()
    {
    }

    /// <summary>A mesh by its divisions.</summary>
    /// <param name="Divisions">n₁, n₂, n₃ along the reciprocal vectors of the structure as it is given.</param>
    /// <param name="GammaCentred">True for a mesh around Γ; false for Monkhorst–Pack, which for even divisions leaves Γ out; null for Monkhorst–Pack except in hexagonal and face-centred cells, whose symmetry it breaks.</param>
    public sealed record Mesh(ImmutableArray<int> Divisions, bool? GammaCentred = true) : KPointRule
    {
        /// <inheritdoc/>
        public bool Equals(Mesh? other) => other is not null && GammaCentred == other.GammaCentred && Divisions.SequenceEqual(other.Divisions);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Divisions.Length, GammaCentred);

        /// <inheritdoc/>
        public override string ToString() => "explicit mesh";
    }

    /// <summary>A mesh by the number of points in a reciprocal volume of 1 Å⁻³ (with the factor 2π): pymatgen's reciprocal density.</summary>
    /// <param name="Density">Points × Å³.</param>
    public sealed record ReciprocalDensity(double Density) : KPointRule
    {
        /// <inheritdoc/>
        public override string ToString() => "reciprocal density " + Density.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>A Γ-centred mesh by the largest distance between points.</summary>
    /// <param name="Value">VASP's KSPACING: 1/Å, with the factor 2π.</param>
    /// <param name="InIncar">Whether VASP makes the mesh from the INCAR (the preset's own way); false writes a KPOINTS file.</param>
    public sealed record Spacing(double Value, bool InIncar = false) : KPointRule
    {
        /// <inheritdoc/>
        public override string ToString() => "spacing " + Value.ToString("R", CultureInfo.InvariantCulture);
    }
}
