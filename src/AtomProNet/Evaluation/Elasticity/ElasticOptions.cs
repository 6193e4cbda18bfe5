using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>How elastic constants are fitted.</summary>
public sealed record ElasticOptions
{
    /// <summary>The unstrained structure; null: the unstrained frame of the series, or the common parent that the provenance tells of.</summary>
    public Structure? Reference { get; init; }

    /// <summary>Which frames are taken where a series holds both: those with clamped ions or the ends of relaxations. Null: what the series holds, which must be one of them.</summary>
    public IonRelaxation? Ions { get; init; }

    /// <summary>Which strain is set against which stress.</summary>
    public StrainMeasure Measure { get; init; }

    /// <summary>Fits all 21 constants, whatever the symmetry of the crystal.</summary>
    public bool IgnoreSymmetry { get; init; }

    /// <summary>How far an atom may be from where a symmetry operation puts it, Å.</summary>
    public double SymmetryTolerance { get; init; } = CrystalSymmetry.DefaultTolerance;

    /// <summary>Strains beyond this (largest component, engineering shears) are left out; null: none is.</summary>
    public double? MaximumStrain { get; init; }

    /// <summary>Below this force, eV/Å, ions count as relaxed.</summary>
    public double ForceTolerance { get; init; } = 0.02;
}
