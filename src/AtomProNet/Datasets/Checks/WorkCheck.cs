using AtomProNet.Structures;

namespace AtomProNet.Datasets.Checks;

/// <summary>
/// Holds forces (and stress, where the cell moves) against the change of the energy from one frame to the next of a trajectory or
/// rattle series: ΔE = −½Σ(F₁ + F₂)·Δr + ½(V₁σ₁ + V₂σ₂) : G. Forces of another step, in another unit or with the wrong sign, and energies that
/// are shifted against the geometries cannot keep that. Where all other steps of a run keep it, so must each: a frame that contradicts both of its neighbours while these
/// agree with each other has a wrong label, and where the energy alone jumps another calculation begins.
/// </summary>
internal sealed class WorkCheck : ICheck
{
    // Steps farther apart say nothing; closer ones drown in the digits that are printed.
    private const double LargestStep = 0.6, SmallestStep = 1e-4, LargestStrain = 0.05;
    private const int KeptRuns = 64, MinimumPairs = 4;
    // In a run that keeps the balance so many steps may be off. The work of a smooth path lies between both one-sided sums: beyond so many bounds it has left them.
    private const double OddShare = 0.2, Jump = 5;
    // A ratio of units that more steps than these agree in is one, though each single step might pass.
    private const int PairsForUnit = 8;

    private readonly Dictionary<string, Run> open = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private readonly List<Run> suspects = [];
    private readonly FrameTally odd = new(), jumps = new();

    public void Add(CheckedFrame f)
    {
        if (f.Energy is null || f.Frame.Forces is null || f.Atoms < 2 || f.HasFixedAtoms)
        {
            return;
        }

        Find(f).Add(f);
    }

    public IEnumerable<TrainingSetFinding> Conclude()
    {
        foreach (Run run in open.Values.Distinct())
        {
            Close(run);
        }

        var findings = new SortedDictionary<string, (string Text, string Advice, FrameTally Tally)>(StringComparer.Ordinal);
        foreach (Run run in suspects.Distinct())
        {
            (string code, string text, string advice) = run.Name();
            if (!findings.TryGetValue(code, out var finding))
            {
                findings.Add(code, finding = (text, advice, new()));
            }

            finding.Tally.Add(run.First! with { Detail = run.Summary() });
        }

        return
        [
            .. findings.SelectMany(f => f.Value.Tally.ToFinding(FindingSeverity.Error, f.Key, $"In {f.Value.Tally.Count} series of steps {f.Value.Text}", f.Value.Advice)),
            .. odd.ToFinding(FindingSeverity.Warning, "LabelsContradictNeighbours", $"{odd.Count} frames contradict the step before and the step behind them, which agree with each other.", "Energy or forces belong to another frame, or to another electronic state: read them again, or leave these frames out."),
            .. jumps.ToFinding(FindingSeverity.Warning, "EnergyJump", $"At {jumps.Count} frames the energy of a run jumps by far more than the work of the forces.", "Another setting, reference or electronic state begins there, or its forces belong to another frame: compute the run in one way, or leave one side out."),
        ];
    }

    // What is told of a run when its last frame has passed by. Two names may stand for one run: the second closing finds nothing.
    private void Close(Run run)
    {
        if (run.IsSuspect)
        {
            suspects.Add(run);
        }

        run.TellOdd(odd, jumps);
    }

    // The steps of a file belong together; beyond files, so do structures in one and the same cell.
    private Run Find(CheckedFrame f)
    {
        string? file = f.Frame.Source is { } source ? $"file:{source.File}/{f.Structure.Composition.Formula}" : null;
        string cell = $"cell:{f.Structure.Composition.Formula}/{BitHash.Of(f.Structure.Lattice?.Rows.ToRowMajor() ?? [])}";
        if ((file is not null && open.TryGetValue(file, out Run? run)) || open.TryGetValue(cell, out run))
        {
            return run;
        }

        run = new();
        Keep(cell, run);
        if (file is not null)
        {
            Keep(file, run);
        }

        return run;
    }

    private void Keep(string key, Run run)
    {
        if (!open.ContainsKey(key))
        {
            order.Enqueue(key);
        }

        open[key] = run;
        while (order.Count > KeptRuns)
        {
            string old = order.Dequeue();
            if (open.Remove(old, out Run? closed) && !open.ContainsValue(closed))
            {
                Close(closed);
            }
        }
    }

