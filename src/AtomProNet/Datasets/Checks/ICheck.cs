namespace AtomProNet.Datasets.Checks;

/// <summary>One rule that a training set must keep. It sees every frame once, in the order of the set, and says at the end what it found.</summary>
internal interface ICheck
{
    void Add(CheckedFrame frame);

    IEnumerable<TrainingSetFinding> Conclude();
}

/// <summary>The frames that one finding is about: their number, and the first of them.</summary>
internal sealed class FrameTally
{
    private readonly List<FrameReference> first = [];

    public int Count { get; private set; }

    public void Add(CheckedFrame frame, string? detail = null)
    {
        Count++;
        if (first.Count < TrainingSetFinding.ListedFrames)
        {
            first.Add(frame.Reference(detail));
        }
    }

    public void Add(FrameReference frame)
    {
        Count++;
        if (first.Count < TrainingSetFinding.ListedFrames)
        {
            first.Add(frame);
        }
    }

    /// <summary>The finding, where there is any frame.</summary>
    public IEnumerable<TrainingSetFinding> ToFinding(FindingSeverity severity, string code, string message, string advice) =>
        Count == 0 ? [] : [new(severity, code, message, advice, Count, [.. first])];
}
