using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// The same label, to the last bit, on different geometries: every frame with the last frame's virial, a relaxation with one energy for
/// all its steps, forces copied from a neighbour.
/// </summary>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
internal sealed class RepeatedLabelCheck(int memoryLimit) : ICheck, IDisposable
{
    // Symmetry can make two frames alike (+γ and −γ of a shear); hundreds with one number it cannot.
    private const int Few = 3;
    private const double Share = 0.1;

    private readonly Repeats energy = new(memoryLimit, hasVolume: false), forces = new(memoryLimit, hasVolume: false), stress = new(memoryLimit, hasVolume: false), virial = new(memoryLimit, hasVolume: true);

    public void Add(CheckedFrame f)
    {
        // A copy of a frame has the same labels by right.
        if (f.IsCopy || f.IsIsolatedAtom)
        {
            return;
        }

        if (f.Energy is { } e && e != 0)
        {
            energy.Add(BitHash.Of([e]), f, null);
        }

        if (f.Frame.Forces is { } all && all.Any(v => v != default))
        {
            forces.Add(BitHash.Of(all.AsSpan()), f, null);
        }

        if (f.Frame.Stress is { } s && s != default)
        {
            stress.Add(BitHash.Of(s.ToVoigt()), f, null);
            if (f.Structure.Volume is { } volume)
            {
                // A virial that was copied shows only when the stress is multiplied by the volume again; rounding takes the last bits.
                virial.Add(BitHash.Of([.. s.ToVoigt().Select(x => Math.Round(x * volume, 8))]), f, volume);
            }
        }
    }

    public void Dispose()
    {
        foreach (Repeats repeats in (ReadOnlySpan<Repeats>)[energy, forces, stress, virial])
        {
            repeats.Dispose();
        }
    }

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. energy.Findings("EnergyRepeated", "energy", "The energies do not belong to these geometries: read every step's own energy."),
        .. forces.Findings("ForcesRepeated", "forces", "The forces do not belong to these geometries: read every step's own forces."),
        .. stress.Findings("StressRepeated", "stress", "The stresses do not belong to these geometries: read every step's own stress."),
        .. virial.Findings("VirialRepeated", "virial (in cells of different volume)", "Every frame seems to carry one frame's virial, a known fault of converters: make the set again from the DFT outputs."),
    ];

    private sealed class Repeats(int memoryLimit, bool hasVolume) : IDisposable
    {
        // So many labels that came back are counted one by one; where there are more, those that came back least often make room.
        private const int MostCounted = 50_000;

        // The volume as the bits of a single.
        private readonly HashIndex volumes = new(hasVolume, memoryLimit);
        private readonly Dictionary<ulong, (int Count, FrameTally Tally)> repeats = [];
        private int total, forgotten;

        public void Add(ulong hash, CheckedFrame f, double? volume)
        {
            total++;
            // Where a volume is given, only another volume counts: at the same one the stress itself is repeated.
            if (!volumes.TryAdd(hash, BitConverter.SingleToInt32Bits((float)(volume ?? 0)), out int known))
            {
                float first = BitConverter.Int32BitsToSingle(known);
                if (volume is { } v && Math.Abs(v - first) < 1e-4 * first)
                {
                    return;
                }

                if (repeats.Count >= MostCounted)
                {
                    ForgetTheRarest();
                }

                (int count, FrameTally tally) = repeats.TryGetValue(hash, out var counted) ? counted : (1, new());
                tally.Add(f);
                repeats[hash] = (count + 1, tally);
            }
        }

        public void Dispose() => volumes.Dispose();

        private void ForgetTheRarest()
        {
            for (int count = 2; repeats.Count > MostCounted / 2; count *= 2)
            {
                foreach ((ulong hash, (int Count, FrameTally) rare) in repeats.Where(r => r.Value.Count <= count).ToList())
                {
                    forgotten += rare.Count;
                    repeats.Remove(hash);
                }
            }
        }

        public IEnumerable<TrainingSetFinding> Findings(string code, string label, string advice)
        {
            if (repeats.Count == 0)
            {
                return [];
            }

            (int most, FrameTally worst) = repeats.Values.MaxBy(r => r.Count);
            int all = repeats.Values.Sum(r => r.Count) + forgotten;
            return most >= Few && (most > Share * total || most >= 100)
                ? worst.ToFinding(FindingSeverity.Error, code, $"{most} frames of different geometry have the same {label} to the last digit.", advice)
                : all > Share * total && all > 2 * Few
                    ? worst.ToFinding(FindingSeverity.Warning, code, $"{all} frames share their {label} to the last digit with another geometry.", advice)
                    : [];
        }
    }
}
