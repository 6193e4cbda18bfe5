using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// Merges the OUTCAR and the vasprun.xml of one run, step by step. The OUTCAR proves more (it prints most numbers twice, and how each
/// electronic loop ended) and has moments and temperatures; the vasprun.xml has more digits of positions, forces and stress, and
/// steps that a quiet OUTCAR (NWRITE 0, 1) leaves out. A step that stands in both is returned only where both agree to the printed
/// digits.
/// </summary>
internal sealed class VaspResultReader : IFrameReader
{
    private readonly OutcarReader outcar;
    private readonly VasprunReader vasprun;

    private VaspResultReader(OutcarReader outcar, VasprunReader vasprun)
    {
        this.outcar = outcar;
        this.vasprun = vasprun;
        Report = new("VASP", outcar.Report.File);
    }

    public CalculationReport Report { get; }

    internal static VaspResultReader Open(string outcarPath, string vasprunPath)
    {
        OutcarReader outcar = OutcarReader.Open(outcarPath);
        try
        {
            return new(outcar, VasprunReader.Open(vasprunPath));
        }
        catch
        {
            outcar.Dispose();
            throw;
        }
    }

    public IEnumerable<Frame> ReadFrames(CancellationToken cancellation = default)
    {
        var given = new HashSet<int>();
        using IEnumerator<Frame> left = outcar.ReadFrames(cancellation).GetEnumerator();
        using IEnumerator<Frame> right = vasprun.ReadFrames(cancellation).Where(f => f.Origin != LabelOrigin.MachineLearned).GetEnumerator();
        bool hasLeft = left.MoveNext(), hasRight = right.MoveNext();
        while (hasLeft || hasRight)
        {
            Frame? frame;
            if (hasLeft && left.Current.Origin == LabelOrigin.MachineLearned)
            {
                frame = left.Current;
                hasLeft = left.MoveNext();
            }
            else if (hasLeft && hasRight && Step(left.Current) == Step(right.Current))
            {
                frame = Merge(left.Current, right.Current);
                hasLeft = left.MoveNext();
                hasRight = right.MoveNext();
            }
            else if (hasLeft && (!hasRight || Step(left.Current) < Step(right.Current)))
            {
                frame = left.Current;
                hasLeft = left.MoveNext();
            }
            else
            {
                frame = right.Current;
                hasRight = right.MoveNext();
            }

            if (frame is not null)
            {
                given.Add(Step(frame));
                Report.FrameCount++;
                yield return frame;
            }
        }

        Conclude(given);
    }

    public void Dispose()
    {
        outcar.Dispose();
        vasprun.Dispose();
    }

    private static int Step(Frame frame) => frame.Source!.Step;

    /// <summary>The frame of both; null where they contradict each other.</summary>
    private Frame? Merge(Frame a, Frame b)
    {
        if (Difference(a, b) is { } difference)
        {
            Report.Add(new LeftOutFrame(Step(a), LeftOutReason.Damaged, "SourcesDisagree", $"OUTCAR and {Path.GetFileName(vasprun.Report.File)} disagree in its {difference}."));
            return null;
        }

        // The verdict of the OUTCAR rests on more; a doubt of the other is a doubt all the same.
        FrameConvergence convergence = a.Convergence.IsTrusted ? b.Convergence : a.Convergence;
        Structure structure = HasMoreDigits(a)
            ? a.Structure
            : new Structure(a.Structure.Lattice, a.Structure.Species, b.Structure.FractionalPositions, CoordinateKind.Fractional, a.Structure.Periodicity, a.Structure.SiteProperties, a.Structure.Name, a.Structure.Provenance);
        return a.WithStructure(structure) with
        {
            Forces = b.Forces,
            Stress = b.Stress ?? a.Stress,
            EnergyWithoutEntropy = a.EnergyWithoutEntropy ?? b.EnergyWithoutEntropy,
            EnergySigmaToZero = a.EnergySigmaToZero ?? b.EnergySigmaToZero,
            Convergence = convergence,
        };
    }

