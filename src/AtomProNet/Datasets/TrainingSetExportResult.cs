using System.Collections.Immutable;

namespace AtomProNet.Datasets;

/// <summary>What an export made.</summary>
/// <param name="Files">The files, in the order of the parts.</param>
/// <param name="Plan">The split of all frames but single atoms; null where the set was not split.</param>
/// <param name="Findings">What the user should know.</param>
/// <param name="IsolatedAtomCount">How many single atoms there are; they all stand in training.</param>
/// <param name="Refused">How many frames were refused, by the id of the reason.</param>
public sealed record TrainingSetExportResult(
    ImmutableArray<TrainingSetFile> Files,
    SplitPlan? Plan,
    ImmutableArray<Finding> Findings,
    int IsolatedAtomCount,
    ImmutableSortedDictionary<string, int> Refused);
