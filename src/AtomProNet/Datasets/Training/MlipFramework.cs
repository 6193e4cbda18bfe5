namespace AtomProNet.Datasets.Training;

/// <summary>A program that trains interatomic potentials.</summary>
public enum MlipFramework
{
    /// <summary>MACE (mace_run_train, keys of 0.3.15).</summary>
    Mace,
    /// <summary>NequIP (nequip-train, keys of 0.16 to 0.19).</summary>
    NequIP,
    /// <summary>Allegro 0.7 (within nequip-train).</summary>
    Allegro,
    /// <summary>DeePMD-kit (dp --pt train, keys of 3.1 and 3.2).</summary>
    DeepMD,
}

/// <summary>How the weights of energies, forces and stresses go along the training.</summary>
public enum LossSchedule
{
    /// <summary>
    /// One loss throughout, Eq. 5 of the AtomProNet paper: the mean squared error of the energy per atom, plus τ₁ times that of the
    /// force components, plus τ₂ times that of the stress components.
    /// </summary>
    SingleStage,
    /// <summary>The same loss in two stages as the paper trained MACE: forces to energy 100 : 1, then, for the last quarter of the epochs, 100 : 1000.</summary>
    TwoStage,
}

/// <summary>The processor to train on.</summary>
public enum TrainingDevice
{
    /// <summary>A graphics processor; the job script asks for one.</summary>
    Gpu,
    /// <summary>The central processor.</summary>
    Cpu,
}

/// <summary>Where reference energies come from.</summary>
public enum ReferenceEnergyOrigin
{
    /// <summary>The user gave them.</summary>
    Given,
    /// <summary>Frames of single atoms in the training part.</summary>
    IsolatedAtoms,
    /// <summary>Least squares over the training part.</summary>
    LeastSquares,
}

/// <summary>The weights of mean squared errors: of the energy per atom (eV²), of force components (eV²/Å²) and of stress components (eV²/Å⁶).</summary>
/// <param name="Energy">Of the energy per atom.</param>
/// <param name="Force">Of the force components, τ₁.</param>
/// <param name="Stress">Of the stress components, τ₂.</param>
public sealed record LossWeights(double Energy, double Force, double Stress)
{
    /// <summary>The three weights in one line.</summary>
    public override string ToString() => FormattableString.Invariant($"E {Energy} : F {Force} : S {Stress}");
}
