namespace AtomProNet.Databases.Cache;

/// <summary>How much a cache holds, or held.</summary>
/// <param name="Database">Whose answers they are.</param>
/// <param name="Folder">Where they lie.</param>
/// <param name="QueryCount">How many different queries.</param>
/// <param name="FileCount">How many files.</param>
/// <param name="ByteCount">How many bytes.</param>
public sealed record QueryCacheContent(string Database, string Folder, int QueryCount, int FileCount, long ByteCount);
