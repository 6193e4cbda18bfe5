using System.Collections.Immutable;

namespace AtomProNet.Databases.Optimade;

/// <summary>A database that answers by the OPTIMADE standard.</summary>
/// <param name="Id">Its short name, such as <c>cod</c>.</param>
/// <param name="Aliases">Other short names.</param>
/// <param name="Name">Its full name.</param>
/// <param name="BaseUrl">Its base address, without the version.</param>
public sealed record OptimadeProvider(string Id, ImmutableArray<string> Aliases, string Name, Uri BaseUrl)
{
    /// <summary>Short and full name.</summary>
    public override string ToString() => $"{Id} ({Name})";
}
