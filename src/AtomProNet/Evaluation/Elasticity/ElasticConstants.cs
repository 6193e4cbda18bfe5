using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;
using AtomProNet.Structures.Symmetry;
using MathNet.Numerics.LinearAlgebra;

namespace AtomProNet.Evaluation.Elasticity;

/// <summary>One frame of a fit of elastic constants.</summary>
/// <param name="Strain">Its strain, Voigt order, engineering shears.</param>
/// <param name="Stress">Its stress, GPa, tension positive, along the axes of the reference.</param>
/// <param name="Residual">Stress − fitted stress, GPa.</param>
/// <param name="Source">The file and step; null where it was not read from a file.</param>
public sealed record ElasticPoint(ImmutableArray<double> Strain, ImmutableArray<double> Stress, ImmutableArray<double> Residual, FrameSource? Source)
{
    /// <summary>The largest component of the residual, GPa.</summary>
    public double MaximumResidual => Residual.Max(Math.Abs);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', Strain.Select(e => e.ToString("G4", CultureInfo.InvariantCulture)))}: largest residual {MaximumResidual:G4} GPa");
}

/// <summary>
/// Elastic constants from stresses of a strained crystal: σ = σ₀ + C·ε by least squares with the crystal's symmetry. Voigt order xx yy
/// zz yz xz xy along the Cartesian axes of the reference, engineering shears, GPa, stress positive under tension. Immutable.
/// </summary>
public sealed record ElasticConstants
{
    private ElasticConstants()
    {
    }

    /// <summary>The group that the frames descend from, or their formula.</summary>
    public required string Name { get; init; }

    /// <summary>The formula of the cell.</summary>
    public required string Formula { get; init; }

    /// <summary>The unstrained structure, along whose axes all tensors are.</summary>
    public required Structure Reference { get; init; }

    /// <summary>Whether ions kept their fractional coordinates or were relaxed.</summary>
    public required IonRelaxation Ions { get; init; }

    /// <summary>Which strain was set against which stress.</summary>
    public required StrainMeasure Measure { get; init; }

    /// <summary>The Laue class whose symmetry the constants have; null where it was ignored.</summary>
    public required LaueClass? LaueClass { get; init; }

    /// <summary>The independent constants by name, such as C11, C12, C44.</summary>
    public required ImmutableArray<string> IndependentConstants { get; init; }

    /// <summary>The stiffness C, GPa.</summary>
    public required ElasticMatrix Stiffness { get; init; }

    /// <summary>The standard error of each entry of the stiffness, GPa; null where there are no more stresses than unknowns.</summary>
    public required ElasticMatrix? StandardErrors { get; init; }

    /// <summary>The compliance C⁻¹, 1/GPa; null where C is singular.</summary>
    public required ElasticMatrix? Compliance { get; init; }

    /// <summary>The stress without strain, GPa: the intercept of the fit.</summary>
    public required ImmutableArray<double> ResidualStress { get; init; }

    /// <summary>Moduli of a polycrystal; null where C is singular.</summary>
    public required ElasticModuli? Moduli { get; init; }

    /// <summary>The eigenvalues of the stiffness matrix, GPa, the smallest first.</summary>
    public required ImmutableArray<double> Eigenvalues { get; init; }

    /// <summary>Whether the crystal is stable (Born): all eigenvalues are positive (Mouhat and Coudert, Phys. Rev. B 90, 224104 (2014)).</summary>
    public bool IsStable => Eigenvalues[0] > 0;

    /// <summary>The coefficient of determination over all stress components.</summary>
    public required double R2 { get; init; }

    /// <summary>The root of the mean squared residual of a stress component, GPa.</summary>
    public required double RMSE { get; init; }

    /// <summary>The largest residual of a stress component, GPa.</summary>
    public double MaximumResidual => Points.Max(p => p.MaximumResidual);

    /// <summary>The largest component of any strain.</summary>
    public double MaximumStrain => Points.Max(p => p.Strain.Max(Math.Abs));

    /// <summary>The number of frames.</summary>
    public int FrameCount => Points.Length;

    /// <summary>The frames.</summary>
    public required ImmutableArray<ElasticPoint> Points { get; init; }

    /// <summary>What was noticed.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>C₁₁, GPa.</summary>
    public double C11 => Stiffness[0, 0];

    /// <summary>C₁₂, GPa.</summary>
    public double C12 => Stiffness[0, 1];

    /// <summary>C₁₃, GPa.</summary>
    public double C13 => Stiffness[0, 2];

    /// <summary>C₂₂, GPa.</summary>
    public double C22 => Stiffness[1, 1];

    /// <summary>C₂₃, GPa.</summary>
    public double C23 => Stiffness[1, 2];

