using System.Runtime.InteropServices;
using AtomProNet.Datasets.Duplicates;
using AtomProNet.Datasets.Spooling;
using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>Frames that stand in the set twice, in two parts of it, or twice with different labels. (Find-DuplicateFrame also finds those that were moved or turned.)</summary>
/// <param name="memoryLimit">What is kept of so many frames stays in memory.</param>
internal sealed class DuplicateCheck(int memoryLimit) : ICheck, IDisposable
{
    private readonly FrameTally copies = new(), across = new(), conflicts = new();
    private readonly HashIndex geometries = new(hasValues: true, memoryLimit);
    // Of each frame, by its number from 1.
    private readonly ChunkedList<LabelSums> labels = new(memoryLimit);

    public void Add(CheckedFrame f)
    {
        LabelSums mine = LabelSums.Of(f);
        labels.Add(mine);
        if (geometries.TryAdd(BitHash.Of(f.Structure), f.Index, out int first))
        {
            return;
        }

        // What other rules need to know: the same labels twice are no wonder here.
        f.IsCopy = f.Register.KeyOf(first) == f.Key || !mine.Contradicts(labels[first - 1]);
        DatasetPart? part = f.Register.PartOf(first);
        string detail = FormattableString.Invariant($"as frame {first}");
        if (!f.IsCopy)
        {
            conflicts.Add(f, detail);
        }
        else if (part != f.Part)
        {
            across.Add(f, detail + FormattableString.Invariant($" of {part}"));
        }
        else
        {
            copies.Add(f, detail);
        }
    }

    public void Dispose()
    {
        geometries.Dispose();
        labels.Dispose();
    }

    public IEnumerable<TrainingSetFinding> Conclude() =>
    [
        .. conflicts.ToFinding(FindingSeverity.Error, "LabelsConflict", $"{conflicts.Count} frames have the geometry of another one and different labels.", "Another magnetic state, SCF minimum or method: keep the one that you mean."),
        .. across.ToFinding(FindingSeverity.Error, "DuplicateAcrossParts", $"{across.Count} frames stand in two parts of the set: what is tested on was trained on.", "Remove the copies, then split again."),
        .. copies.ToFinding(FindingSeverity.Warning, "DuplicateFrames", $"{copies.Count} frames are copies of another one and count twice in training.", "Remove them (Find-DuplicateFrame)."),
    ];

    /// <summary>What is kept of a frame's labels, NaN for those that it lacks: the energy, and sums over forces and stress, each number with a sign of its own, that differ where the labels do.</summary>
    /// <param name="Energy">eV per atom.</param>
    /// <param name="Force">A sum over the components of all forces, eV/Å.</param>
    /// <param name="OtherForce">Another one: what one of them cannot tell, both hardly miss.</param>
    /// <param name="Stress">The same of the stress, GPa.</param>
    /// <param name="OtherStress">Another one.</param>
    private readonly record struct LabelSums(double Energy, float Force, float OtherForce, float Stress, float OtherStress)
    {
        public static LabelSums Of(CheckedFrame f)
        {
            double force = double.NaN, otherForce = double.NaN, stress = double.NaN, otherStress = double.NaN;
            if (f.Frame.Forces is { } forces)
            {
                (force, otherForce) = Sums(MemoryMarshal.Cast<Vector3D, double>(forces.AsSpan()));
            }

            if (f.Frame.Stress is { } tensor)
            {
                (stress, otherStress) = Sums(tensor.ToGigapascal());
            }

            return new(f.Energy / f.Atoms ?? double.NaN, (float)force, (float)otherForce, (float)stress, (float)otherStress);
        }

        /// <summary>Whether some label of both differs by more than two runs of a DFT code do. A label that one of them lacks contradicts nothing.</summary>
        public bool Contradicts(LabelSums other) =>
            Math.Abs(Energy - other.Energy) > DuplicateSearch.EnergyTolerance
            || Math.Abs(Force - other.Force) > DuplicateSearch.ForceTolerance || Math.Abs(OtherForce - other.OtherForce) > DuplicateSearch.ForceTolerance
            || Math.Abs(Stress - other.Stress) > DuplicateSearch.StressTolerance || Math.Abs(OtherStress - other.OtherStress) > DuplicateSearch.StressTolerance;

        // Signs by the bits of multiples of the golden ratio: no order of atoms, and no symmetry, goes with them.
        private static (double One, double Other) Sums(ReadOnlySpan<double> numbers)
        {
            double one = 0, other = 0;
            ulong bits = 0;
            foreach (double number in numbers)
            {
                bits += 0x9E3779B97F4A7C15;
                one += (bits >> 62 & 1) == 0 ? number : -number;
                other += (bits >> 59 & 1) == 0 ? number : -number;
            }

            return (one, other);
        }
    }
}
