using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// The same label, to the last bit, on different geometries: every frame with the last frame's virial, a relaxation with one energy for
/// all its steps, forces copied from a neighbour.
/// </summary>
internal sealed class RepeatedLabelCheck : ICheck
{
    // Symmetry can make two frames alike (+γ and −γ of a shear); hundreds with one number it cannot.
    private const int Few = 3;
    private const double Share = 0.1;

    private readonly Repeats energy = new(hasVolume: false), forces = new(hasVolume: false), stress = new(hasVolume: false), virial = new(hasVolume: true);

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

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. energy.Findings("EnergyRepeated", "energy", "The energies do not belong to these geometries: read every step's own energy."),
        .. forces.Findings("ForcesRepeated", "forces", "The forces do not belong to these geometries: read every step's own forces."),
        .. stress.Findings("StressRepeated", "stress", "The stresses do not belong to these geometries: read every step's own stress."),
        .. virial.Findings("VirialRepeated", "virial (in cells of different volume)", "Every frame seems to carry one frame's virial, a known fault of converters: make the set again from the DFT outputs."),
    ];

    private sealed class Repeats(bool hasVolume)
    {
        // Half of the hash: that two of a million labels meet by chance changes no share. The volume as the bits of a single.
        private readonly HashIndex<uint> volumes = new(hasVolume);
        private readonly Dictionary<uint, (int Count, FrameTally Tally)> repeats = [];
        private int total;

        public void Add(ulong whole, CheckedFrame f, double? volume)
        {
            uint hash = (uint)(whole >> 32);
            total++;
            // Where a volume is given, only another volume counts: at the same one the stress itself is repeated.
            if (!volumes.TryAdd(hash, BitConverter.SingleToInt32Bits((float)(volume ?? 0)), out int known))
            {
                float first = BitConverter.Int32BitsToSingle(known);
                if (volume is { } v && Math.Abs(v - first) < 1e-4 * first)
                {
                    return;
                }

                (int count, FrameTally tally) = repeats.TryGetValue(hash, out var counted) ? counted : (1, new());
                tally.Add(f);
                repeats[hash] = (count + 1, tally);
            }
        }

        public IEnumerable<TrainingSetFinding> Findings(string code, string label, string advice)
        {
            if (repeats.Count == 0)
            {
                return [];
            }

            (int most, FrameTally worst) = repeats.Values.MaxBy(r => r.Count);
            int all = repeats.Values.Sum(r => r.Count);
            return most >= Few && (most > Share * total || most >= 100)
                ? worst.ToFinding(FindingSeverity.Error, code, $"{most} frames of different geometry have the same {label} to the last digit.", advice)
                : all > Share * total && all > 2 * Few
                    ? worst.ToFinding(FindingSeverity.Warning, code, $"{all} frames share their {label} to the last digit with another geometry.", advice)
                    : [];
        }
    }
}
