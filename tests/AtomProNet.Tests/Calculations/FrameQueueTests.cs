using AtomProNet.Calculations;
using AtomProNet.PS.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Calculations;

/// <summary>Files that are read several at a time: their order, how far reading runs ahead, failures and the end.</summary>
public class FrameQueueTests
{
    private static readonly FrameSelection All = new(IncludeUnconverged: true);
    private static readonly Structure Atom = new(Lattice.Cubic(4), [Element.FromSymbol("Al")], [Vector3D.Zero], CoordinateKind.Fractional);

    [Fact]
    public void Frames_come_in_the_order_of_the_files_whoever_reads_them_first()
    {
        var random = new Random(1);
        int[] lengths = [.. Enumerable.Range(0, 300).Select(_ => random.Next(5) == 0 ? random.Next(200) : random.Next(3))];
        using var queue = new FrameQueue(TestContext.Current.CancellationToken);
        var came = new List<(string File, int Step)>();
        var ended = new List<string>();
        for (int i = 0; i < lengths.Length; i++)
        {
            while (queue.IsFull)
            {
                Take(queue, came, ended, wait: true);
            }

            int number = i;
            queue.Add(Name(i), file => new FakeReader(file, lengths[number], number % 7 == 0 ? 1 : 0), All);
            while (queue.IsFed && Take(queue, came, ended, wait: false))
            {
            }
        }

        while (!queue.IsEmpty)
        {
            Take(queue, came, ended, wait: true);
        }

        Assert.Equal(Enumerable.Range(0, lengths.Length).Select(Name), ended);
        Assert.Equal(Enumerable.Range(0, lengths.Length).SelectMany(i => Enumerable.Range(1, lengths[i]).Select(step => (Name(i), step))), came);
    }

    [Fact]
    public void Reading_runs_ahead_by_a_bounded_number_of_frames()
    {
        int made = 0;
        using var queue = new FrameQueue(TestContext.Current.CancellationToken);
        for (int i = 0; !queue.IsFull; i++)
        {
            queue.Add(Name(i), file => new FakeReader(file, 10_000, 0, () => Interlocked.Increment(ref made)), All);
        }

        for (int taken = 0; taken < 5000; taken++)
        {
            Assert.True(queue.TryTake(out Frame? frame, out _, wait: true));
            Assert.NotNull(frame);
            // Those that wait, and one in the hands of each reader.
            Assert.InRange(Volatile.Read(ref made) - taken, 0, 32 + 18 * FrameQueue.Parallelism);
        }
    }

    [Fact]
    public void A_file_that_fails_ends_with_its_failure_and_the_next_ones_go_on()
    {
        using var queue = new FrameQueue(TestContext.Current.CancellationToken);
        queue.Add("a", _ => throw new IOException("gone"), All);
        queue.Add("b", file => new FakeReader(file, 1, 0), All);
        var came = new List<(string File, int Step)>();
        Assert.True(queue.TryTake(out _, out EndedFile? ended, wait: true));
        Assert.Equal("gone", Assert.IsType<IOException>(ended!.Failure).Message);
        Take(queue, came, [], wait: true);
        Assert.Equal([("b", 1)], came);
    }

    [Fact]
    public async Task Whoever_waits_hears_of_a_cancellation_and_the_readers_let_go()
    {
        using var cancellation = new CancellationTokenSource();
        using var holds = new ManualResetEventSlim();
        int open = 0;
        using (var queue = new FrameQueue(cancellation.Token))
        {
            // Readers that are full, and one that nothing comes from.
            queue.Add("slow", file => Open(file, 1, () => holds.Wait(cancellation.Token)), All);
            queue.Add("long", file => Open(file, 10_000, null), All);
            Task taking = Task.Run(() => queue.TryTake(out _, out _, wait: true), CancellationToken.None);
            await Task.Delay(50, TestContext.Current.CancellationToken);
            Assert.False(taking.IsCompleted);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        }

        Assert.Equal(0, open);

        FakeReader Open(string file, int frames, Action? made)
        {
            Interlocked.Increment(ref open);
            return new(file, frames, 0, made, () => Interlocked.Decrement(ref open));
        }
    }

    private static string Name(int i) => FormattableString.Invariant($"file{i}");

    private static bool Take(FrameQueue queue, List<(string File, int Step)> came, List<string> ended, bool wait)
    {
        if (!queue.TryTake(out Frame? frame, out EndedFile? end, wait))
        {
            return false;
        }

        if (frame is not null)
        {
            came.Add((frame.Source!.File, frame.Source.Step));
        }
        else
        {
            Assert.Null(end!.Failure);
            ended.Add(end.File);
        }

        return true;
    }

    private sealed class FakeReader(string file, int frames, int milliseconds, Action? made = null, Action? closed = null) : IFrameReader
    {
        public CalculationReport Report { get; } = new("VASP", file);

        public IEnumerable<Frame> ReadFrames(CancellationToken cancellation = default)
        {
            for (int step = 1; step <= frames; step++)
            {
                Thread.Sleep(milliseconds);
                made?.Invoke();
                yield return new Frame(Atom) { Source = new(file, step) };
            }
        }

        public void Dispose() => closed?.Invoke();
    }
}
