namespace AtomProNet.Databases;

/// <summary>What to do with answers on the disk.</summary>
public enum CacheMode
{
    /// <summary>Use what is there for the database's present version, and keep what comes.</summary>
    Use,
    /// <summary>Fetch everything anew, and keep it.</summary>
    Refresh,
    /// <summary>Neither read nor write.</summary>
    None,
}
