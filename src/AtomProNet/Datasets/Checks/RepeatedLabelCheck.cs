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

    // Lengths of forces that are printed with three digits; the same volume.
    private const double SameLength = 1e-2, SameVolume = 1e-4;
    // Forces that symmetry forbids leave this much, eV/Å.
    private const double NoForce = 1e-3;

    private readonly Repeats energy = new(memoryLimit, SameLength), forces = new(memoryLimit, null), stress = new(memoryLimit, SameLength), virial = new(memoryLimit, SameVolume);

    public void Add(CheckedFrame f)
    {
        // A copy of a frame has the same labels by right.
        if (f.IsCopy || f.IsIsolatedAtom)
        {
            return;
        }

        double? length = LengthOfForces(f.Frame);
        if (f.Energy is { } e && e != 0)
        {
            // Where there are no forces, the length of the stress does not turn with the crystal either.
            energy.Add(BitHash.Of([e]), f, length ?? LengthOfStress(f.Frame));
        }

        if (f.Frame.Forces is { } all && all.Any(v => v != default))
        {
            forces.Add(BitHash.Of(all.AsSpan()), f, null);
        }

        if (f.Frame.Stress is { } s && s != default)
        {
            stress.Add(BitHash.Of(s.ToVoigt()), f, length);
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

    private static double? LengthOfForces(Frame frame)
    {
        double squares = 0;
        foreach (Vector3D force in frame.Forces ?? [])
        {
            squares += force.LengthSquared;
        }

        return squares > NoForce * NoForce ? Math.Sqrt(squares) : null;
    }

    private static double? LengthOfStress(Frame frame)
    {
        if (frame.Stress is not { } s || s == default)
        {
            return null;
        }

        return Math.Sqrt(s.XX * s.XX + s.YY * s.YY + s.ZZ * s.ZZ + 2 * (s.YZ * s.YZ + s.XZ * s.XZ + s.XY * s.XY));
    }

    /// <summary>The labels of one kind that came back.</summary>
    /// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
    /// <param name="alike">A label comes back by right where the numbers that go with it differ by no more than this share; null where nothing goes with them.</param>
    private sealed class Repeats(int memoryLimit, double? alike) : IDisposable
    {
        // What goes with a label, as the bits of a single.
        private readonly HashIndex labels = new(alike is not null, memoryLimit);
        // Each label that was there before, and its frame.
        private readonly ChunkedList<(ulong Label, int Frame)> repeats = new(memoryLimit);
        private FrameRegister? register;
        private int total;

        /// <param name="hash">The label.</param>
        /// <param name="f">Its frame.</param>
        /// <param name="beside">A volume: at the same one the stress itself is repeated. Or a length of forces: the same one is symmetry.</param>
        public void Add(ulong hash, CheckedFrame f, double? beside)
        {
            total++;
            if (!labels.TryAdd(hash, BitConverter.SingleToInt32Bits((float)(beside ?? 0)), out int known))
            {
                float first = BitConverter.Int32BitsToSingle(known);
                if (beside is { } v && Math.Abs(v - first) < alike * first)
                {
                    return;
                }

                register = f.Register;
                repeats.Add((hash, f.Index));
            }
        }

        public void Dispose()
        {
            labels.Dispose();
            repeats.Dispose();
        }

        public IEnumerable<TrainingSetFinding> Findings(string code, string label, string advice)
        {
            if (repeats.Count == 0)
            {
                return [];
            }

            // As many passes as it takes to count some labels at a time, all of them exactly.
            int passes = 1 + (int)(Math.Min(repeats.Count, labels.Count) / (4L * memoryLimit)), all = repeats.Count;
            (int Count, int First, ulong Label) most = (0, 0, 0);
            for (int pass = 0; pass < passes; pass++)
            {
                var counts = new Dictionary<ulong, (int Count, int First)>();
                for (int i = 0; i < repeats.Count; i++)
                {
                    (ulong hash, int frame) = repeats[i];
                    if (hash % (ulong)passes == (ulong)pass)
                    {
                        // The first one, which nothing repeated, counts as well.
                        (int count, int first) = counts.TryGetValue(hash, out var counted) ? counted : (1, frame);
                        counts[hash] = (count + 1, first);
                    }
                }

                all += counts.Count;
                foreach ((ulong hash, (int count, int first)) in counts)
                {
                    if (count > most.Count || (count == most.Count && first < most.First))
                    {
                        most = (count, first, hash);
                    }
                }
            }

            return most.Count >= Few && (most.Count > Share * total || most.Count >= 100)
                ? Frames(most.Label).ToFinding(FindingSeverity.Error, code, $"{most.Count} frames of different geometry have the same {label} to the last digit.", advice)
                : all > Share * total && all > 2 * Few
                    ? Frames(most.Label).ToFinding(FindingSeverity.Warning, code, $"{all} frames share their {label} to the last digit with another geometry.", advice)
                    : [];
        }

        private FrameTally Frames(ulong label)
        {
            var tally = new FrameTally();
            for (int i = 0; i < repeats.Count; i++)
            {
                (ulong hash, int frame) = repeats[i];
                if (hash == label)
                {
                    tally.Add(register![frame]);
                }
            }

            return tally;
        }
    }
}