    /// <summary>C₃₃, GPa.</summary>
    public double C33 => Stiffness[2, 2];

    /// <summary>C₄₄, GPa.</summary>
    public double C44 => Stiffness[3, 3];

    /// <summary>C₅₅, GPa.</summary>
    public double C55 => Stiffness[4, 4];

    /// <summary>C₆₆, GPa.</summary>
    public double C66 => Stiffness[5, 5];

    /// <summary>Fits the frames of a series.</summary>
    /// <param name="series">Frames with stress of a crystal that is strained.</param>
    /// <param name="options">How; default: the symmetry of the crystal, infinitesimal strain.</param>
    /// <exception cref="AtomProNetException">The frames are not strained copies of one structure in one method, or do not determine the constants.</exception>
    public static ElasticConstants Fit(FrameSeries series, ElasticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new();
        const double GPa = PhysicalConstants.ElectronvoltPerCubicAngstromInGigapascal;
        ElasticFrames frames = ElasticFrames.Select(series, options);
        double[][] strains = [.. frames.Members.Select(m => m.Strain.Voigt(options.Measure))];
        double[][] stresses = [.. frames.Members.Select(m => m.Strain.Conjugate(m.Frame.Stress!.Value, options.Measure).ToVoigt().Select(s => s * GPa).ToArray())];
        PointGroup group = options.IgnoreSymmetry ? PointGroup.Trivial : PointGroup.Find(frames.Reference, options.SymmetryTolerance);
        StiffnessBasis basis = StiffnessBasis.Of(group);
        ElasticFit fit = ElasticFit.Fit(basis, strains, stresses, series.Name);
        Matrix<double>? compliance = fit.Stiffness.Rank() == 6 ? fit.Stiffness.Inverse() : null;
        var result = new ElasticConstants
        {
            Name = series.Name,
            Formula = frames.Reference.Composition.Formula,
            Reference = frames.Reference,
            Ions = frames.Ions,
            Measure = options.Measure,
            LaueClass = options.IgnoreSymmetry ? null : group.LaueClass,
            IndependentConstants = [.. basis.Names],
            Stiffness = new(fit.Stiffness),
            StandardErrors = fit.Errors is { } errors ? new(errors) : null,
            Compliance = compliance is null ? null : new(compliance),
            ResidualStress = [.. fit.ResidualStress],
            Moduli = compliance is null ? null : ElasticModuli.Of(fit.Stiffness, compliance),
            Eigenvalues = [.. fit.Stiffness.Evd(Symmetricity.Symmetric).EigenValues.Select(e => e.Real).Order()],
            R2 = fit.R2,
            RMSE = fit.RMSE,
            Points = [.. frames.Members.Select((m, i) => new ElasticPoint([.. strains[i]], [.. stresses[i]], [.. fit.Residuals[i]], m.Frame.Source))],
            Findings = frames.Findings,
        };
        return result with { Findings = [.. result.Findings, .. result.Judge()] };
    }

    /// <summary>The independent constants in one line.</summary>
    public override string ToString() =>
        $"{Name}, {Ions} ions: {string.Join(", ", IndependentConstants.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c} = {Stiffness[c[1] - '1', c[2] - '1']:G5}")))} GPa";

    private IEnumerable<Finding> Judge()
    {
        if (!IsStable)
        {
            yield return new(FindingSeverity.Warning, "CrystalNotStable", string.Create(CultureInfo.InvariantCulture, $"The stiffness has the eigenvalue {Eigenvalues[0]:G4} GPa: the crystal is not stable."), Name, "Look for a structure that is not relaxed, or stresses of the wrong sign.");
        }

        if (MaximumStrain > 0.03)
        {
            yield return new(FindingSeverity.Warning, "StrainsLarge", string.Create(CultureInfo.InvariantCulture, $"Strains of up to {MaximumStrain:G3} are beyond what is linear."), Name, "Take smaller ones (-MaximumStrain 0.01; New-StrainSeries -Mode Elastic).");
        }

        if (R2 < 0.99)
        {
            yield return new(FindingSeverity.Warning, "ElasticFitPoor", string.Create(CultureInfo.InvariantCulture, $"The stresses are not linear in the strains (R² = {R2:F4}, largest residual {MaximumResidual:G3} GPa)."), Name, "Look at Points for the frames that do not fit; take smaller strains, and tighter convergence.");
        }

        if (ResidualStress.Max(Math.Abs) is var stress && stress > 0.02 * Math.Abs(Eigenvalues[^1]))
        {
            yield return new(FindingSeverity.Information, "ResidualStressLarge", string.Create(CultureInfo.InvariantCulture, $"The reference is under stress (up to {stress:G3} GPa): the constants are those at that stress."), Name, "Relax the cell first, where those at equilibrium are wanted.");
        }
    }
}
