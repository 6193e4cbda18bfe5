using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AtomProNet.Calculations;

namespace AtomProNet.Vasp.Outputs;

/// <summary>One message of VASP, of its libraries or of a scheduler, and what to do about it.</summary>
/// <param name="Code">A stable identifier.</param>
/// <param name="Kind">What kind of end it leads to.</param>
/// <param name="IsFatal">Whether it ends the run.</param>
/// <param name="Texts">Texts that give it away, as bytes.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Changes">What a restart should change.</param>
internal sealed record VaspError(string Code, ExitKind Kind, bool IsFatal, ImmutableArray<byte[]> Texts, string Message, string Remedy, ImmutableArray<RestartChange> Changes);

/// <summary>The known messages, from Data/errors.json. Texts as VASP and the schedulers print them; remedies from the VASP wiki and forum.</summary>
internal static class VaspErrorCatalogue
{
    private static readonly Lazy<ImmutableArray<VaspError>> Loaded = new(Load);

    internal static ImmutableArray<VaspError> All => Loaded.Value;

    private static ImmutableArray<VaspError> Load()
    {
        using Stream stream = typeof(VaspErrorCatalogue).Assembly.GetManifestResourceStream("AtomProNet.Vasp.Outputs.Data.errors.json")
            ?? throw new AtomProNetException(ErrorKind.Internal, "ResourceMissing", "The catalogue of VASP's messages is missing from the assembly.");
        using JsonDocument document = JsonDocument.Parse(stream);
        var errors = ImmutableArray.CreateBuilder<VaspError>();
        foreach (JsonElement e in document.RootElement.EnumerateArray())
        {
            errors.Add(new(
                Text(e, "code"),
                Enum.Parse<ExitKind>(Text(e, "kind")),
                e.GetProperty("fatal").GetBoolean(),
                [.. e.GetProperty("texts").EnumerateArray().Select(t => Encoding.UTF8.GetBytes(t.GetString()!))],
                Text(e, "message"),
                Text(e, "remedy"),
                e.TryGetProperty("changes", out JsonElement changes)
                    ? [.. changes.EnumerateArray().Select(c => new RestartChange(Text(c, "target"), Text(c, "key"), c.GetProperty("value").GetString(), c.GetProperty("changesPhysics").GetBoolean(), Text(c, "reason")))]
                    : []));
        }

        return errors.ToImmutable();

        static string Text(JsonElement e, string name) => e.GetProperty(name).GetString()!;
    }
}