    /// <summary>The last three frames of a run, and how well each reading of them keeps the balance of work.</summary>
    private sealed class Run
    {
        // As they stand; labels that belong one geometry earlier or later; energies alone shifted.
        private static readonly string[] Readings = ["as they stand", "labels of the next step", "labels of the step before", "energies of the next step", "energies of the step before"];

        private readonly int[] pairs = new int[5], violations = new int[5];
        private Frame? before, last;
        // The way from the frame before the last one to the last one.
        private Step? lastStep;
        private double lastEnergy, beforeEnergy;
        private double energyWork, workWork, energyEnergy;
        private int atoms;
        // The number of the last frame, whether the step to it was off, and whether that was a jump that the next step must confirm.
        private int lastIndex;
        private bool lastOff, lastJumped;
        private FrameRegister? register;
        // The changes of the energy to a frame that is odd and from it, and to one where it jumps.
        private List<(int Index, double To, double From)>? odd;
        private List<(int Index, double To)>? jumps;

        public FrameReference? First { get; private set; }

        public bool IsSuspect => pairs[0] >= MinimumPairs && (violations[0] > 0.5 * pairs[0] || IsPlainUnit);

        // No single step that is off, however far, makes a ratio like these.
        private bool IsPlainUnit => pairs[0] >= PairsForUnit && Unit() is { Factor: < 0.2 or > 5 };

        public void Add(CheckedFrame f)
        {
            Frame frame = f.Frame;
            double energy = f.Energy!.Value;
            atoms = f.Atoms;
            First ??= f.Reference();
            Step? step = last is null ? null : Path(last, frame);
            double off = 0;
            if (last is not null && step is not null)
            {
                off = Count(0, energy - lastEnergy, last, frame, step, regress: true);
                if (before is not null)
                {
                    // Energies E(x), E(y), E(z) of three frames: with the geometries y → z go perhaps the energies x → y.
                    Count(4, lastEnergy - beforeEnergy, last, frame, step);
                    Count(2, lastEnergy - beforeEnergy, before, last, step);
                }
            }

            if (before is not null && last is not null && lastStep is { } earlier)
            {
                Count(3, energy - lastEnergy, before, last, earlier);
                Count(1, energy - lastEnergy, last, frame, earlier);
            }

            Watch(f, energy, off, step is not null);
            (before, beforeEnergy, last, lastEnergy, lastStep) = (last, lastEnergy, frame, energy, step);
        }

        /// <summary>Tells the frames that alone break the balance that the rest of the run keeps.</summary>
        public void TellOdd(FrameTally oddOnes, FrameTally jumped)
        {
            if (lastJumped)
            {
                // The run ends with it.
                (jumps ??= []).Add((lastIndex, lastEnergy - beforeEnergy));
                lastJumped = false;
            }

            if (!IsSuspect && pairs[0] >= PairsForUnit && violations[0] <= OddShare * pairs[0])
            {
                odd?.ForEach(o => oddOnes.Add(register![o.Index] with { Detail = FormattableString.Invariant($"ΔE from the step before {o.To:G4} eV, to the next {o.From:G4} eV; both agree without it") }));
                jumps?.ForEach(o => jumped.Add(register![o.Index] with { Detail = FormattableString.Invariant($"ΔE = {o.To:G4} eV") }));
            }

            (odd, jumps) = (null, null);
        }

        public string Summary() => FormattableString.Invariant($"{violations[0]} of {pairs[0]} steps, ΔE/work = {energyWork / workWork:G3}");

        public (string Code, string Text, string Advice) Name()
        {
            // Where all steps agree in a ratio as they stand, nothing is shifted.
            if (IsPlainUnit && Unit() is { } plain)
            {
                return (plain.Code, plain.Text, plain.Advice);
            }

            int best = Enumerable.Range(1, 4).Where(r => pairs[r] >= MinimumPairs).OrderBy(r => (double)violations[r] / pairs[r]).FirstOrDefault();
            if (best > 0 && violations[best] < 0.2 * pairs[best] && violations[best] * 3 < violations[0])
            {
                return best switch
                {
                    1 or 2 => ("LabelsShifted", $"energies and forces fit the geometries only as {Readings[best]}.", "Pair each step's forces and energy with the geometry that they were computed for."),
                    _ => ("EnergiesShifted", $"the energies fit the forces only as {Readings[best]}.", "Pair each step's energy with its own geometry."),
                };
            }

            return Unit() is { } unit
                ? (unit.Code, unit.Text, unit.Advice)
                : ("ForcesContradictEnergies", "the work of the forces is not the change of the energy.", "Forces, energies or atoms belong to different frames: read the outputs again.");
        }

