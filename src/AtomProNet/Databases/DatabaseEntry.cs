using AtomProNet.Structures;

namespace AtomProNet.Databases;

/// <summary>One entry of a database's answer: a structure, or the reason why the entry gives none.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="Structure">The structure, with the entry's data in its provenance.</param>
/// <param name="Error">Why there is no structure: partial occupancy, damaged data.</param>
/// <param name="Total">How many entries match the query by the database's own count; null where it does not say.</param>
public sealed record DatabaseEntry(string Id, Structure? Structure, AtomProNetException? Error, long? Total);
