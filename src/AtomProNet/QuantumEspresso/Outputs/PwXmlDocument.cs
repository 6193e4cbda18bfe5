using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>What data-file-schema.xml says about one geometry, in Hartree atomic units.</summary>
internal sealed class PwXmlStep
{
    /// <summary>The attribute <c>n_step</c>; 0 for <c>output</c>.</summary>
    internal int Number { get; init; }

    internal bool? ScfConverged { get; set; }

    internal int? ScfSteps { get; set; }

    /// <summary>bohr, as rows.</summary>
    internal Matrix3x3? Cell { get; set; }

    internal List<string> Labels { get; } = [];

    /// <summary>bohr.</summary>
    internal List<Vector3D> Positions { get; } = [];

    /// <summary>F, Ha.</summary>
    internal double? Energy { get; set; }

    /// <summary>−TS, Ha; there with smearing only.</summary>
    internal double? SmearingContribution { get; set; }

    /// <summary>Ha/bohr; zero where a component is held.</summary>
    internal Vector3D[]? Forces { get; set; }

    /// <summary>Ha/bohr³, compression positive.</summary>
    internal Matrix3x3? Stress { get; set; }

    /// <summary>μ_B.</summary>
    internal double? TotalMagnetization { get; set; }

    /// <summary>Why the numbers cannot be used; null where they can.</summary>
    internal string? Problem { get; set; }

    /// <summary>Whether cell and positions are there, for as many sites.</summary>
    internal bool HasGeometry(int atoms) => Problem is null && Cell is not null && Positions.Count == atoms;
}

/// <summary>data-file-schema.xml of pw.x (6.2 and later), as far as frames need it.</summary>
internal sealed class PwXmlDocument
{
    internal string? Version { get; set; }

    internal DateTime? CreatedAt { get; set; }

    /// <summary><c>scf</c>, <c>relax</c>, <c>vc-relax</c>, <c>md</c>, <c>vc-md</c>, …</summary>
    internal string? Calculation { get; set; }

    internal string? Functional { get; set; }

    /// <summary>Ha.</summary>
    internal double? WavefunctionCutoff { get; set; }

    /// <summary>Ha.</summary>
    internal double? DensityCutoff { get; set; }

    /// <summary>Ha.</summary>
    internal double? Threshold { get; set; }

    internal int? MaximumElectronicSteps { get; set; }

    /// <summary><c>4x4x4</c>, with <c> shift 0.5,0.5,0.5</c> where it is.</summary>
    internal string? KPointMesh { get; set; }

    internal string? Occupations { get; set; }

    internal string? Smearing { get; set; }

    /// <summary>Ha.</summary>
    internal double? SmearingWidth { get; set; }

    internal bool SpinPolarised { get; set; }

    /// <summary>Grimme's D3 with its damping, where the XML tells it.</summary>
    internal string? Dispersion { get; set; }

    /// <summary>Label and name of the pseudopotential's file.</summary>
    internal List<(string Label, string File)> Species { get; } = [];

    /// <summary>Whether there is a +U. Its unit changed between releases (Ry, later Ha), so that its value is not taken.</summary>
    internal bool HasHubbardU { get; set; }

    /// <summary>Three per site, true where the component is free; null where all are.</summary>
    internal bool[]? FreeComponents { get; set; }

    /// <summary>The geometry that the run was given.</summary>
    internal PwXmlStep Input { get; } = new();

    /// <summary>Whether something acts from outside the cell, so that forces need not sum to zero: a field, a boundary, forces.</summary>
    internal bool HasOuterForces { get; set; }

    /// <summary>What changes the meaning of its energies.</summary>
    internal PwFeatures Features { get; set; }

    /// <summary>Whether the charge of the cell follows a potential (FCP, GC-SCF): the energy is then a grand potential.</summary>
    internal bool HasPotentiostat { get; set; }

    /// <summary>Whether FCP holds all atoms, whose forces are then zeros.</summary>
    internal bool HoldsAllAtoms { get; set; }

    /// <summary>Geometry k with its labels, for relaxations and dynamics.</summary>
    internal List<PwXmlStep> Steps { get; } = [];

    /// <summary>The end of the run: of a geometry without labels of its own, unless <see cref="OutputIsFrame"/>.</summary>
    internal PwXmlStep? Output { get; set; }

    internal bool? OptimisationConverged { get; set; }

    /// <summary>The exit status; 0 where all went well.</summary>
    internal int? ExitStatus { get; set; }

    /// <summary>Whether the file was read to its end.</summary>
    internal bool IsWhole { get; set; }

    /// <summary>Why it was not; null where it was.</summary>
    internal string? Problem { get; set; }

    /// <summary>
    /// Whether <see cref="Output"/> belongs to the geometry that stands in it: after an scf and after a relaxation that reached its
    /// goal. After md, vc-md, a step limit or a time limit it holds the geometry that was to come next.
    /// </summary>
    internal bool OutputIsFrame => IsWhole && Output is { ScfConverged: true } && (Calculation == "scf" || (Calculation is "relax" or "vc-relax" && OptimisationConverged == true));

    /// <summary>Whether <see cref="Output"/> is the SCF with new plane waves that a vc-relax ends with.</summary>
    internal bool OutputIsFinalScf => OutputIsFrame && Calculation == "vc-relax";
}
