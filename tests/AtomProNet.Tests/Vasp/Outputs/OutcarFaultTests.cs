using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.Tests.Vasp.Outputs;

/// <summary>
/// Damaged files: cut off at any byte, one byte changed anywhere. Whole frames stay exactly right, damage is told, nothing throws,
/// and no wrong label passes.
/// </summary>
public sealed class OutcarFaultTests
{
    public static readonly TheoryData<string> Files = new(
        "synthetic/relaxation-6", "synthetic/relaxation-5.2", "synthetic/dynamics-5.4", "synthetic/unconverged",
        "vasp/relaxation",
        "vasp/strain/strain_-0.0100", "vasp/strain/strain_-0.0300", "vasp/strain/strain_-0.0500", "vasp/strain/strain_0.0000",
        "vasp/strain/strain_0.0005", "vasp/strain/strain_0.0100", "vasp/strain/strain_0.0500", "vasp/strain/strain_0.1000");

    [Theory]
    [MemberData(nameof(Files))]
    public void CutAnywhereTheWholeFramesStayRight(string name)
    {
        byte[] bytes = Load(name);
        (List<Frame> truth, CalculationReport whole) = OutcarText.Read(bytes);
        Assert.NotEmpty(truth);
        int[] begins = Positions(bytes, "Iteration"u8, "(   1)"u8), ends = Positions(bytes, "LOOP+:"u8, default);
        int finish = bytes.AsSpan().IndexOf("General timing and accounting informations"u8);
        finish += bytes.AsSpan(finish).IndexOf((byte)'\n') + 1;
        var random = new Random(20240521);
        for (int i = 0; i < TestEffort.Of(40, 500, 100_000); i++)
        {
            // Every other cut falls where a step ends, which is where readers go wrong.
            int cut = i % 2 == 0 ? random.Next(bytes.Length) : Math.Clamp(ends[random.Next(ends.Length)] + random.Next(-6000, 200), 0, bytes.Length - 1);
            (List<Frame> frames, CalculationReport report) = OutcarText.Read(bytes[..cut]);

            int complete = ends.Count(e => e <= cut);
            Assert.True(frames.Count == complete, $"Cut at {cut}: {frames.Count} frames instead of {complete}.");
            for (int k = 0; k < complete; k++)
            {
                Assert.True(FrameEquality.Difference(truth[k], frames[k]) is null, $"Cut at {cut}: frame {k + 1} differs in {FrameEquality.Difference(truth[k], frames[k])}.");
            }

            Assert.Equal(cut >= finish, report.IsFinished);
            bool isWithinStep = begins.Count(b => b <= cut) > complete;
            Assert.Equal(isWithinStep ? 1 : 0, report.LeftOut.Count(f => f.Reason == LeftOutReason.CutOff));
            Assert.Equal(begins.Count(b => b <= cut) == 0, report.Errors.Count > 0);
        }

        Assert.True(whole.IsFinished);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void NoChangedByteMakesAWrongLabel(string name)
    {
        byte[] bytes = Load(name);
        (List<Frame> truth, _) = OutcarText.Read(bytes);
        List<(int Start, int Length)> labels = LabelLines(bytes);
        var random = new Random(7);
        int passed = 0;
        for (int i = 0; i < TestEffort.Of(150, 3000, 100_000); i++)
        {
            (int start, int length) = labels[random.Next(labels.Count)];
            int at = i % 3 == 0 ? random.Next(bytes.Length) : start + random.Next(length);
            byte old = bytes[at];
            byte changed = (random.Next(3), old) switch
            {
                (0, >= (byte)'0' and <= (byte)'9') => (byte)('0' + random.Next(10)),
                (1, _) => (byte)(old ^ (1 << random.Next(8))),
                _ => (byte)random.Next(256),
            };
            if (changed == old)
            {
                continue;
            }

            bytes[at] = changed;
            (List<Frame> frames, CalculationReport report) = OutcarText.Read(bytes);
            bytes[at] = old;
            string place = $"byte {at} '{(char)old}' → {(changed is > 32 and < 127 ? (char)changed : '?')} ({changed}) in '{Line(bytes, at)}'";
            Assert.True(frames.Count + report.LeftOut.Count >= truth.Count || report.Errors.Count > 0, $"A frame went without a word: {place}");
            foreach (Frame frame in frames)
            {
                Frame? own = truth.Find(t => t.Source!.Step == frame.Source!.Step) ?? truth.Find(t => t.FreeEnergy == frame.FreeEnergy);
                Assert.True(own is not null, $"A frame out of nothing: {place}");
                string? wrong = Wrong(own!, frame, IsFreePosition(bytes, at));
                Assert.True(wrong is null, $"{wrong} of step {frame.Source!.Step} is wrong: {place}");
                passed++;
            }
        }

        Assert.True(passed > 0);
    }

    /// <summary>
    /// What is wrong beyond what the file's own digits can tell: a digit below the rounding of its twin. Nothing confirms the
    /// positions of later steps: those of the first one stand in the header, too.
    /// </summary>
    private static string? Wrong(Frame truth, Frame found, bool positionIsFree)
    {
        if (truth.Structure.AtomCount != found.Structure.AtomCount || !truth.Structure.Species.SequenceEqual(found.Structure.Species))
        {
            return "The species";
        }

        if (Math.Abs(truth.FreeEnergy!.Value - found.FreeEnergy!.Value) > 5e-6
            || (found.EnergyWithoutEntropy is { } e && Math.Abs(e - truth.EnergyWithoutEntropy!.Value) > 5e-6)
            || (found.EnergySigmaToZero is { } s && Math.Abs(s - truth.EnergySigmaToZero!.Value) > 5e-6))
        {
            return "An energy";
        }

        double volume = truth.Structure.Volume!.Value;
        for (int i = 0; i < 3; i++)
        {
            if (Far(truth.Structure.Lattice!.Rows[i], found.Structure.Lattice!.Rows[i], 1e-6))
            {
                return "The cell";
            }
        }

        for (int i = 0; i < truth.Structure.AtomCount; i++)
        {
            if (!positionIsFree && Far(truth.Structure.CartesianPositions[i], found.Structure.CartesianPositions[i], 1.01e-5))
            {
                return "A position";
            }

            // The sum of N forces is rounded N times.
            if (Far(truth.Forces!.Value[i], found.Forces!.Value[i], 1.01e-6 * (truth.Structure.AtomCount + 2)))
            {
                return "A force";
            }
        }

        if (found.Stress is { } sigma)
        {
            double[] a = truth.Stress!.Value.ToVoigt(), b = sigma.ToVoigt();
            for (int i = 0; i < 6; i++)
            {
                if (Math.Abs(a[i] - b[i]) > 1.1e-5 / volume + 1.1e-5 / 1602 + 2e-6 * Math.Abs(a[i]))
                {
                    return "The stress";
                }
            }
        }

        if (found.Convergence.Electronic == ElectronicConvergence.Converged && truth.Convergence.Electronic != ElectronicConvergence.Converged)
        {
            return "The verdict on convergence";
        }

        return found.Origin == truth.Origin ? null : "The origin";

        static bool Far(Vector3D a, Vector3D b, double tolerance) => Math.Abs(a.X - b.X) > tolerance || Math.Abs(a.Y - b.Y) > tolerance || Math.Abs(a.Z - b.Z) > tolerance;
    }

    // The first half of a row of a table of forces after the first step.
    private static bool IsFreePosition(byte[] bytes, int at)
    {
        int line = bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        string text = Line(bytes, at);
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length is >= 5 and <= 8 && text.Count(c => c == '.') is >= 5 and <= 7 && at - line < 42
            && bytes.AsSpan(0, at).IndexOf("LOOP+:"u8) >= 0;
    }

    private static byte[] Load(string name) => name switch
    {
        "synthetic/relaxation-6" => SyntheticRuns.Relaxation(31, 5).ToBytes(),
        "synthetic/relaxation-5.2" => (SyntheticRuns.Relaxation(32, 5) with { Dialect = OutcarDialect.Vasp522 }).ToBytes(),
        "synthetic/dynamics-5.4" => (SyntheticRuns.Dynamics(33, 5) with { Dialect = OutcarDialect.Vasp544 }).ToBytes(),
        "synthetic/unconverged" => (SyntheticRuns.Dynamics(34, 4) with { Steps = [.. SyntheticRuns.Walk(34, 4).Select((s, i) => s with { ElectronicSteps = 12, LastChange = 0.003, LoopEnd = i % 2 == 0 ? "aborting loop EDIFF was not reached (unconverged) " : s.LoopEnd })], Nelm = 12 }).ToBytes(),
        _ => File.ReadAllBytes(SharedData.Path(["data", .. name.Split('/'), "OUTCAR"])),
    };

    /// <summary>Where lines end that hold a text (and, in the same line, another one).</summary>
    private static int[] Positions(byte[] bytes, ReadOnlySpan<byte> text, ReadOnlySpan<byte> also)
    {
        var found = new List<int>();
        for (int at = 0; ;)
        {
            int next = bytes.AsSpan(at).IndexOf(text);
            if (next < 0)
            {
                return [.. found];
            }

            int end = at + next + bytes.AsSpan(at + next).IndexOf((byte)'\n');
            if (bytes.AsSpan(at + next, end - at - next).IndexOf(also) >= 0)
            {
                found.Add(end + 1);
            }

            at = end;
        }
    }

    private static List<(int Start, int Length)> LabelLines(byte[] bytes)
    {
        string[] words = ["TOTEN", "energy  without", "in kB", "  Total  ", "Iteration", "aborting", "LOOP+", "VRHFIN", "TITEL", "ions per type", "NIONS", "NELM ", "ISMEAR", "POSITION", "VOLUME", "lattice vectors", "total drift", "volume of cell", "FORCE on", "General timing"];
        var lines = new List<(int, int)>();
        int start = 0;
        bool inTable = false;
        foreach (string line in Encoding.Latin1.GetString(bytes).Split('\n'))
        {
            inTable = line.Contains("TOTAL-FORCE", StringComparison.Ordinal) || line.Contains("direct lattice", StringComparison.Ordinal) || (inTable && (line.Contains("---", StringComparison.Ordinal) || line.Contains('.', StringComparison.Ordinal)));
            if (line.Length > 0 && (inTable || words.Any(w => line.Contains(w, StringComparison.Ordinal))))
            {
                // The newline, too.
                lines.Add((start, line.Length + (start + line.Length < bytes.Length ? 1 : 0)));
            }

            start += line.Length + 1;
        }

        return lines;
    }

    private static string Line(byte[] bytes, int at)
    {
        int start = bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1, length = bytes.AsSpan(at).IndexOf((byte)'\n');
        return Encoding.Latin1.GetString(bytes, start, at + Math.Max(length, 0) - start);
    }
}
