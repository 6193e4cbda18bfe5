using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// All that a pw.x output prints about one geometry: its self-consistency, energy, forces and stress, in the units of the file
/// (Ry, Ry/bohr, Ry/bohr³ compression positive). Filled by the parser, judged afterwards.
/// </summary>
internal sealed class PwStep
{
    internal PwStep(PwRun run, int number, int numberInRun, long line)
    {
        Run = run;
        Number = number;
        NumberInRun = numberInRun;
        Line = line;
    }

    /// <summary>The run that it belongs to.</summary>
    internal PwRun Run { get; }

    /// <summary>Counted from 1 over the file.</summary>
    internal int Number { get; }

    /// <summary>Counted from 1 over the run: the <c>n_step</c> of the XML.</summary>
    internal int NumberInRun { get; }

    /// <summary>The line at which its self-consistency starts.</summary>
    internal long Line { get; }

    /// <summary>The geometry; null where <see cref="Problem"/> says why.</summary>
    internal PwGeometry? Geometry { get; set; }

    /// <summary>Whether the plane waves were set up anew for its cell: the first step of a run, the final SCF of a vc-relax.</summary>
    internal bool HasOwnBasis { get; set; }

    /// <summary>Whether it is the SCF that a vc-relax ends with.</summary>
    internal bool IsFinalScf { get; set; }

    /// <summary>The first thing that makes its labels uncertain: a stable code, one sentence, the line.</summary>
    internal (string Code, string Message, long Line)? Problem { get; private set; }

    /// <summary>Energies that were printed with <c>!</c> for this geometry and are not its label: line and reason.</summary>
    internal List<(long Line, string Code, string Message)> OtherEnergies { get; } = [];

    /// <summary>The line of <see cref="Energy"/>.</summary>
    internal long EnergyLine { get; set; }

    /// <summary>F, Ry.</summary>
    internal double? Energy { get; set; }

    /// <summary>−TS, Ry.</summary>
    internal double? SmearingContribution { get; set; }

    /// <summary>E = F + TS, Ry, where the release prints it.</summary>
    internal double? InternalEnergy { get; set; }

    /// <summary>The sum of the terms that the energy is said to consist of, Ry, and how many there are.</summary>
    internal (double Sum, int Count, bool WithoutEntropy)? Terms { get; set; }

    /// <summary>The dispersion that pw.x adds to the energy only when the self-consistency has ended (XDM, MBD), Ry.</summary>
    internal double LateDispersion { get; set; }

    /// <summary>The estimated accuracy of each electronic step, Ry.</summary>
    internal List<double> Accuracies { get; } = [];

    /// <summary>The threshold of the self-consistency that was in force, Ry.</summary>
    internal double? Threshold { get; set; }

    /// <summary>The number of electronic steps after which the output says that convergence has been achieved.</summary>
    internal int? ConvergedIn { get; set; }

    /// <summary>The number of electronic steps after which the output gives up.</summary>
    internal int? NotConvergedAfter { get; set; }

    /// <summary>The number of the electronic step that was begun last.</summary>
    internal int Iteration { get; set; }

    /// <summary>Whether an outer loop over exact exchange was begun.</summary>
    internal bool HasExactExchangeLoop { get; set; }

    /// <summary>The energy that the loop over exact exchange ended with (<c>!!</c>), Ry.</summary>
    internal double? ExactExchangeEnergy { get; set; }

    /// <summary>Whether the loop over exact exchange was self-consistent.</summary>
    internal bool ExactExchangeReached { get; set; }

    /// <summary>−μN, Ry: the printed energy is then a grand potential.</summary>
    internal double? PotentiostatContribution { get; set; }

    /// <summary>Ry/bohr.</summary>
    internal Vector3D[]? Forces { get; set; }

    /// <summary>The printed norm over all free components, Ry/bohr.</summary>
    internal double? TotalForce { get; set; }

    /// <summary>Whether pw.x says that the error of the forces from the self-consistency is large.</summary>
    internal bool ForcesAreRough { get; set; }

    /// <summary>Whether the output announces a stress.</summary>
    internal bool StressAnnounced { get; set; }

    /// <summary>Ry/bohr³, compression positive, and the same in kbar.</summary>
    internal (Matrix3x3 Rydberg, Matrix3x3 Kilobar, double? Pressure)? Stress { get; set; }

    /// <summary>μ_B per cell; collinear.</summary>
    internal double? TotalMagnetization { get; set; }

    /// <summary>μ_B per cell; non-collinear.</summary>
    internal Vector3D? TotalMagnetizationVector { get; set; }

    /// <summary>μ_B per cell.</summary>
    internal double? AbsoluteMagnetization { get; set; }

    /// <summary>Moment of each site within its sphere, and the electronic step before which it was printed.</summary>
    internal (double[] Moments, double[]? Electrons, int Iteration)? SiteMoments { get; set; }

    /// <summary>Moment vector of each site within its sphere.</summary>
    internal (Vector3D[] Moments, int Iteration)? SiteMomentVectors { get; set; }

    /// <summary>Kinetic energy of the ions, Ry.</summary>
    internal double? KineticEnergy { get; set; }

    /// <summary>K.</summary>
    internal double? Temperature { get; set; }

    /// <summary>The energy as the optimiser or the dynamics repeats it, Ry, and its rounding.</summary>
    internal (double Energy, double Rounding)? RepeatedEnergy { get; set; }

    /// <summary>E + P·V as variable-cell dynamics prints it with the kinetic energy taken off, Ry; P is the target pressure.</summary>
    internal double? Enthalpy { get; set; }

    /// <summary>The energy of the last electronic step but the final one, and its estimated accuracy, Ry.</summary>
    internal (double Energy, double Accuracy)? FormerEnergy { get; set; }

    /// <summary>Whether something stands behind it that shows that the step was printed to its end.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>Whether its self-consistency has ended, one way or the other.</summary>
    internal bool IsPastScf => ConvergedIn is not null || NotConvergedAfter is not null || Forces is not null || Stress is not null || TotalForce is not null;

    /// <summary>Notes the first problem; further ones follow from it.</summary>
    internal void Damage(string code, string message, long line) => Problem ??= (code, message, line);
}
