using System.Collections.Immutable;
using AtomProNet.Calculations;

namespace AtomProNet.Vasp.Outputs;

/// <summary>The known messages, from Data/errors.json. Texts as VASP and the schedulers print them; remedies from the VASP wiki and forum.</summary>
internal static class VaspMessages
{
    private static readonly Lazy<ImmutableArray<KnownMessage>> Loaded = new(() => KnownMessage.Load("AtomProNet.Vasp.Outputs.Data.errors.json"));

    internal static ImmutableArray<KnownMessage> All => Loaded.Value;
}
