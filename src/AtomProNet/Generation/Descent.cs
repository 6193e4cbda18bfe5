using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AtomProNet.Structures;

namespace AtomProNet.Generation;

/// <summary>How the structures that this room makes remember where they come from.</summary>
internal static partial class Descent
{
    /// <summary>The provenance of a parent; one that nobody told anything about is a root of its own, named by its content.</summary>
    internal static Provenance Of(Structure parent) => parent.Provenance ?? Provenance.Root("Structure", parent.ContentHash);

    /// <summary>
    /// The name of a child. It is the plain name of what was done, unless the parent itself is one of many neighbours
    /// (a strained or rattled structure): then the parent's name goes before it, so that names are unique within a group.
    /// </summary>
    internal static string Name(Structure parent, string own) =>
        parent.Name is { } name && parent.Provenance is { Operation: StrainSeries.Operation or RattleSeries.Operation } ? $"{name}_{own}" : own;

    /// <summary>
    /// The site properties that a child with another geometry keeps. What was computed for the parent's does not hold for it: forces under a
    /// name that no label has (<c>force</c>, <c>dft_forces</c>), energies and stresses of single atoms.
    /// </summary>
    internal static ImmutableSortedDictionary<string, SiteProperty> Properties(Structure parent) =>
        parent.SiteProperties.RemoveRange(parent.SiteProperties.Where(p => p.Value.Kind == SitePropertyKind.Real && ResultName().IsMatch(p.Key)).Select(p => p.Key));

    /// <summary>A number in invariant text with the shortest digits that read back the same.</summary>
    internal static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Numbers in invariant text, separated by blanks.</summary>
    internal static string Text(IEnumerable<double> numbers) => string.Join(' ', numbers.Select(Text));

    [GeneratedRegex("force|^f$|gradient|energ|stress|virial", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ResultName();
}
