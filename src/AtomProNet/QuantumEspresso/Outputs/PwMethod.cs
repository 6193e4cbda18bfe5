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

    /// <summary>
    /// U by element, and whatever else +U has under names that begin with the element: <c>Fe-3p</c> for another manifold, <c>Fe J0</c>,
    /// <c>Co-O V</c>. Where the labels of one element differ, each keeps its own under its label.
    /// </summary>
    private static ImmutableSortedDictionary<string, double> HubbardU(PwRun run)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        Dictionary<(string Label, string Parameter), double> values = new(run.Hubbard);
        AddPairs(run, values, result);
        foreach (var group in values.GroupBy(p => (Symbol: run.Species.Find(s => s.Label == p.Key.Label)?.Element?.Symbol ?? p.Key.Label, p.Key.Parameter)))
        {
            KeyValuePair<(string Label, string Parameter), double>[] all = [.. group];
            // A label without U beside one with U would make the element's U a half-truth.
            bool everywhere = all.Length == run.Species.Count(s => s.Element?.Symbol == group.Key.Symbol);
            if (everywhere && all.All(p => p.Value == all[0].Value))
            {
                result[group.Key.Symbol + group.Key.Parameter] = all[0].Value;
            }
            else
            {
                foreach (((string label, string parameter), double value) in all)
                {
                    result[(label.StartsWith(group.Key.Symbol, StringComparison.Ordinal) ? label : $"{group.Key.Symbol}[{label}]") + parameter] = value;
                }
            }
        }

        return result.ToImmutable();
    }

    /// <summary>DFT+U+V: what an atom has with itself is U; V of two elements has a number where they have several, the largest first.</summary>
    private static void AddPairs(PwRun run, Dictionary<(string Label, string Parameter), double> values, ImmutableSortedDictionary<string, double>.Builder result)
    {
        if (run.HubbardPairs.Count == 0 || run.SiteElements() is not { } elements)
        {
            return;
        }

        var pairs = new SortedDictionary<string, SortedSet<double>>(StringComparer.Ordinal);
        foreach ((long first, long second, double[] v) in run.HubbardPairs)
        {
            if (first > elements.Length)
            {
                continue;
            }

            // PW/src/intersite_V.f90 counts the atoms of the neighbouring cells on, cell by cell.
            int i = (int)(first - 1), j = (int)((second - 1) % elements.Length);
            bool isOwn = first == second, inOrder = string.CompareOrdinal(elements[i].Symbol, elements[j].Symbol) <= 0;
            string pair = inOrder ? $"{elements[i].Symbol}-{elements[j].Symbol} V" : $"{elements[j].Symbol}-{elements[i].Symbol} V";
            (string Parameter, double Value)[] all = [("", v[0]), (" standard-background", inOrder ? v[1] : v[3]), (" background", v[2]), (" background-standard", inOrder ? v[3] : v[1])];
            foreach ((string parameter, double value) in all.Where(p => p.Value != 0))
            {
                if (isOwn)
                {
                    values[(run.SiteLabels![i], parameter)] = value;
                    continue;
                }

                if (!pairs.TryGetValue(pair + parameter, out SortedSet<double>? known))
                {
                    pairs[pair + parameter] = known = [];
                }

                known.Add(value);
            }
        }

        foreach ((string pair, SortedSet<double> known) in pairs)
        {
            int number = 0;
            foreach (double value in known.Reverse())
            {
                number++;
                result[number == 1 ? pair : FormattableString.Invariant($"{pair} {number}")] = value;
            }
        }
    }
}