        // The ratio of units that the changes of the energy and the work of the forces have; null where they have none, or too loose a one.
        private (double Factor, string Code, string Text, string Advice)? Unit()
        {
            double slope = energyWork / workWork, correlation = energyWork * energyWork / (energyEnergy * workWork);
            (double Factor, string Code, string Text, string Advice)? nearest = null;
            if (correlation > 0.8)
            {
                const double force = PhysicalConstants.RydbergPerBohrInElectronvoltPerAngstrom;
                (double Factor, string Code, string Text, string Advice)[] known =
                [
                    (-1.0, "ForceSign", "the forces point uphill: ΔE is −1 times their work.", "Turn the sign of the forces: they are −dE/dr, no gradients."),
                    (force, "ForceUnit", "ΔE is 25.7 times the work of the forces.", "The forces are in Ry/bohr: multiply them by 25.7110."),
                    (2 * force, "ForceUnit", "ΔE is 51.4 times the work of the forces.", "The forces are in Ha/bohr: multiply them by 51.4221."),
                    (1 / force, "ForceUnit", "ΔE is 1/25.7 times the work of the forces.", "The forces were converted twice: divide them by 25.7110."),
                    (1 / PhysicalConstants.RydbergInElectronvolt, "EnergyUnit", "ΔE is 1/13.6 times the work of the forces.", "The energies are in Ry: multiply them by 13.6057."),
                    (1 / PhysicalConstants.HartreeInElectronvolt, "EnergyUnit", "ΔE is 1/27.2 times the work of the forces.", "The energies are in Ha: multiply them by 27.2114."),
                    (1.0 / atoms, "EnergyPerAtom", "ΔE is 1/N times the work of the forces.", "The energies are per atom: multiply them by the number of atoms."),
                    (atoms, "EnergyTimesAtoms", "ΔE is N times the work of the forces.", "The energies were multiplied by the number of atoms once too often."),
                    (PhysicalConstants.BohrInAngstrom, "LengthUnit", "ΔE is 0.529 times the work of the forces.", "The positions are in bohr: multiply them by 0.529177."),
                    (1 / PhysicalConstants.BohrInAngstrom, "LengthUnit", "ΔE is 1.89 times the work of the forces.", "The positions were converted from bohr twice, or the forces are in eV/bohr."),
                ];
                // Ha for the energies and Ry/bohr twice for the forces lie six per cent apart: the nearest it is.
                double least = 0.15;
                foreach (var ratio in known)
                {
                    double distance = Math.Abs(slope / ratio.Factor - 1);
                    if (distance < least)
                    {
                        (least, nearest) = (distance, ratio);
                    }
                }
            }

            return nearest;
        }

        // A wrong label shows in the step to its frame and in the one from it, and is passed over without a trace; a jump shows once.
        private void Watch(CheckedFrame f, double energy, double off, bool isStep)
        {
            bool isOff = off > 1;
            if (isOff && lastOff && before is not null && Path(before, f.Frame) is { } bypass && Off(energy - beforeEnergy, before, f.Frame, bypass) <= 1)
            {
                (odd ??= []).Add((lastIndex, lastEnergy - beforeEnergy, energy - lastEnergy));
                (isOff, lastJumped) = (false, false);
            }
            else if (lastJumped && isStep && !isOff)
            {
                (jumps ??= []).Add((lastIndex, lastEnergy - beforeEnergy));
            }

            bool wasOff = lastOff;
            lastOff = isOff;
            lastJumped = isOff && !wasOff && off > Jump;
            (lastIndex, register) = (f.Index, f.Register);
        }

