namespace AtomProNet.Databases.Cache;

/// <summary>The list that makes an answer complete.</summary>
/// <param name="Query">Server, query and fields as they were hashed.</param>
/// <param name="DatabaseVersion">The version of the database.</param>
/// <param name="Total">How many materials match by the server's count.</param>
/// <param name="Pages">The names of all pages in their order.</param>
/// <param name="Fetched">When the last page came.</param>
internal sealed record AnswerCompletion(string Query, string DatabaseVersion, long Total, string[] Pages, DateTimeOffset Fetched);
