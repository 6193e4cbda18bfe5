using System.Management.Automation;

namespace AtomProNet.PS.Hosting;

/// <summary>Writes the first few errors of each kind whole and the rest as one with their number: ten thousand frames can all lack the same thing.</summary>
internal sealed class RepeatedErrors(Cmdlet cmdlet, int limit = 10)
{
    private readonly SortedDictionary<string, (int Count, AtomProNetException Last, object? Target)> _counts = new(StringComparer.Ordinal);

    /// <summary>Writes the error, or counts it.</summary>
    public void Write(AtomProNetException error, object? target)
    {
        var count = _counts.TryGetValue(error.ErrorId, out var earlier) ? earlier.Count + 1 : 1;
        _counts[error.ErrorId] = (count, error, target);
        if (count <= limit)
        {
            cmdlet.WriteError(ErrorRecords.From(error, target));
        }
    }

    /// <summary>Tells how many more there were of each kind.</summary>
    public void WriteRest()
    {
        foreach (var (id, (count, last, target)) in _counts)
        {
            if (count > limit)
            {
                cmdlet.WriteError(ErrorRecords.From(new AtomProNetException(last.Kind, id, $"{count - limit} more errors of this kind ({count} in all); the last: {last.Problem}", remedy: last.Remedy), target));
            }
        }
    }
}
