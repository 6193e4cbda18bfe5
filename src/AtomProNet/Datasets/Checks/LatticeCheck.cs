using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>A lattice whose rows and columns were exchanged against the step before it: columns taken for a, b, c.</summary>
internal sealed class LatticeCheck : ICheck
{
    private readonly FrameTally transposed = new();
    private string? file;
    private Lattice? before;

    public void Add(CheckedFrame f)
    {
        if (f.Structure.Lattice is not { } lattice || f.Frame.Source is not { } source)
        {
            return;
        }

        if (source.File == file && before is { } last)
        {
            double jump = Largest(lattice.Rows - last.Rows), turned = Largest(lattice.Rows.Transpose() - last.Rows);
            if (jump > 0.1 && turned < 0.2 * jump)
            {
                // The one before stays the measure: what follows is compared with it again.
                transposed.Add(f);
                return;
            }
        }

        (file, before) = (source.File, lattice);
    }

    public IEnumerable<TrainingSetFinding> Conclude() => transposed.ToFinding(
        FindingSeverity.Error,
        "LatticeTransposed",
        $"In {transposed.Count} frames rows and columns of the lattice are exchanged against the step before.",
        "The rows are a, b and c: transpose the lattice, and check what wrote it.");

    private static double Largest(Matrix3x3 m) => m.ToRowMajor().Max(Math.Abs);
}
