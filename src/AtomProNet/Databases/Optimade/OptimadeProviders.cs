using System.Collections.Immutable;
using System.Text.Json;

namespace AtomProNet.Databases.Optimade;

/// <summary>The databases that are known by name (Data/providers.json); any other is given by its address.</summary>
public static class OptimadeProviders
{
    private static readonly Lazy<ImmutableArray<OptimadeProvider>> Loaded = new(Load);

    /// <summary>All of them.</summary>
    public static ImmutableArray<OptimadeProvider> All => Loaded.Value;

    /// <summary>The provider of that short name.</summary>
    /// <exception cref="AtomProNetException">There is none.</exception>
    public static OptimadeProvider Find(string id) =>
        All.FirstOrDefault(p => string.Equals(p.Id, id, StringComparison.OrdinalIgnoreCase) || p.Aliases.Contains(id, StringComparer.OrdinalIgnoreCase))
        ?? throw new AtomProNetException(ErrorKind.NotFound, "ProviderUnknown", "This provider is not known by name.", value: id, remedy: $"Known are {string.Join(", ", All.Select(p => p.Id))}; any other is given by its base address (-Uri).");

    private static ImmutableArray<OptimadeProvider> Load()
    {
        using Stream stream = typeof(OptimadeProviders).Assembly.GetManifestResourceStream("AtomProNet.Databases.Optimade.Data.providers.json")
            ?? throw new AtomProNetException(ErrorKind.Internal, "ProviderListMissing", "The list of providers is missing from this build.");
        using JsonDocument document = JsonDocument.Parse(stream);
        return
        [
            .. document.RootElement.GetProperty("providers").EnumerateArray().Select(p => new OptimadeProvider(
                p.GetProperty("id").GetString()!,
                [.. p.GetProperty("aliases").EnumerateArray().Select(a => a.GetString()!)],
                p.GetProperty("name").GetString()!,
                new Uri(p.GetProperty("baseUrl").GetString()!))),
        ];
    }
}
