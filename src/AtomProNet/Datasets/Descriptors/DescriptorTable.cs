using System.Runtime.InteropServices;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Descriptors;

/// <summary>
/// The descriptors of a set, computed on all cores: the projection of each (256 bytes) stays in memory; where exact distances are wanted,
/// whole descriptors lie in a temporary file in single precision.
/// </summary>
/// <param name="keepWhole">Whether <see cref="Distance"/> will be asked for.</param>
internal sealed class DescriptorTable(bool keepWhole = false) : IDisposable
{
    // Enough for all cores, and little memory even for large structures.
    private const int BatchSize = 64, RowsPerBlock = 4096;

    private readonly FrameDescriptor[] workers = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount)).Select(_ => new FrameDescriptor())];
    private readonly List<Structure> waiting = [];
    private readonly List<float[]> blocks = [];
    private readonly float[] batch = new float[BatchSize * FrameDescriptor.Length];
    private readonly float[] first = new float[FrameDescriptor.Length], second = new float[FrameDescriptor.Length];
    private FileStream? whole;
    private int computed;

    /// <summary>The number of structures.</summary>
    public int Count => computed + waiting.Count;

    /// <summary>Adds a structure.</summary>
    public void Add(Structure structure)
    {
        waiting.Add(structure);
        if (waiting.Count == BatchSize)
        {
            Flush();
        }
    }

    /// <summary>The projection of structure number <paramref name="index"/>, from 0.</summary>
    public ReadOnlySpan<float> Projection(int index)
    {
        if (index >= computed)
        {
            Flush();
        }

        return Row(index);
    }

    /// <summary>The distance of two whole descriptors, as <see cref="FrameDescriptor.Distance"/> defines it.</summary>
    public double Distance(int a, int b)
    {
        Flush();
        Read(a, first);
        Read(b, second);
        double difference = 0, one = 0, other = 0;
        for (int k = 0; k < first.Length; k++)
        {
            double x = first[k], y = second[k];
            difference += (x - y) * (x - y);
            one += x * x;
            other += y * y;
        }

        double length = (Math.Sqrt(one) + Math.Sqrt(other)) / 2;
        return length > 0 ? Math.Sqrt(difference) / length : 0;
    }

    /// <summary>Computes what waits, so that <see cref="Projection"/> may be called by several threads.</summary>
    public void Flush()
    {
        if (waiting.Count == 0)
        {
            return;
        }

        for (int row = computed; row < computed + waiting.Count; row++)
        {
            if (row / RowsPerBlock == blocks.Count)
            {
                blocks.Add(new float[RowsPerBlock * DescriptorProjection.Length]);
            }
        }

        int share = Math.Min(workers.Length, waiting.Count);
        if (share == 1)
        {
            Work(0, 1);
        }
        else
        {
            Parallel.For(0, share, w => Work(w, share));
        }

        if (keepWhole)
        {
            whole ??= ScratchFile.Open();
            ScratchFile.WriteAt(whole, (long)computed * FrameDescriptor.Length * sizeof(float), MemoryMarshal.AsBytes(batch.AsSpan(0, waiting.Count * FrameDescriptor.Length)));
        }

        computed += waiting.Count;
        waiting.Clear();
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose() => Abandoned.Close(whole);

    private void Work(int worker, int share)
    {
        var descriptor = new double[FrameDescriptor.Length];
        for (int i = worker; i < waiting.Count; i += share)
        {
            workers[worker].Compute(waiting[i], descriptor);
            DescriptorProjection.Apply(descriptor, Row(computed + i));
            for (int k = 0; k < descriptor.Length && keepWhole; k++)
            {
                batch[i * FrameDescriptor.Length + k] = (float)descriptor[k];
            }
        }
    }

    private Span<float> Row(int index) => blocks[index / RowsPerBlock].AsSpan(index % RowsPerBlock * DescriptorProjection.Length, DescriptorProjection.Length);

    private void Read(int index, float[] row)
    {
        ScratchFile.ReadAt(whole!, (long)index * FrameDescriptor.Length * sizeof(float), MemoryMarshal.AsBytes(row.AsSpan()));
    }
}
