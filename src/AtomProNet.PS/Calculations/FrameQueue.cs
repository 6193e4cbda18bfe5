using System.Collections.Concurrent;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.PS.Calculations;

/// <summary>
/// Reads several files at a time and gives their frames in the order in which the files were added. Each file has a bounded
/// buffer, so that memory does not grow with the length of a trajectory or the number of files.
/// </summary>
internal sealed class FrameQueue : IDisposable
{
    private const int FramesAhead = 32;
    private readonly Queue<Reading> readings = new();
    private readonly CancellationTokenSource stop;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="cancellation">Ends all reading.</param>
    public FrameQueue(CancellationToken cancellation) => stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>How many files are read at a time.</summary>
    public static int Parallelism { get; } = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>Whether as many files are under way as may be.</summary>
    public bool IsFull => readings.Count >= Parallelism;

    /// <summary>Whether no file is under way.</summary>
    public bool IsEmpty => readings.Count == 0;

    /// <summary>Starts to read a file.</summary>
    /// <param name="file">The file, as a full path.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="selection">Which frames are wanted.</param>
    public void Add(string file, Func<string, IFrameReader> open, FrameSelection selection) => readings.Enqueue(new(file, open, selection, stop.Token));

    /// <summary>The next frame of the first file; waits for it.</summary>
    /// <param name="frame">The frame; null where the file has ended.</param>
    /// <param name="ended">The file that has ended, with its report or the exception that ended it.</param>
    /// <param name="wait">False: gives up at once where nothing is ready.</param>
    /// <returns>False where nothing was there.</returns>
    public bool TryTake(out Frame? frame, out EndedFile? ended, bool wait)
    {
        frame = null;
        ended = null;
        if (!readings.TryPeek(out Reading? first))
        {
            return false;
        }

        if (first.TryTake(out frame, wait, stop.Token))
        {
            return true;
        }

        if (!first.HasEnded)
        {
            return false;
        }

        readings.Dequeue();
        ended = first.Result();
        first.Dispose();
        return true;
    }

    /// <summary>Stops all readers and waits until they have let go of their files.</summary>
    public void Dispose()
    {
        stop.Cancel();
        while (readings.TryDequeue(out Reading? reading))
        {
            reading.Dispose();
        }

        stop.Dispose();
    }

    private sealed class Reading : IDisposable
    {
        private readonly BlockingCollection<Frame> frames = new(FramesAhead);
        private readonly Task<EndedFile> task;

        public Reading(string file, Func<string, IFrameReader> open, FrameSelection selection, CancellationToken cancellation) =>
            task = Task.Run(() => Read(file, open, selection, cancellation), CancellationToken.None);

        public bool HasEnded => frames.IsCompleted;

        public bool TryTake(out Frame? frame, bool wait, CancellationToken cancellation) => frames.TryTake(out frame, wait ? Timeout.Infinite : 0, cancellation);

        public EndedFile Result() => task.GetAwaiter().GetResult();

        public void Dispose()
        {
            task.Wait(CancellationToken.None);
            frames.Dispose();
        }

        private EndedFile Read(string file, Func<string, IFrameReader> open, FrameSelection selection, CancellationToken cancellation)
        {
            try
            {
                using IFrameReader reader = open(file);
                foreach (Frame frame in selection.Apply(reader.ReadFrames(cancellation), reader.Report))
                {
                    frames.Add(frame, cancellation);
                }

                return new(file, reader.Report, null);
            }
            catch (Exception e)
            {
                // Handed to the thread of the cmdlet, which alone may write.
                return new(file, null, e);
            }
            finally
            {
                frames.CompleteAdding();
            }
        }
    }
}

/// <summary>A file that was read to its end, or as far as it could be.</summary>
/// <param name="File">The file, as a full path.</param>
/// <param name="Report">What its reader found; null where it broke off.</param>
/// <param name="Failure">What broke it off; null where nothing did.</param>
internal sealed record EndedFile(string File, CalculationReport? Report, Exception? Failure);
