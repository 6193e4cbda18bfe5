using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>How the structures that this room makes remember where they come from.</summary>
internal static class Descent
{
    /// <summary>The provenance of a parent; one that nobody told anything about is a root of its own, named by its content.</summary>
    internal static Provenance Of(Structure parent) => parent.Provenance ?? Provenance.Root("Structure", parent.ContentHash);

    /// <summary>
    /// The name of a child. It is the plain name of what was done, unless the parent itself is one of many neighbours
    /// (a strained or rattled structure): then the parent's name goes before it, so that names are unique within a group.
    /// </summary>
    internal static string Name(Structure parent, string own) =>
        parent.Name is { } name && parent.Provenance is { Operation: StrainSeries.Operation or RattleSeries.Operation } ? $"{name}_{own}" : own;

    /// <summary>A number in invariant text with the shortest digits that read back the same.</summary>
    internal static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Numbers in invariant text, separated by blanks.</summary>
    internal static string Text(IEnumerable<double> numbers) => string.Join(' ', numbers.Select(Text));
}
