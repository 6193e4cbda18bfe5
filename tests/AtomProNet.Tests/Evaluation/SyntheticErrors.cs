using System.Collections.Immutable;
using AtomProNet.Evaluation;
using AtomProNet.Evaluation.Reports;
using AtomProNet.Structures;
using AtomProNet.Tests.Datasets;

namespace AtomProNet.Tests.Evaluation;

/// <summary>Errors of models that do not exist, as Measure-MlipError would find them.</summary>
internal static class SyntheticErrors
{
    /// <summary>A model whose errors are random.</summary>
    public static ModelErrors Model(string name, int frames, int groups, double noise, int atoms = 8, Func<int, string>? group = null) =>
        new(name, MlipErrors.Measure(Pairs(frames, groups, noise, atoms, group), new() { Model = name, WorstFrameCount = 6 }));

    /// <summary>Pairs of frames with random labels: the references are the same whatever the noise.</summary>
    public static IEnumerable<FramePair> Pairs(int frames, int groups, double noise, int atoms = 8, Func<int, string>? group = null)
    {
        Random labels = new(1), errors = new(2);
        for (int i = 0; i < frames; i++)
        {
            string id = group is null ? FormattableString.Invariant($"crystal-{i % groups}/strain") : group(i % groups);
            Frame reference = SyntheticFrames.Random(labels, atoms, source: new FrameSource($"/data/run-{i}/OUTCAR", i % 7 + 1), provenance: Provenance.Root("File", id), cheap: true);
            yield return new(i + 1, reference, SyntheticFrames.Predict(reference, errors, noise * (1 + i % groups * 0.3), moveByCells: false));
        }
    }
}
