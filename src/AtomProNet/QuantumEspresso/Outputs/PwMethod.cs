using System.Collections.Immutable;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>Puts the summary of a run into the words of <see cref="DftMethod"/>.</summary>
internal static class PwMethod
{
    /// <summary>The method of a run, as far as its summary has been read; null where it does not even tell its cut-off.</summary>
    /// <param name="run">The run.</param>
    /// <param name="xml">The XML of the same run, which knows the k mesh; null where there is none.</param>
    internal static DftMethod? Create(PwRun run, PwXmlDocument? xml)
    {
        if (run.WavefunctionCutoff is not { } cutoff)
        {
            return null;
        }

        return new()
        {
            Code = "pw.x",
            Version = run.Version,
            Functional = PwFunctional.Name(run.FunctionalName, run.FunctionalIndices, run.ExactExchangeFraction),
            Dispersion = run.Dispersion ?? (PwFunctional.IsNonLocal(run.FunctionalIndices) ? "NonlocalVdW" : null),
            CutoffEnergy = cutoff * PhysicalConstants.RydbergInElectronvolt,
            DensityCutoffEnergy = run.DensityCutoff * PhysicalConstants.RydbergInElectronvolt,
            Smearing = run.Smearing,
            SmearingWidth = run.SmearingWidth * PhysicalConstants.RydbergInElectronvolt,
            SpinPolarised = run.SpinPolarised || run.NonCollinear,
            Potentials = Potentials(run),
            HubbardU = HubbardU(run),
            KPointMesh = xml?.KPointMesh ?? (run.KPointCount is { } count ? FormattableString.Invariant($"{count} points") : null),
            ElectronicTolerance = run.FirstThreshold * PhysicalConstants.RydbergInElectronvolt,
            CoreCount = run.CoreCount,
        };
    }

    private static ImmutableSortedDictionary<string, string> Potentials(PwRun run)
    {
        var potentials = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach ((int number, PwPotential potential) in run.Potentials)
        {
            if (number <= run.Species.Count && run.Species[number - 1].Element is { } element)
            {
                if (!potentials.TryGetValue(element.Symbol, out SortedSet<string>? names))
                {
                    potentials[element.Symbol] = names = new(StringComparer.Ordinal);
                }

                names.Add(potential.Md5 is null ? potential.FileName : $"{potential.FileName} MD5 {potential.Md5}");
            }
        }

        return potentials.ToImmutableSortedDictionary(p => p.Key, p => string.Join(", ", p.Value), StringComparer.Ordinal);
    }

    /// <summary>U by element. Where the labels of one element have different ones, each keeps its own under its label.</summary>
    private static ImmutableSortedDictionary<string, double> HubbardU(PwRun run)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (IGrouping<string, (string Label, double U)> group in run.HubbardU.Select(p => (p.Key, p.Value)).GroupBy(p => run.Species.Find(s => s.Label == p.Key)?.Element?.Symbol ?? p.Key))
        {
            (string Label, double U)[] all = [.. group];
            // A label without U beside one with U would make the element's U a half-truth.
            bool everywhere = all.Length == run.Species.Count(s => s.Element?.Symbol == group.Key);
            if (everywhere && all.All(p => p.U == all[0].U))
            {
                result[group.Key] = all[0].U;
            }
            else
            {
                foreach ((string label, double u) in all)
                {
                    result[label] = u;
                }
            }
        }

        return result.ToImmutable();
    }
}
