using AtomProNet.Databases.Cache;

namespace AtomProNet.PS.Databases;

/// <summary>Says what clearing a cache does.</summary>
internal static class CacheText
{
    public static string Removal(QueryCacheContent content) =>
        FormattableString.Invariant($"Remove the answers to {content.QueryCount} queries ({content.FileCount} files, {content.ByteCount / 1e6:F1} MB)");
}
