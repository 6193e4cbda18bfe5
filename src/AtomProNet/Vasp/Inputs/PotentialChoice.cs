using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Inputs;

/// <summary>Which potentials an input takes, and whether they suit it.</summary>
internal static class PotentialChoice
{
    /// <summary>VASP's LEXCH for PBE.</summary>
    private const string Pbe = "PE";

    /// <summary>Below this ratio of ENCUT to ENMAX a volume that varies brings Pulay stress (VASP manual, Pulay stress: 1.3).</summary>
    private const double PulayRatio = 1.3;

    /// <summary>The potentials of the elements, in order.</summary>
    /// <exception cref="AtomProNetException">One is missing or is for another element, or they do not go together.</exception>
    internal static (ImmutableArray<PotcarDataset> Datasets, ImmutableArray<PotentialSummary> Summaries) Of(ImmutableArray<Element> elements, VaspInputOptions options, List<Finding> findings)
    {
        string[] names = [.. elements.Select(e => options.Potentials.TryGetValue(e.Symbol, out string? own) ? own : options.Set.PotentialOf(e))];
        if (options.Library is not { } library)
        {
            findings.Add(new(FindingSeverity.Warning, "PotcarNotWritten", "No library of potentials is given: POTCAR.spec with their names is written instead of a POTCAR, and ENCUT is not compared with ENMAX.", Advice: "Give the library with -PotcarPath, or set PMG_VASP_PSP_DIR."));
            return ([], [.. elements.Select((e, i) => new PotentialSummary(e.Symbol, names[i]))]);
        }

        string functional = options.Functional ?? options.Set.Functional;
        ImmutableArray<PotcarDataset> datasets = [.. elements.Select((e, i) => library.Get(e, names[i], functional))];
        string[] exchange = [.. datasets.Where(d => d.ExchangeCorrelation is not null).Select(d => d.ExchangeCorrelation!.ToUpperInvariant()).Distinct()];
        if (exchange.Length > 1)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "PotcarFunctionalsMixed", $"The potentials are made for different functionals: {string.Join(", ", datasets.Select(d => $"{d.Title} ({d.ExchangeCorrelation})"))}. VASP refuses that.", library.FolderPath, remedy: "Point -PotcarPath at a library of one functional.");
        }

        if (exchange is [var only] && only != Pbe)
        {
            findings.Add(new(FindingSeverity.Warning, "PotcarFunctionalDiffers", $"The potentials are made for the functional {only}, the preset for PBE."));
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (datasets[i].Variant != names[i])
            {
                findings.Add(new(FindingSeverity.Warning, "PotcarVariantDiffers", $"The library's file for '{names[i]}' is titled '{datasets[i].Title}'.", Advice: "Check that it is the potential that the preset means."));
            }
        }

        return (datasets, [.. datasets.Select((d, i) => new PotentialSummary(d.Element.Symbol, names[i], d.Title, d.Sha256, d.Enmax))]);
    }

    /// <summary>Compares ENCUT with what the potentials ask for.</summary>
    internal static void CheckCutoff(Incar incar, double? enmax, Structure structure, List<Finding> findings)
    {
        if (enmax is not { } needed)
        {
            return;
        }

        if (incar["ENCUT"]?.AsNumber is not { } cutoff)
        {
            findings.Add(new(FindingSeverity.Warning, "CutoffNotSet", "ENCUT is not set: VASP takes the largest ENMAX, which differs from one set of elements to the next.", Advice: "Set one value for the whole training set."));
            return;
        }

        if (cutoff < needed)
        {
            findings.Add(new(FindingSeverity.Warning, "CutoffBelowEnmax", FormattableString.Invariant($"ENCUT = {cutoff} eV is lower than the potentials' ENMAX of {needed} eV.")));
        }
        else if (cutoff < PulayRatio * needed && VolumeVaries(incar, structure))
        {
            findings.Add(new(FindingSeverity.Warning, "PulayStress", FormattableString.Invariant($"ENCUT = {cutoff} eV is below {PulayRatio} × ENMAX ({PulayRatio * needed:0} eV) while the volume varies: stress and energy of such a set contradict each other (Pulay stress)."), Advice: "Raise ENCUT for the whole set; New-ConvergenceSeries and Measure-DftConvergence tell how far."));
        }
    }

    private static bool VolumeVaries(Incar incar, Structure structure) =>
        (incar["NSW"]?.AsNumber > 0 && incar["ISIF"]?.AsInteger >= 3)
        || structure.Provenance?.Chain().Any(p => p.Operation == "Strain") == true;
}
