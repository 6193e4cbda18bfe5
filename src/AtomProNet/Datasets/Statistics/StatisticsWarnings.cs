using System.Globalization;

namespace AtomProNet.Datasets.Statistics;

/// <summary>What the numbers of a set say against training on it as it is. Faults of single frames are Test-TrainingSet's.</summary>
internal static class StatisticsWarnings
{
    private const int FewFrames = 10;
    private const double WeaklyDetermined = 0.1, NarrowVolumes = 0.01, Crowded = 0.5;

    public static IEnumerable<Finding> Of(TrainingSetStatistics s, long furtherCompositions)
    {
        if (s.FrameCount == 0)
        {
            return [];
        }

        long structures = s.FrameCount - s.IsolatedAtomCount;
        return [.. ReferenceEnergies(s), .. Labels(s, structures), .. Elements(s), .. Volumes(s), .. Coverage(s), .. Formulas(furtherCompositions)];
    }

    private static IEnumerable<Finding> ReferenceEnergies(TrainingSetStatistics s)
    {
        ReferenceEnergies e = s.ReferenceEnergies;
        if (e.HasIsolatedAtoms)
        {
            yield break;
        }

        if (!e.IsDetermined)
        {
            yield return new(
                FindingSeverity.Warning,
                "ReferenceEnergiesUndetermined",
                Text($"The compositions of the set determine {e.Rank} of {e.Energies.Length} reference energies: least squares cannot give E0s of {Names(e.Energies.Where(x => x.LeastSquares is null))}."),
                Advice: e.Advice);
            yield break;
        }

        ReferenceEnergy[] weak = [.. e.Energies.Where(x => x.StandardError > WeaklyDetermined)];
        yield return weak.Length > 0
            ? new(FindingSeverity.Warning, "ReferenceEnergiesWeak", Text($"Reference energies by least squares are determined weakly: {string.Join(", ", weak.Select(w => Text($"{w.Element} ± {w.StandardError:F2} eV")))}; they describe what the compositions differ in, not free atoms."), Advice: e.Advice)
            : new(FindingSeverity.Information, "IsolatedAtomsMissing", $"There are no single atoms of {Names(e.Energies.Where(x => x.IsolatedAtom is null))}: reference energies can only come from least squares, and the energy of separated atoms is not learned.", Advice: e.Advice);
    }

    private static IEnumerable<Finding> Labels(TrainingSetStatistics s, long structures)
    {
        if (s.ForceCount == 0 && structures > 0)
        {
            yield return new(FindingSeverity.Warning, "NoForces", "No frame has forces: a model trained on energies alone needs far more frames.", Advice: "Read forces from the outputs (NWRITE, tprnfor).");
        }

        if (s.StressCount == 0 && s.PeriodicFrameCount > 0)
        {
            yield return new(FindingSeverity.Information, "NoStress", "No frame has a stress: elastic constants and pressures rest on energies alone.", Advice: "Compute the stress (ISIF = 2, tstress), unless Pulay stress is why it was left out.");
        }

        if (s.EnergyKinds.Count > 1)
        {
            yield return new(FindingSeverity.Warning, "EnergyKindsMixed", $"The labels are energies of {s.EnergyKinds.Count} kinds: {string.Join(", ", s.EnergyKinds.Select(k => Text($"{k.Key} ({k.Value})")))}.", Advice: "Choose one (-EnergyKind).");
        }

        if (s.MethodCount > 1)
        {
            yield return new(FindingSeverity.Warning, "MethodsMixed", Text($"The frames were computed in {s.MethodCount} ways."), Advice: "Test-TrainingSet tells which.");
        }
    }

    private static IEnumerable<Finding> Elements(TrainingSetStatistics s)
    {
        ElementStatistics[] rare = [.. s.Elements.Where(e => e.FrameCount - (s.ReferenceEnergies.Energies.Any(r => r.Element == e.Element && r.IsolatedAtom is not null) ? 1 : 0) < FewFrames)];
        if (rare.Length > 0 && s.FrameCount >= 10 * FewFrames)
        {
            yield return new(FindingSeverity.Warning, "ElementsRare", $"Some elements are in few frames: {string.Join(", ", rare.Select(r => Text($"{r.Element} ({r.FrameCount})")))}.", Advice: "A model knows them by name only: add frames, or leave them out.");
        }
    }

    private static IEnumerable<Finding> Volumes(TrainingSetStatistics s)
    {
        CompositionStatistics[] narrow = [.. s.Compositions.Where(c => c.FrameCount >= FewFrames && c.MinimumVolumePerAtom is { } low && c.MaximumVolumePerAtom is { } high && high - low < NarrowVolumes * low)];
        if (narrow.Length > 0 && narrow.Length == s.Compositions.Count(c => c.FrameCount >= FewFrames && c.MinimumVolumePerAtom is not null))
        {
            yield return new(FindingSeverity.Warning, "VolumesNarrow", Text($"The volume of a formula varies by less than 1 % throughout the set ({narrow[0].Formula}: {narrow[0].MinimumVolumePerAtom:F3} to {narrow[0].MaximumVolumePerAtom:F3} Å³ per atom): pressure and expansion cannot be learned."), Advice: "Add a strain series (New-StrainSeries), or frames at other pressures.");
        }
    }

    private static IEnumerable<Finding> Coverage(TrainingSetStatistics s)
    {
        if (s.Coverage is { } c && c.FrameCount >= 10 * FewFrames && c.LargestShare > Crowded && c.RegionCount > 2)
        {
            yield return new(FindingSeverity.Warning, "CoverageUneven", Text($"{100 * c.LargestShare:F0} % of the frames lie in one of {c.RegionCount} regions of descriptor space (about frame {c.Regions[0].Frame}): the rest hardly counts in training."), Advice: "Thin that region out (Select-TrainingFrame -Farthest), or weight the others (config_weight).");
        }

        if (s.Coverage is { } d && d.FrameCount >= 10 * FewFrames && d.LonelyFrameCount > 0 && d.LonelyFrameCount < d.RegionCount)
        {
            yield return new(FindingSeverity.Information, "FramesLonely", Text($"{d.LonelyFrameCount} frames have nothing like them in the set, such as frame {d.Regions.First(r => r.FrameCount == 1).Frame} ({d.Regions.First(r => r.FrameCount == 1).Formula})."), Advice: "Look whether they are mistakes; if not, add neighbours of them, since one frame is not learned.");
        }
    }

    private static IEnumerable<Finding> Formulas(long further)
    {
        if (further > 0)
        {
            yield return new(FindingSeverity.Information, "CompositionsNotListed", Text($"There are more formulas than are counted one by one; {further} frames have further ones."));
        }
    }

    private static string Names(IEnumerable<ReferenceEnergy> energies) => string.Join(", ", energies.Select(e => e.Element));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
