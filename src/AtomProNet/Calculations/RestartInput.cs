using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.Calculations;

/// <summary>
/// The input of a calculation that begins again: what a code makes of the changes that a restart asks for. Nothing is written yet. Immutable.
/// </summary>
public sealed record RestartInput
{
    /// <summary>The files that are written anew, by their names relative to the folder.</summary>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; init; } = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty;

    /// <summary>The structure that it begins from, as the input holds it; null where it is the one that it began from before.</summary>
    public Structure? Structure { get; init; }

    /// <summary>The settings as the new input holds them; null where they did not change.</summary>
    public ImmutableSortedDictionary<string, string>? Settings { get; init; }

    /// <summary>The changes that it holds, with their values as they were written.</summary>
    public ImmutableArray<RestartChange> Applied { get; init; } = [];

    /// <summary>Changes that could not be made, each with the reason.</summary>
    public ImmutableArray<(RestartChange Change, string Reason)> NotApplied { get; init; } = [];
}
