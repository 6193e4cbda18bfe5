using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.PS.Calculations;

/// <summary>
/// Reads several files at a time and gives their frames in the order in which the files were added. A few threads take one file after the
/// other, so that none has to be woken for each; what they are ahead is bounded, so that memory does not grow with the length of a trajectory or the number of files.
/// </summary>
internal sealed class FrameQueue : IDisposable
{
    private const int FramesAhead = 32, SlowMilliseconds = 50, IdleMilliseconds = 200;
    private static readonly int AheadOfLater = 16 * Parallelism;
    private readonly Queue<Reading> readings = new();
    private readonly Queue<Reading> waiting = new();
    private readonly List<Task> readers = [];
    private readonly CancellationTokenSource stop;
    private readonly object gate = new();
    private int busy, idle, framesOfLater;
    private long lastAdded, sinceAdded;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="cancellation">Ends all reading.</param>
    public FrameQueue(CancellationToken cancellation)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Whoever waits is to hear of it.
        stop.Token.Register(() =>
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        });
    }

    /// <summary>How many files are read at a time.</summary>
    public static int Parallelism => Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>Whether as many files are known as may be.</summary>
    public bool IsFull => readings.Count > AheadOfLater;

    /// <summary>Whether the readers have enough to do, so that there is time to hand out frames; so there is where files come slowly.</summary>
    public bool IsFed
    {
        get
        {
            lock (gate)
            {
                return waiting.Count >= 8 * Parallelism || sinceAdded > SlowMilliseconds;
            }
        }
    }

    /// <summary>Whether no file is under way.</summary>
    public bool IsEmpty => readings.Count == 0;

    /// <summary>Lets a file be read as soon as a thread is free.</summary>
    /// <param name="file">The file, as a full path.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="selection">Which frames are wanted.</param>
    public void Add(string file, Func<string, IFrameReader> open, FrameSelection selection)
    {
        var reading = new Reading(file, open, selection);
        lock (gate)
        {
            long now = Environment.TickCount64;
            (sinceAdded, lastAdded) = (now - lastAdded, now);
            reading.IsFirst = readings.Count == 0;
            readings.Enqueue(reading);
            waiting.Enqueue(reading);
            if (idle > 0)
            {
                Monitor.PulseAll(gate);
            }

            if (waiting.Count > idle && busy < Parallelism)
            {
                busy++;
                readers.RemoveAll(r => r.IsCompleted);
                // Threads of their own: those of the pool are few, and others (who hash what is written) wait for them.
                readers.Add(Task.Factory.StartNew(ReadOn, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            }
        }
    }

    /// <summary>The next frame of the first file; waits for it.</summary>
    /// <param name="frame">The frame; null where the file has ended.</param>
    /// <param name="ended">The file that has ended, with its report or the exception that ended it.</param>
    /// <param name="wait">False: gives up at once where nothing is ready.</param>
    /// <returns>False where nothing was there.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public bool TryTake(out Frame? frame, out EndedFile? ended, bool wait)
    {
        frame = null;
        ended = null;
        if (!readings.TryPeek(out Reading? first))
        {
            return false;
        }

        lock (gate)
        {
            while (wait && first.Frames.Count == 0 && first.Ended is null)
            {
                stop.Token.ThrowIfCancellationRequested();
                Monitor.Wait(gate);
            }

            stop.Token.ThrowIfCancellationRequested();
            if (first.Frames.TryDequeue(out frame))
            {
                if (first.Frames.Count == FramesAhead / 2)
                {
                    Monitor.PulseAll(gate);
                }

                return true;
            }

            if (first.Ended is null)
            {
                return false;
            }

            ended = first.Ended;
            readings.Dequeue();
            if (readings.TryPeek(out Reading? next))
            {
                // Its frames count by themselves now, and whoever reads it may go on. The others sleep until there is room for more than one frame.
                next.IsFirst = true;
                framesOfLater -= next.Frames.Count;
                if (next.Ended is null || framesOfLater <= AheadOfLater / 2)
                {
                    Monitor.PulseAll(gate);
                }
            }

            return true;
        }
    }

    /// <summary>Stops all readers and waits until they have let go of their files.</summary>
    public void Dispose()
    {
        stop.Cancel();
        Task[] left;
        lock (gate)
        {
            waiting.Clear();
            Monitor.PulseAll(gate);
            left = [.. readers];
        }

        Task.WaitAll(left);
        stop.Dispose();
    }

    // What a reader does until no file waits, and none comes for a while.
    private void ReadOn()
    {
        while (true)
        {
            Reading? reading;
            lock (gate)
            {
                long since = Environment.TickCount64, left = IdleMilliseconds;
                while (!waiting.TryDequeue(out reading))
                {
                    if (stop.IsCancellationRequested || left <= 0)
                    {
                        busy--;
                        return;
                    }

                    idle++;
                    Monitor.Wait(gate, (int)left);
                    idle--;
                    left = IdleMilliseconds - (Environment.TickCount64 - since);
                }
            }

            EndedFile ended = Read(reading);
            lock (gate)
            {
                reading.Ended = ended;
                if (reading.IsFirst)
                {
                    Monitor.PulseAll(gate);
                }
            }
        }
    }

    private EndedFile Read(Reading reading)
    {
        try
        {
            using IFrameReader reader = reading.Open(reading.File);
            foreach (Frame frame in reading.Selection.Apply(reader.ReadFrames(stop.Token), reader.Report))
            {
                Put(reading, frame);
            }

            return new(reading.File, reader.Report, null);
        }
        catch (Exception e)
        {
            // Handed to the thread of the cmdlet, which alone may write.
            return new(reading.File, null, e);
        }
    }

    private void Put(Reading reading, Frame frame)
    {
        lock (gate)
        {
            while (reading.IsFirst ? reading.Frames.Count >= FramesAhead : framesOfLater >= AheadOfLater)
            {
                stop.Token.ThrowIfCancellationRequested();
                Monitor.Wait(gate);
            }

            stop.Token.ThrowIfCancellationRequested();
            reading.Frames.Enqueue(frame);
            if (!reading.IsFirst)
            {
                framesOfLater++;
            }
            else if (reading.Frames.Count == 1)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    // A file, and what was read of it so far.
    private sealed class Reading(string file, Func<string, IFrameReader> open, FrameSelection selection)
    {
        public string File => file;

        public Func<string, IFrameReader> Open => open;

        public FrameSelection Selection => selection;

        public Queue<Frame> Frames { get; } = new();

        public bool IsFirst { get; set; }

        public EndedFile? Ended { get; set; }
    }
}

/// <summary>A file that was read to its end, or as far as it could be.</summary>
/// <param name="File">The file, as a full path.</param>
/// <param name="Report">What its reader found; null where it broke off.</param>
/// <param name="Failure">What broke it off; null where nothing did.</param>
internal sealed record EndedFile(string File, CalculationReport? Report, Exception? Failure);
