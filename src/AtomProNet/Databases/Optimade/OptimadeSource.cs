namespace AtomProNet.Databases.Optimade;

/// <summary>Where entries come from; it goes into their provenance.</summary>
/// <param name="Database">The provider's short name, or the server's host where it has none.</param>
/// <param name="Server">The base address.</param>
/// <param name="ApiVersion">The version of the standard that the server speaks.</param>
/// <param name="DatabaseVersion">The version of the database; null where the server does not say.</param>
internal sealed record OptimadeSource(string Database, string Server, string? ApiVersion, string? DatabaseVersion);
