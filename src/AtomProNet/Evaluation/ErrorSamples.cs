using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AtomProNet.Structures;

namespace AtomProNet.Evaluation;

/// <summary>Collects the values of one quantity, frame by frame, and turns them into an <see cref="MlipError"/>.</summary>
internal sealed class ErrorSamples(ErrorQuantity quantity, string unit)
{
    private readonly List<double> references = [], predictions = [], errors = [];
    private readonly List<byte> elements = [];
    private readonly List<ComparedFrame> frames = [];
    private int missingReference, missingPrediction;

    private bool HasPairs => quantity is not ErrorQuantity.ForceVector;

    /// <summary>Whether any frame had the label on any side.</summary>
    public bool Seen { get; private set; }

    /// <summary>Begins the values of a frame; false where a side lacks the label, so that there is nothing to add.</summary>
    public bool Begin(FramePair pair, string group, bool reference, bool prediction)
    {
        missingReference += reference ? 0 : 1;
        missingPrediction += prediction ? 0 : 1;
        Seen |= reference || prediction;
        if (reference && prediction)
        {
            frames.Add(new(pair.Index, pair.Reference.Source, pair.Id, pair.Reference.Structure.Composition.Formula, group, errors.Count, 0) { Provenance = pair.Reference.Structure.Provenance });
            return true;
        }

        return false;
    }

    /// <summary>Adds a pair of values; the element only for what belongs to an atom.</summary>
    public void Add(double reference, double prediction, Element? element = null)
    {
        references.Add(reference);
        predictions.Add(prediction);
        AddError(Math.Abs(prediction - reference), element);
    }

    /// <summary>Adds an error that has no pair of values.</summary>
    public void AddError(double error, Element? element)
    {
        errors.Add(error);
        if (element is not null)
        {
            elements.Add((byte)element.Number);
        }
    }

    public MlipError ToError(MlipErrorOptions options, string? note)
    {
        return new()
        {
            Model = options.Model,
            Quantity = quantity,
            Unit = unit,
            Statistics = Statistics(CollectionsMarshal.AsSpan(references), CollectionsMarshal.AsSpan(predictions), CollectionsMarshal.AsSpan(errors), options),
            FrameCount = frames.Count,
            MissingReference = missingReference,
            MissingPrediction = missingPrediction,
            Note = note,
            BySpecies = BySpecies(options),
            ByGroup = ByGroup(options),
            WorstFrames = Worst(options.WorstFrameCount),
            Points = HasPairs ? new([.. references], [.. predictions], FrameIndices()) : null,
            AbsoluteErrors = [.. errors],
            Frames = [.. frames.Select((f, i) => f with { ValueCount = End(i) - f.FirstValue })],
            AtomicNumbers = [.. elements],
        };
    }

    private static ErrorStatistics Statistics(ReadOnlySpan<double> reference, ReadOnlySpan<double> prediction, ReadOnlySpan<double> error, MlipErrorOptions options) =>
        reference.Length == error.Length
            ? ErrorStatistics.OfPairs(reference, prediction, options.Percents.AsSpan())
            : ErrorStatistics.OfAbsoluteErrors(error.ToArray(), options.Percents.AsSpan());

    private ImmutableArray<ErrorPart> BySpecies(MlipErrorOptions options)
    {
        if (elements.Count != errors.Count || elements.Count == 0)
        {
            return [];
        }

        var bins = new Bin?[119];
        int frame = 0;
        for (int i = 0; i < errors.Count; i++)
        {
            while (frame + 1 < frames.Count && frames[frame + 1].FirstValue <= i)
            {
                frame++;
            }

            Fill(bins[elements[i]] ??= new(), i, frame);
        }

        var parts = ImmutableArray.CreateBuilder<ErrorPart>();
        for (int number = 1; number < bins.Length; number++)
        {
            if (bins[number] is { } bin)
            {
                parts.Add(bin.ToPart(Element.FromNumber(number).Symbol, options));
            }
        }

        return parts.ToImmutable();
    }

    private ImmutableArray<ErrorPart> ByGroup(MlipErrorOptions options)
    {
        var bins = new SortedDictionary<string, Bin>(StringComparer.Ordinal);
        for (int frame = 0; frame < frames.Count; frame++)
        {
            if (!bins.TryGetValue(frames[frame].Group, out Bin? bin))
            {
                bins.Add(frames[frame].Group, bin = new());
            }

            for (int i = frames[frame].FirstValue; i < End(frame); i++)
            {
                Fill(bin, i, frame);
            }
        }

        return [.. bins.Select(b => b.Value.ToPart(b.Key, options))];
    }

    private ImmutableArray<FrameError> Worst(int count)
    {
        var worst = new PriorityQueue<FrameError, (double, int)>();
        for (int frame = 0; frame < frames.Count && count > 0; frame++)
        {
            ComparedFrame entry = frames[frame];
            int end = End(frame), at = entry.FirstValue;
            CompensatedSum squares = default;
            for (int i = entry.FirstValue; i < end; i++)
            {
                squares.Add(errors[i] * errors[i]);
                at = errors[i] > errors[at] ? i : at;
            }

            if (end == entry.FirstValue)
            {
                continue;
            }

            // The least of those kept stands in front; among equals the earlier frame stays.
            if (worst.Count == count)
            {
                if (errors[at] <= worst.Peek().Maximum)
                {
                    continue;
                }

                worst.Dequeue();
            }

            int? atom = elements.Count == 0 ? null : (at - entry.FirstValue) / (quantity == ErrorQuantity.ForceComponent ? 3 : 1) + 1;
            var error = new FrameError(entry.Index, entry.Source, entry.Id, entry.Formula, entry.Group, errors[at], Math.Sqrt(squares.Value / (end - entry.FirstValue)), atom) { Provenance = entry.Provenance };
            worst.Enqueue(error, (error.Maximum, -frame));
        }

        var list = new List<FrameError>();
        while (worst.TryDequeue(out FrameError? error, out _))
        {
            list.Add(error);
        }

        list.Reverse();
        return [.. list];
    }

    private ImmutableArray<int> FrameIndices()
    {
        var indices = new int[errors.Count];
        for (int frame = 0; frame < frames.Count; frame++)
        {
            indices.AsSpan(frames[frame].FirstValue..End(frame)).Fill(frames[frame].Index);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(indices);
    }

    private int End(int frame) => frame + 1 < frames.Count ? frames[frame + 1].FirstValue : errors.Count;

    private void Fill(Bin bin, int value, int frame)
    {
        if (HasPairs)
        {
            bin.References.Add(references[value]);
            bin.Predictions.Add(predictions[value]);
        }

        bin.Errors.Add(errors[value]);
        bin.FrameCount += bin.LastFrame == frame ? 0 : 1;
        bin.LastFrame = frame;
    }

    private sealed class Bin
    {
        public readonly List<double> References = [], Predictions = [], Errors = [];
        public int FrameCount, LastFrame = -1;

        public ErrorPart ToPart(string name, MlipErrorOptions options) =>
            new(name, FrameCount, Statistics(CollectionsMarshal.AsSpan(References), CollectionsMarshal.AsSpan(Predictions), CollectionsMarshal.AsSpan(Errors), options));
    }
}
