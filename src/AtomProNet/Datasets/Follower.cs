using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace AtomProNet.Datasets;

/// <summary>
/// Does something with each of many items in their order, on a thread of its own, a few dozen behind whoever hands them over. Where there are only a
/// few, no thread is made for them.
/// </summary>
/// <param name="action">What to do. What it throws comes out of <see cref="Finish"/>, and nothing is done with the items that follow.</param>
/// <param name="size">How large an item is (atoms): fewer large ones are kept waiting.</param>
internal sealed class Follower<T>(Action<T> action, Func<T, int> size) : IDisposable
{
    private const int BatchCount = 16, BatchSize = 2000, BatchesAhead = 8;
    private readonly BlockingCollection<List<T>> batches = new(BatchesAhead);
    private List<T> batch = new(BatchCount);
    private long batchSize;
    private Thread? thread;
    private ExceptionDispatchInfo? failure;
    private volatile bool stopped;

    /// <summary>Hands over the next item; waits where the thread is far behind.</summary>
    /// <exception cref="IOException">The work failed at an item before, for want of room on a disk: hours of work more would end in the same way.</exception>
    public void Add(T item)
    {
        if (failure is { SourceException: IOException } known)
        {
            known.Throw();
        }

        batch.Add(item);
        batchSize += size(item);
        if (batch.Count == BatchCount || batchSize >= BatchSize)
        {
            if (thread is null)
            {
                thread = new(Follow) { IsBackground = true, Name = nameof(Follower<T>) };
                thread.Start();
            }

            batches.Add(batch);
            batch = new(BatchCount);
            batchSize = 0;
        }
    }

    /// <summary>Waits until everything is done. Nothing may be handed over afterwards.</summary>
    public void Finish()
    {
        End();
        Do(batch);
        batch.Clear();
        failure?.Throw();
    }

    /// <summary>Leaves what is not done yet.</summary>
    public void Dispose()
    {
        if (!stopped)
        {
            stopped = true;
            End();
            batches.Dispose();
        }
    }

    private void End()
    {
        if (!batches.IsAddingCompleted)
        {
            batches.CompleteAdding();
        }

        thread?.Join();
    }

    private void Follow()
    {
        foreach (List<T> next in batches.GetConsumingEnumerable())
        {
            Do(next);
        }
    }

    private void Do(List<T> items)
    {
        try
        {
            for (int i = 0; i < items.Count && !stopped && failure is null; i++)
            {
                action(items[i]);
            }
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
