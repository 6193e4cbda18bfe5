using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Statistics;

/// <summary>The energy that an element counts from.</summary>
/// <param name="Element">The element.</param>
/// <param name="LeastSquares">By least squares over all frames, eV; null where the compositions of the set do not determine it.</param>
/// <param name="StandardError">Its standard error, eV; null with it.</param>
/// <param name="IsolatedAtom">Of frames with a single atom, eV; null where there is none.</param>
public sealed record ReferenceEnergy(Element Element, double? LeastSquares, double? StandardError, double? IsolatedAtom)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Element}: {(IsolatedAtom ?? LeastSquares)?.ToString("F6", CultureInfo.InvariantCulture) ?? "not determined"}");
}

/// <summary>Reference energies E0 of a set, of both kinds.</summary>
/// <param name="Rank">
/// The rank of the matrix of compositions: how many combinations of elements the set can tell apart. A set of one composition has rank 1,
/// and its least squares say nothing about single elements.
/// </param>
/// <param name="FrameCount">How many frames with an energy took part; single atoms do not.</param>
/// <param name="ConditionNumber">The largest over the smallest singular value of that matrix; null below full rank.</param>
/// <param name="Residual">The root of the mean squared difference of Σ n_z e_z from the energies, eV per frame; null without frames.</param>
/// <param name="Energies">Each element of the set.</param>
public sealed record ReferenceEnergies(int Rank, long FrameCount, double? ConditionNumber, double? Residual, ImmutableArray<ReferenceEnergy> Energies)
{
    /// <summary>Whether least squares determine every element.</summary>
    public bool IsDetermined => Energies.Length > 0 && Energies.All(e => e.LeastSquares is not null);

    /// <summary>Whether there is a single atom of every element.</summary>
    public bool HasIsolatedAtoms => Energies.Length > 0 && Energies.All(e => e.IsolatedAtom is not null);

    /// <summary>How to get reference energies where the set has none; null where it has.</summary>
    public string? Advice => HasIsolatedAtoms ? null
        : "Compute each element as a single atom with the same method: New-IsolatedAtom "
            + string.Join(",", Energies.Where(e => e.IsolatedAtom is null).Select(e => e.Element.Symbol))
            + " | New-VaspInput (or New-QEInput); its frames belong into the training set.";

    /// <summary>Rank and energies in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"rank {Rank} of {Energies.Length}: {string.Join(", ", Energies)}");
}
