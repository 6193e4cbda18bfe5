using System.Collections.Immutable;
using AtomProNet.Datasets.Checks;
using AtomProNet.Datasets.Descriptors;
using AtomProNet.Datasets.Duplicates;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Leaks;

/// <summary>The distance of each frame of the validation and test parts to its nearest training frame.</summary>
/// <param name="Frames">One entry for each of those frames, in the order of the set.</param>
public sealed record LeakReport(ImmutableArray<FrameLeak> Frames)
{
    // Projections scatter distances: of so many candidates the one that is nearest by the whole descriptor is taken.
    private const int Candidates = 8;

    /// <summary>What the user should know: copies and near copies on both sides.</summary>
    public IEnumerable<Finding> Findings()
    {
        FrameLeak[] near = [.. Frames.Where(f => f.Distance <= DuplicateSearch.DefaultThreshold)];
        if (near.Length > 0)
        {
            yield return new(
                FindingSeverity.Warning,
                "SplitLeaks",
                FormattableString.Invariant($"{near.Length} of {Frames.Length} frames that are validated or tested on lie within {DuplicateSearch.DefaultThreshold} of one that is trained on: their errors tell nothing of unseen structures."),
                near.MinBy(f => f.Distance)!.ToString(),
                "Remove copies (Find-DuplicateFrame), or split by group or cluster.");
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="table">The whole descriptors of all frames, in the order of the set.</param>
    /// <param name="parts">The part of each frame; null for frames that count nowhere (single atoms).</param>
    /// <param name="items">What is known of each frame.</param>
    /// <param name="sourceOf">Where each frame comes from.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <param name="progress">Told how many frames are done, and of how many.</param>
    internal static LeakReport Measure(DescriptorTable table, IReadOnlyList<DatasetPart?> parts, IReadOnlyList<SplitItem> items, Func<int, FrameSource?> sourceOf, CancellationToken cancellation, Action<int, int>? progress = null)
    {
        // An order by content makes the nearest of several copies the same one whatever the order of input.
        int[] training = [.. Enumerable.Range(0, parts.Count).Where(i => parts[i] == DatasetPart.Train).OrderBy(i => items[i].Key)];
        int[] others = [.. Enumerable.Range(0, parts.Count).Where(i => parts[i] is DatasetPart.Validation or DatasetPart.Test)];
        if (training.Length == 0)
        {
            return new([]);
        }

        var nearest = new NearestRows(table, training, cancellation);
        var candidates = new int[others.Length][];
        const int chunk = 1024;
        for (int start = 0; start < others.Length; start += chunk)
        {
            Parallel.For(start, Math.Min(start + chunk, others.Length), new ParallelOptions { CancellationToken = cancellation }, k => candidates[k] = nearest.Find(others[k], Candidates));
            progress?.Invoke(start, others.Length);
        }

        var leaks = ImmutableArray.CreateBuilder<FrameLeak>(others.Length);
        for (int k = 0; k < others.Length; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            int frame = others[k], best = candidates[k][0];
            double distance = double.PositiveInfinity;
            foreach (int candidate in candidates[k])
            {
                double d = table.Distance(frame, candidate);
                (best, distance) = d < distance ? (candidate, d) : (best, distance);
            }

            leaks.Add(new(new(frame + 1, parts[frame], sourceOf(frame)), new(best + 1, DatasetPart.Train, sourceOf(best)), distance, items[frame].Group == items[best].Group));
        }

        return new(leaks.MoveToImmutable());
    }
}
