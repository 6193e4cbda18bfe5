using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Datasets.Statistics;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Training;

/// <summary>Chooses the reference energies of a model.</summary>
/// <param name="Energies">Each element of the training part, eV.</param>
/// <param name="Origin">Where they come from.</param>
/// <param name="Findings">What the user should know of them.</param>
internal sealed record ReferenceEnergyChoice(ImmutableSortedDictionary<Element, double> Energies, ReferenceEnergyOrigin Origin, ImmutableArray<Finding> Findings)
{
    // What two runs of one atom may differ by before somebody should be asked.
    private const double Tolerance = 1e-3;

    /// <summary>Given ones first, then those of single atoms, then least squares.</summary>
    /// <exception cref="AtomProNetException">They contradict each other, are incomplete, or cannot be determined.</exception>
    public static ReferenceEnergyChoice Of(TrainingData data, ImmutableSortedDictionary<Element, double> given)
    {
        ReferenceEnergies found = data.ReferenceEnergies;
        if (data.IsolatedAtomSpread > Tolerance)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "IsolatedAtomsContradict", string.Create(CultureInfo.InvariantCulture, $"Single atoms of one element have energies that differ by {data.IsolatedAtomSpread:F4} eV."), remedy: "Keep the one that was computed with the method of the set and the right magnetic state.");
        }

        if (!given.IsEmpty)
        {
            return Given(data, found, given);
        }

        if (found.HasIsolatedAtoms)
        {
            return new(Table(found, e => e.IsolatedAtom), ReferenceEnergyOrigin.IsolatedAtoms, []);
        }

        string missing = string.Join(", ", found.Energies.Where(e => e.IsolatedAtom is null).Select(e => e.Element));
        if (found.Energies.Any(e => e.IsolatedAtom is not null))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "IsolatedAtomsIncomplete", $"There are single atoms in the training part, but none of {missing}.", remedy: found.Advice + " Or give all reference energies yourself (-ReferenceEnergy).");
        }

        if (!found.IsDetermined)
        {
            throw new AtomProNetException(
                ErrorKind.InvalidData,
                "ReferenceEnergiesUndetermined",
                $"There are no single atoms in the training part, and least squares cannot give the reference energies: its compositions tell {found.Rank} of {found.Energies.Length} elements apart.",
                remedy: found.Advice + " Or give them yourself (-ReferenceEnergy @{" + string.Join("; ", found.Energies.Select(e => $"{e.Element} = …")) + "}).");
        }

        string errors = string.Join(", ", found.Energies.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Element} {e.LeastSquares:F3} ± {e.StandardError:F3} eV")));
        return new(
            Table(found, e => e.LeastSquares),
            ReferenceEnergyOrigin.LeastSquares,
            [new(FindingSeverity.Warning, "ReferenceEnergiesFitted", $"There are no single atoms in the training part: the reference energies are least squares over its frames ({errors}). They are no energies of free atoms, and the model is less stable far from what it was trained on.", Advice: found.Advice)]);
    }

    private static ReferenceEnergyChoice Given(TrainingData data, ReferenceEnergies found, ImmutableSortedDictionary<Element, double> given)
    {
        Element[] missing = [.. data.Elements.Where(e => !given.ContainsKey(e))];
        if (missing.Length > 0)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "ReferenceEnergyMissing", $"No reference energy was given for {string.Join(", ", missing.Select(e => e.Symbol))}.", remedy: "Give one for each element of the training part.");
        }

        foreach (ReferenceEnergy energy in found.Energies)
        {
            if (energy.IsolatedAtom is { } atom && Math.Abs(atom - given[energy.Element]) > Tolerance)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ReferenceEnergyContradicts", string.Create(CultureInfo.InvariantCulture, $"The reference energy of {energy.Element} is given as {given[energy.Element]} eV, but the training part holds a single atom of it with {atom} eV."), remedy: "Take one of them away: MACE would use that of the file without a word.");
            }
        }

        return new(data.Elements.ToImmutableSortedDictionary(e => e, e => given[e]), ReferenceEnergyOrigin.Given, []);
    }

    private static ImmutableSortedDictionary<Element, double> Table(ReferenceEnergies found, Func<ReferenceEnergy, double?> energy) =>
        found.Energies.ToImmutableSortedDictionary(e => e.Element, e => energy(e)!.Value);
}