        // How many bounds a step is off.
        private double Count(int reading, double energy, Frame one, Frame two, Step step, bool regress = false)
        {
            double first = step.Work(one), second = step.Work(two);
            if (double.IsNaN(first) || double.IsNaN(second))
            {
                return 0;
            }

            double work = (first + second) / 2, off = Off(energy, first, second);
            pairs[reading]++;
            violations[reading] += off > 1 ? 1 : 0;
            if (regress)
            {
                energyWork += energy * work;
                workWork += work * work;
                energyEnergy += energy * energy;
            }

            return off;
        }

        private double Off(double energy, Frame one, Frame two, Step step) => Off(energy, step.Work(one), step.Work(two));

        // The trapezoid is exact for a parabola; what is left is a fraction of the difference of both one-sided sums.
        private double Off(double energy, double first, double second) => Math.Abs(energy - (first + second) / 2) / (0.3 * Math.Abs(second - first) + 0.005 + 2e-4 * atoms);

        // The way from one geometry to another; null where it is too long, too short, or not the same atoms.
        private static Step? Path(Frame from, Frame to)
        {
            Structure a = from.Structure, b = to.Structure;
            if (!a.Species.AsSpan().SequenceEqual(b.Species.AsSpan()) || a.Lattice is null != b.Lattice is null)
            {
                return null;
            }

            Matrix3x3 strain = default;
            double longest = 0, strained = 0;
            Vector3D[] moves;
            if (a.Lattice is { } la && b.Lattice is { } lb)
            {
                Matrix3x3 f = la.Inverse() * lb.Rows;
                strain = (f - Matrix3x3.Identity) * ((f + Matrix3x3.Identity) * 0.5).Inverse();
                strained = strain.ToRowMajor().Max(Math.Abs);
                if (strained > LargestStrain)
                {
                    // Nothing is to be known of the atoms.
                    return null;
                }

                Matrix3x3 mean = (la.Rows + lb.Rows) * 0.5;
                ReadOnlySpan<Vector3D> start = a.FractionalPositions.AsSpan(), end = b.FractionalPositions.AsSpan();
                (bool alongA, bool alongB, bool alongC) = (a.Periodicity.A, a.Periodicity.B, a.Periodicity.C);
                moves = new Vector3D[start.Length];
                for (int i = 0; i < moves.Length; i++)
                {
                    Vector3D d = end[i] - start[i];
                    d = new(alongA ? d.X - Math.Round(d.X) : d.X, alongB ? d.Y - Math.Round(d.Y) : d.Y, alongC ? d.Z - Math.Round(d.Z) : d.Z);
                    moves[i] = d * mean;
                    longest = Math.Max(longest, moves[i].LengthSquared);
                }
            }
            else
            {
                ReadOnlySpan<Vector3D> start = a.CartesianPositions.AsSpan(), end = b.CartesianPositions.AsSpan();
                moves = new Vector3D[start.Length];
                for (int i = 0; i < moves.Length; i++)
                {
                    moves[i] = end[i] - start[i];
                    longest = Math.Max(longest, moves[i].LengthSquared);
                }
            }

            longest = Math.Sqrt(longest);
            return longest > LargestStep || (longest < SmallestStep && strained < 1e-5) ? null : new(moves, strain, strained > 1e-6);
        }

        private sealed record Step(Vector3D[] Moves, Matrix3x3 Strain, bool CellMoves)
        {
            /// <summary>−ΣF·Δr + Vσ:G with one frame's labels, eV; NaN where the cell moves and the frame has no stress.</summary>
            public double Work(Frame labels)
            {
                double work = 0;
                ReadOnlySpan<Vector3D> forces = labels.Forces!.Value.AsSpan();
                for (int i = 0; i < Moves.Length; i++)
                {
                    work -= Vector3D.Dot(forces[i], Moves[i]);
                }

                if (!CellMoves)
                {
                    return work;
                }

                if (labels.Stress is not { } stress || labels.Structure.Volume is not { } volume)
                {
                    return double.NaN;
                }

                Matrix3x3 s = stress.ToMatrix();
                return work + volume * (Vector3D.Dot(s.Row1, Strain.Row1) + Vector3D.Dot(s.Row2, Strain.Row2) + Vector3D.Dot(s.Row3, Strain.Row3));
            }
        }
    }
}
