using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtomProNet.Calculations;

/// <summary>One message of a DFT code, of its libraries or of a scheduler, and what to do about it.</summary>
/// <param name="Code">A stable identifier.</param>
/// <param name="Kind">What kind of end it leads to.</param>
/// <param name="IsFatal">Whether it ends the run.</param>
/// <param name="Texts">Texts that give it away, as bytes.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Changes">What a restart should change.</param>
internal sealed record KnownMessage(string Code, ExitKind Kind, bool IsFatal, ImmutableArray<byte[]> Texts, string Message, string Remedy, ImmutableArray<RestartChange> Changes)
{
    /// <summary>
    /// The messages of a code, from its Data/errors.json, and those of libraries and schedulers, which are the same for every code. An
    /// entry of the code's that repeats the identifier of one of these adds texts and changes to it, and may put another remedy.
    /// </summary>
    /// <param name="resource">The name of the code's resource in this assembly.</param>
    internal static ImmutableArray<KnownMessage> Load(string resource)
    {
        JsonArray own = Read(resource);
        var shared = Read("AtomProNet.Calculations.Data.job-messages.json").ToDictionary(e => (string)e!["code"]!, e => e!.AsObject(), StringComparer.Ordinal);
        var messages = ImmutableArray.CreateBuilder<KnownMessage>();
        foreach (JsonNode? entry in own)
        {
            if (shared.TryGetValue((string)entry!["code"]!, out JsonObject? known))
            {
                known["remedy"] = (entry["remedy"] ?? known["remedy"])!.DeepClone();
                known["texts"] = Joined(known["texts"], entry["texts"]);
                known["changes"] = Joined(known["changes"], entry["changes"]);
            }
            else
            {
                messages.Add(From(entry));
            }
        }

        messages.AddRange(shared.Values.Select(From));
        return messages.ToImmutable();
    }

    /// <summary>The messages of one resource as they stand there, in their order.</summary>
    internal static ImmutableArray<KnownMessage> LoadAlone(string resource) => [.. Read(resource).Select(e => From(e!))];

    private static KnownMessage From(JsonNode e) => new(
        (string)e["code"]!,
        Enum.Parse<ExitKind>((string)e["kind"]!),
        (bool)e["fatal"]!,
        [.. e["texts"]!.AsArray().Select(t => Encoding.UTF8.GetBytes((string)t!))],
        (string)e["message"]!,
        (string)e["remedy"]!,
        [.. (e["changes"]?.AsArray() ?? []).Select(c => new RestartChange((string)c!["target"]!, (string)c["key"]!, (string?)c["value"], (bool)c["changesPhysics"]!, (string)c["reason"]!))]);

    private static JsonArray Joined(JsonNode? a, JsonNode? b) => new([.. (a?.AsArray() ?? []).Concat(b?.AsArray() ?? []).Select(n => n!.DeepClone())]);

    private static JsonArray Read(string resource)
    {
        using Stream stream = typeof(KnownMessage).Assembly.GetManifestResourceStream(resource)
            ?? throw new AtomProNetException(ErrorKind.Internal, "ResourceMissing", "A catalogue of messages is missing from the assembly.", value: resource);
        return JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions())!.AsArray();
    }
}
