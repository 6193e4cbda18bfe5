namespace AtomProNet.Databases.MaterialsProject;

/// <summary>Where documents come from; it goes into their provenance.</summary>
/// <param name="Server">The server's address.</param>
/// <param name="DatabaseVersion">The version of the database; null where the server does not say.</param>
internal sealed record MaterialSource(string Server, string? DatabaseVersion);
