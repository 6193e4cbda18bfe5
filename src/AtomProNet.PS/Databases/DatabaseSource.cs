namespace AtomProNet.PS.Databases;

/// <summary>Where Get-MPStructure takes structures from.</summary>
public enum DatabaseSource
{
    /// <summary>The Materials Project with a key, the bundled structures without one; a warning says so.</summary>
    Auto,

    /// <summary>The Materials Project and nothing else.</summary>
    MaterialsProject,

    /// <summary>The bundled structures and nothing else.</summary>
    Bundled,
}
