namespace AtomProNet.Evaluation.Elasticity;

/// <summary>What the ions did while the cell was strained: elastic constants with relaxed ions are lower.</summary>
public enum IonRelaxation
{
    /// <summary>They kept their fractional coordinates: constants of a crystal with clamped ions.</summary>
    Clamped,
    /// <summary>They were relaxed in each strained cell: the constants that an experiment measures.</summary>
    Relaxed,
}