    // Digits of a CONTCAR are better than those of the vasprun.xml.
    private static bool HasMoreDigits(Frame frame)
    {
        foreach (Vector3D r in frame.Structure.CartesianPositions)
        {
            if (Math.Abs(r.X * 1e5 - Math.Round(r.X * 1e5)) > 1e-6 || Math.Abs(r.Y * 1e5 - Math.Round(r.Y * 1e5)) > 1e-6 || Math.Abs(r.Z * 1e5 - Math.Round(r.Z * 1e5)) > 1e-6)
            {
                return true;
            }
        }

        return false;
    }

    private static string? Difference(Frame a, Frame b)
    {
        if (!a.Structure.Species.AsSpan().SequenceEqual(b.Structure.Species.AsSpan()))
        {
            return "species";
        }

        Lattice lattice = a.Structure.Lattice!;
        for (int i = 0; i < 3; i++)
        {
            if ((lattice.Rows[i] - b.Structure.Lattice!.Rows[i]).Length > 2e-8)
            {
                return "cell";
            }
        }

        if (Math.Abs(a.FreeEnergy!.Value - b.FreeEnergy!.Value) > 1.1e-6)
        {
            return "free energy";
        }

        Vector3D lengths = lattice.Lengths;
        if (!GeometryDigits.IsSame(lattice, b.Structure.CartesianPositions.AsSpan(), a.Structure.CartesianPositions.AsSpan(), 0.5e-5 + 1e-8 * (lengths.X + lengths.Y + lengths.Z)))
        {
            return "positions";
        }

        for (int i = 0; i < a.Forces!.Value.Length; i++)
        {
            Vector3D d = a.Forces.Value[i] - b.Forces!.Value[i];
            if (Math.Max(Math.Abs(d.X), Math.Max(Math.Abs(d.Y), Math.Abs(d.Z))) > 0.51e-6)
            {
                return "forces";
            }
        }

        if (a.Stress is not { } s || b.Stress is not { } t)
        {
            return null;
        }

        // Both in kbar, here five decimals, there eight; the OUTCAR prints the symmetric part.
        double[] left = s.ToVoigt(), right = t.ToVoigt();
        for (int i = 0; i < 6; i++)
        {
            double tolerance = i < 3 ? 0.6e-5 : 0.05;
            if (Math.Abs(left[i] - right[i]) * PhysicalConstants.ElectronvoltPerCubicAngstromInKilobar > tolerance + 1e-6 * Math.Abs(right[i]) * PhysicalConstants.ElectronvoltPerCubicAngstromInKilobar)
            {
                return "stress";
            }
        }

        return null;
    }

    private void Conclude(HashSet<int> given)
    {
        CalculationReport[] reports = [outcar.Report, vasprun.Report];
        Report.Version = outcar.Report.Version ?? vasprun.Report.Version;
        Report.IonicStepCount = Math.Max(outcar.Report.IonicStepCount, vasprun.Report.IonicStepCount);
        Report.IsFinished = outcar.Report.IsFinished || vasprun.Report.IsFinished;
        Report.IonicConverged = outcar.Report.IonicConverged;
        var told = new HashSet<(int, LeftOutReason)>();
        foreach (CalculationReport report in reports)
        {
            foreach (LeftOutFrame frame in report.LeftOut)
            {
                // What one file lacks and the other has is not left out.
                if (!given.Contains(frame.Step) && told.Add((frame.Step, frame.Reason)))
                {
                    Report.Add(frame);
                }
            }

            foreach (Finding finding in report.Findings)
            {
                Report.Add(finding);
            }
        }

        // One of two files is enough; where neither gave a frame, both tell why.
        foreach (AtomProNetException error in reports.SelectMany(r => r.Errors))
        {
            if (given.Count == 0)
            {
                Report.Add(error);
            }
            else
            {
                Report.Add(new Finding(FindingSeverity.Warning, error.ErrorId, error.Message));
            }
        }
    }
}
