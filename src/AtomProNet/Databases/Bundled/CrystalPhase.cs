namespace AtomProNet.Databases.Bundled;

/// <summary>What the literature says of a bundled phase. It is no calculated energy: bundled crystals carry none.</summary>
public enum CrystalPhase
{
    /// <summary>Not settled in the literature.</summary>
    Unknown,
    /// <summary>The stable phase of its formula at room temperature and 1 bar.</summary>
    Ambient,
    /// <summary>Lives at ambient conditions beside a more stable phase.</summary>
    Metastable,
    /// <summary>Stable at high temperature only.</summary>
    HighTemperature,
    /// <summary>Stable at high pressure only.</summary>
    HighPressure,
}
