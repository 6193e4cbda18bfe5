using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Frames that were computed in different ways: another functional, cut-off, smearing, potential or Hubbard U.</summary>
internal sealed class MethodCheck : ICheck
{
    private readonly SortedDictionary<string, (string Text, FrameTally Frames)> methods = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedDictionary<string, FrameTally>> potentials = new(StringComparer.Ordinal), hubbard = new(StringComparer.Ordinal);

    public void Add(CheckedFrame f)
    {
        if (f.Frame.Method is not { } method || f.IsIsolatedAtom)
        {
            // A single atom is computed with other smearing and k-points by right.
            return;
        }

        if (!methods.TryGetValue(method.Fingerprint, out var known))
        {
            methods.Add(method.Fingerprint, known = (Describe(method), new()));
        }

        known.Frames.Add(f, known.Text);
        foreach (Element element in f.Structure.Composition.Counts.Keys)
        {
            if (method.Potentials.TryGetValue(element.Symbol, out string? potential))
            {
                Count(potentials, element.Symbol, potential, f);
            }

            Count(hubbard, element.Symbol, FormattableString.Invariant($"U = {method.HubbardU.GetValueOrDefault(element.Symbol)} eV"), f);
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        if (methods.Count > 1)
        {
            foreach (TrainingSetFinding finding in methods.Values.MinBy(m => m.Frames.Count).Frames.ToFinding(
                FindingSeverity.Error,
                "MethodsMixed",
                $"The frames were computed in {methods.Count} ways: {string.Join("; ", methods.Values.OrderByDescending(m => m.Frames.Count).Select(m => $"{m.Frames.Count} × {m.Text}"))}.",
                "Their energies lie on different scales: keep one method, or compute the others again."))
            {
                yield return finding;
            }
        }

        foreach (TrainingSetFinding finding in Mixed(potentials, "PotentialsMixed", "pseudopotentials").Concat(Mixed(hubbard, "HubbardMixed", "values of Hubbard's U")))
        {
            yield return finding;
        }
    }

    private static IEnumerable<TrainingSetFinding> Mixed(SortedDictionary<string, SortedDictionary<string, FrameTally>> choices, string code, string what) => choices
        .Where(c => c.Value.Count > 1)
        .SelectMany(c => c.Value.Values.MinBy(t => t.Count)!.ToFinding(
            FindingSeverity.Error,
            code,
            $"{c.Key} was computed with {c.Value.Count} {what}: {string.Join("; ", c.Value.OrderByDescending(v => v.Value.Count).Select(v => $"{v.Value.Count} × {v.Key}"))}.",
            "Their energies lie on different scales: keep one, or compute the others again."));

    private static void Count(SortedDictionary<string, SortedDictionary<string, FrameTally>> choices, string element, string choice, CheckedFrame f)
    {
        if (!choices.TryGetValue(element, out SortedDictionary<string, FrameTally>? of))
        {
            choices.Add(element, of = new(StringComparer.Ordinal));
        }

        if (!of.TryGetValue(choice, out FrameTally? tally))
        {
            of.Add(choice, tally = new());
        }

        tally.Add(f, $"{element}: {choice}");
    }

    private static string Describe(DftMethod m) => string.Join(", ", new[]
    {
        m.Code,
        m.Functional,
        m.Dispersion,
        m.CutoffEnergy is { } cutoff ? FormattableString.Invariant($"{cutoff:G6} eV") : null,
        m.DensityCutoffEnergy is { } density ? FormattableString.Invariant($"density {density:G6} eV") : null,
        m.Precision is null ? null : "PREC " + m.Precision,
        m.Smearing is null ? null : FormattableString.Invariant($"{m.Smearing} {m.SmearingWidth} eV"),
        m.AsphericalCorrections is { } aspherical ? aspherical ? "LASPH" : "no LASPH" : null,
    }.Where(t => t is not null));
}
