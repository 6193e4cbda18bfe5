using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>The k-points of one input, and the INCAR keys that hang on them (KSPACING, ISMEAR −5).</summary>
/// <param name="Mesh">The mesh of the KPOINTS file; null where VASP makes it from KSPACING.</param>
/// <param name="Effective">The mesh that VASP will use.</param>
/// <param name="Summary">For records.</param>
/// <param name="Incar">The INCAR, adapted.</param>
internal sealed record KPointChoice(KPointMesh? Mesh, KPointMesh Effective, KPointSummary Summary, Incar Incar)
{
    /// <summary>VASP's SYMPREC, Å.</summary>
    private const double SymmetryTolerance = 1e-5;

    /// <summary>The tetrahedron method stops with fewer irreducible points (VASP: "Tetrahedron method fails for NKPT&lt;4").</summary>
    private const int LeastForTetrahedra = 4;

    /// <summary>More points than this are surely enough, and need not be counted.</summary>
    private const int SurelyEnough = 500;

    /// <summary>Chooses.</summary>
    internal static KPointChoice Of(Structure given, Structure written, SiteOrder order, IncarResult made, VaspInputOptions options, List<Finding> findings)
    {
        Incar incar = made.Incar;
        bool atom = IsolatedAtom.Is(given);
        KPointRule rule = atom ? new KPointRule.Mesh([1, 1, 1]) : options.KPoints ?? FromIncar(incar, options);
        Lattice? parent = options.KPointsFrom == KPointSource.Parent && rule is not KPointRule.Mesh { GammaCentred: not null } ? Turned(ParentLattice.Of(given), order) : null;
        // The divisions of an explicit mesh belong to the vectors of the structure as it was given.
        KPointRule turned = rule is KPointRule.Mesh { Divisions: { Length: 3 } n } mesh ? mesh with { Divisions = [.. order.LatticeVectors.Select(i => n[i])] } : rule;
        Structure measured = parent is null ? written : written.With(lattice: parent, positions: written.FractionalPositions, kind: CoordinateKind.Fractional);
        KPointMesh effective = KPointMeshes.Make(turned, measured);
        bool inIncar = rule is KPointRule.Spacing { InIncar: true } && parent is null;
        string text = atom ? "Γ only" : rule + (parent is null ? "" : " of the parent's cell");
        if (inIncar)
        {
            incar = incar.With("KSPACING", ((KPointRule.Spacing)rule).Value);
        }
        else if (incar["KSPACING"] is { } spacing)
        {
            // VASP passes KSPACING over where there is a KPOINTS file; left in, it would tell a reader of the INCAR a mesh that was not used.
            incar = incar.Without("KSPACING").Without("KGAMMA");
            made.Deviations["KSPACING"] = $"taken out (was {spacing}): a KPOINTS file holds the mesh, {text}";
        }

        bool gammaCentred = effective.GammaCentred;
        if (inIncar && incar["KGAMMA"]?.AsLogical == false)
        {
            gammaCentred = false;
            effective = effective with { GammaCentred = false };
        }

        incar = CheckTetrahedra(incar, effective, written, made, options, findings);
        var summary = new KPointSummary(inIncar ? null : effective.Divisions, gammaCentred, text, rule is KPointRule.Spacing s ? s.Value : null);
        return new(inIncar ? null : effective, effective, summary, incar);
    }

    private static KPointRule FromIncar(Incar incar, VaspInputOptions options)
    {
        // A KSPACING of the user's own (or of the INCAR file) goes before the set's rule.
        if (incar["KSPACING"] is not { } value)
        {
            return options.Set.KPoints is KPointRule.Spacing set ? set with { InIncar = false } : options.Set.KPoints;
        }

        return value.AsNumber is { } spacing
            ? new KPointRule.Spacing(spacing, InIncar: true)
            : throw new AtomProNetException(ErrorKind.InvalidArgument, "KPointSpacingInvalid", "KSPACING must be a positive number.", value: value.Text);
    }

    private static Lattice Turned(Lattice lattice, SiteOrder order) =>
        order.LatticeVectors is [0, 1, 2] ? lattice : new(lattice.Rows[order.LatticeVectors[0]], lattice.Rows[order.LatticeVectors[1]], lattice.Rows[order.LatticeVectors[2]]);

    private static Incar CheckTetrahedra(Incar incar, KPointMesh mesh, Structure written, IncarResult made, VaspInputOptions options, List<Finding> findings)
    {
        if (incar["ISMEAR"]?.AsInteger is not (-4 or -5) || mesh.PointCount >= SurelyEnough)
        {
            return incar;
        }

        int count = mesh.PointCount < LeastForTetrahedra ? (int)mesh.PointCount : Irreducible(incar, mesh, written);
        if (count >= LeastForTetrahedra)
        {
            return incar;
        }

        string few = $"{mesh} leaves {count} irreducible k-points, and the tetrahedron method needs {LeastForTetrahedra}";
        if (options.BaseIncar is not null || options.Overrides.Any(o => o.Key.Equals("ISMEAR", StringComparison.OrdinalIgnoreCase)))
        {
            findings.Add(new(FindingSeverity.Warning, "TooFewKPointsForTetrahedra", $"ISMEAR = {incar["ISMEAR"]}: {few}; VASP will stop.", Advice: "Use a denser mesh, or -Incar @{ISMEAR=0; SIGMA=0.05}."));
            return incar;
        }

        findings.Add(new(FindingSeverity.Warning, "TetrahedraReplaced", $"ISMEAR = 0 is written instead of {incar["ISMEAR"]}: {few}.", Advice: "Structures with more k-points keep the preset's smearing: check that the whole training set has one."));
        made.Deviations["ISMEAR"] = $"{incar["ISMEAR"]} → 0: {few}";
        return incar.With("ISMEAR", 0);
    }

    private static int Irreducible(Incar incar, KPointMesh mesh, Structure written)
    {
        if (incar["ISYM"]?.AsInteger is 0 or -1)
        {
            // ISYM = 0 keeps k ~ −k, ISYM = −1 nothing; the pair of a point is never more than two.
            return (int)(incar["ISYM"]!.AsInteger == 0 ? (mesh.PointCount + 1) / 2 : mesh.PointCount);
        }

        return CrystalOperations.Of(written, SymmetryTolerance).IrreducibleCount(mesh);
    }
}
