using System.Collections.Immutable;

namespace AtomProNet.Calculations;

/// <summary>What a calculation was told to do, as recorded beside it. Immutable.</summary>
public sealed record MethodSummary
{
    /// <summary>The code: <c>VASP</c>, <c>pw.x</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The preset that the settings started from; null where they came from a file.</summary>
    public string? Preset { get; init; }

    /// <summary>The settings as the input file holds them, by key.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Keys whose value departs from the preset, each with the reason.</summary>
    public ImmutableSortedDictionary<string, string> Deviations { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The k-points.</summary>
    public required KPointSummary KPoints { get; init; }

    /// <summary>The potentials, in the order of the input's species.</summary>
    public ImmutableArray<PotentialSummary> Potentials { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(MethodSummary? other) => other is not null
        && Code == other.Code && Preset == other.Preset && KPoints == other.KPoints
        && Settings.SequenceEqual(other.Settings) && Deviations.SequenceEqual(other.Deviations) && Potentials.SequenceEqual(other.Potentials);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Preset, KPoints, Settings.Count, Potentials.Length);

    /// <summary>Code, preset and k-points in one line.</summary>
    public override string ToString() => $"{Code} {Preset ?? "own settings"}, {KPoints}";
}

/// <summary>The k-points of a calculation.</summary>
/// <param name="Divisions">n₁ n₂ n₃; null where the code makes the mesh from <paramref name="Spacing"/>.</param>
/// <param name="GammaCentred">Whether the mesh contains Γ by construction; false is a Monkhorst–Pack mesh.</param>
/// <param name="Rule">What the mesh was made from, such as <c>reciprocal density 64</c>, <c>spacing 0.22</c>, <c>explicit</c>.</param>
/// <param name="Spacing">The distance of neighbouring k-points in 1/Å, with the factor 2π, where the rule is one of distance.</param>
public sealed record KPointSummary(ImmutableArray<int>? Divisions, bool GammaCentred, string Rule, double? Spacing = null)
{
    /// <inheritdoc/>
    public bool Equals(KPointSummary? other) => other is not null && GammaCentred == other.GammaCentred && Rule == other.Rule && Spacing == other.Spacing
        && (Divisions is { } mine ? other.Divisions is { } theirs && mine.SequenceEqual(theirs) : other.Divisions is null);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(GammaCentred, Rule, Spacing);

    /// <summary>The mesh and the rule that made it.</summary>
    public override string ToString() => Divisions is { } n ? $"{string.Join('×', n)} {(GammaCentred ? "Γ-centred" : "Monkhorst–Pack")} ({Rule})" : Rule;
}

/// <summary>One potential: enough to recognise it, nothing of its content (VASP's are licensed).</summary>
/// <param name="Element">The symbol of the element.</param>
/// <param name="Name">The name in the library, such as <c>Al_pv</c> or <c>Al.pbe-n-kjpaw_psl.1.0.0.UPF</c>.</param>
/// <param name="Title">VASP's TITEL without the key; null where no library was at hand.</param>
/// <param name="Sha256">SHA-256 of the potential's text (lower-case hex); null where no library was at hand.</param>
/// <param name="SuggestedCutoff">The cut-off that the potential asks for (VASP's ENMAX, an UPF header's suggestion), eV; null where it is not known.</param>
public sealed record PotentialSummary(string Element, string Name, string? Title = null, string? Sha256 = null, double? SuggestedCutoff = null);
