using System.Text;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// One pass over an OUTCAR, line by line: gathers the header and hands out each ionic step once it is certain that nothing more
/// belongs to it. What ends a step: the next <c>Iteration n(1)</c>, a block after its <c>LOOP+</c>, a second run in the same file,
/// the end of the job. The blocks between may come in any order (VASP before 5.3 prints the energy before stress and forces).
/// </summary>
internal sealed class OutcarScanner
{
    private readonly Utf8LineReader reader;
    private readonly CalculationReport report;
    private readonly Queue<IonicStep> ready = new();
    private readonly Queue<IonicStep> waiting = new();
    private OutcarHeader header = new();
    private IonicStep? current, learned;
    private PrintedNumber? volume;
    private long volumeLine, cutoffLine;
    private int stepOffset, lastStep, lastLearned;
    private bool inLearnedStress, ended, sawVersion;

    internal OutcarScanner(Utf8LineReader reader, CalculationReport report)
    {
        this.reader = reader;
        this.report = report;
    }

    /// <summary>Whether the header of any run was seen.</summary>
    internal bool SawHeader => sawVersion || header.IonCount is not null;

    /// <summary>The next step of the file, whole or not; null at the end.</summary>
    internal IonicStep? Next()
    {
        while (ready.Count == 0)
        {
            if (ended)
            {
                return null;
            }

            if (reader.Read())
            {
                Take(reader.Line);
            }
            else
            {
                ended = true;
                FlushLearned();
                Flush();
            }
        }

        return ready.Dequeue();
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        int blanks = line.IndexOfAnyExcept((byte)' ');
        if (blanks < 0)
        {
            return;
        }

        ReadOnlySpan<byte> text = line[blanks..];
        if (text[0] == 'v' && blanks == 1 && text.StartsWith("vasp."u8) && text.Length > 5 && (uint)(text[5] - '0') <= 9)
        {
            BeginRun(text);
            return;
        }

        if (!header.IsResolved)
        {
            header.Take(line, text, reader.LineNumber);
        }

        switch (text[0])
        {
            case (byte)'-' when text.Length > 40 && text[1] == '-':
                TakeRule(text);
                break;
            case (byte)'P' when text.StartsWith("POSITION"u8) && text.IndexOf("TOTAL-FORCE (eV/Angst)"u8) > 0:
                TakeForces(text);
                break;
            case (byte)'p' when text.StartsWith("position of ions in cartesian coordinates"u8) && current is null:
                TakeStartingPositions();
                break;
            case (byte)'f' when text.StartsWith("free "u8):
                TakeFreeEnergy(text);
                break;
            case (byte)'e' when text.StartsWith("energy  without entropy"u8):
                TakeOtherEnergies(text, isLearned: false);
                break;
            case (byte)'e' when text.StartsWith("energy-cutoff  :"u8):
                cutoffLine = reader.LineNumber;
                break;
            case (byte)'v' when text.StartsWith("volume of cell :"u8):
                volumeLine = reader.LineNumber;
                volume = TryNumber(text[16..], out PrintedNumber v) ? v : null;
                break;
            case (byte)'d' when text.StartsWith("direct lattice vectors"u8):
                TakeLattice();
                break;
            case (byte)'F' when text.StartsWith("FORCE on cell =-STRESS"u8):
                inLearnedStress = false;
                break;
            case (byte)'T' when text.StartsWith("Total"u8) && text.Length > 6 && text[5] is (byte)' ' or (byte)':':
                TakeStressTotal(text[6..]);
                break;
            case (byte)'i' when text.StartsWith("in kB"u8):
                TakeStress(text[5..]);
                break;
            case (byte)'t' when text.StartsWith("total drift:"u8):
                // Read with its table; a stray one belongs to a table that could not be read.
                break;
            case (byte)'m' when text.StartsWith("magnetization ("u8) && text.Length > 16:
                TakeMoments(text[15] - 'x');
                break;
            case (byte)'n' when text.StartsWith("number of electron "u8):
                TakeTotalMoment(text);
                break;
            case (byte)'k':
                TakeKineticEnergy(text);
                break;
            case (byte)'L' when text.StartsWith("LOOP+:"u8):
                EndStep();
                break;
            case (byte)'G' when text.StartsWith("General timing and accounting informations"u8):
                report.IsFinished = true;
                EndStep();
                break;
            case (byte)'r' when text.StartsWith("reached required accuracy"u8):
                report.IonicConverged = true;
                break;
            case (byte)'I' when text.StartsWith("IVDW "u8):
                header.Settings.Print("IVDW", text[(text.IndexOf((byte)'=') + 1)..].Trim((byte)' '));
                break;
            case (byte)'M' when text.StartsWith("ML "u8):
                TakeLearned(text);
                break;
        }
    }

    private void BeginRun(ReadOnlySpan<byte> text)
    {
        if (sawVersion)
        {
            // A second run was written into the same file: nothing of the first one holds for it.
            FlushLearned();
            Flush();
            header = new OutcarHeader();
            stepOffset = Math.Max(lastStep, lastLearned);
            lastStep = stepOffset;
            lastLearned = stepOffset;
            report.Add(new Finding(FindingSeverity.Information, "SeveralRunsInFile", "The file holds more than one run; their steps are counted on.", report.File));
            report.IsFinished = false;
        }

        sawVersion = true;
        volume = null;
        int end = text.IndexOf((byte)' ');
        header.Settings.Version = Encoding.ASCII.GetString(end > 0 ? text[5..end] : text[5..]);
        report.Version = header.Settings.Version;
    }

    private void TakeRule(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> words = text.Trim((byte)'-').Trim((byte)' ');
        if (words.IsEmpty)
        {
            return;
        }

        if (words.StartsWith("Iteration"u8))
        {
            TakeIteration(words[9..]);
        }
        else if (words.StartsWith("aborting loop"u8))
        {
            IonicStep step = Current();
            step.LoopEnd = words.SequenceEqual("aborting loop because EDIFF is reached"u8) ? LoopEnd.Reached
                : words.IndexOf("EDIFF was not reached"u8) >= 0 ? LoopEnd.NotReached
                : LoopEnd.Other;
        }
    }

    // "Iteration   12(   3)"
    private void TakeIteration(ReadOnlySpan<byte> text)
    {
        int open = text.IndexOf((byte)'('), close = text.IndexOf((byte)')');
        long electronic = 0;
        if (open < 0 || close < open || !Utf8Number.TryParseInteger(text[..open].Trim((byte)' '), out long ionic) || ionic is < 0 or > int.MaxValue
            || !Utf8Number.TryParseInteger(text[(open + 1)..close].Trim((byte)' '), out electronic) || electronic is < 0 or > int.MaxValue)
        {
            current?.AddProblem("IterationUnreadable", "The heading of one of its electronic steps is unreadable.", reader.LineNumber);
            return;
        }

        if (current is null || current.IsEnded)
        {
            Begin((int)ionic);
        }
        else if (electronic == 1 && (ionic != current.PrintedNumber || current.HasBlocks))
        {
            // Only the very next step closes one whose own end was not seen; a damaged number must not close anything.
            current.IsEnded = ionic == current.PrintedNumber + 1L;
            if (!current.IsEnded)
            {
                AddNumberProblem(ionic);
            }

            Begin((int)ionic);
        }
        else if (ionic != current.PrintedNumber)
        {
            AddNumberProblem(ionic);
        }

        current!.ElectronicSteps = Math.Max(current.ElectronicSteps, (int)electronic);
    }

    private void AddNumberProblem(long ionic) =>
        current!.AddProblem("StepNumbersContradict", FormattableString.Invariant($"Within step {current.PrintedNumber} the file goes on with step {ionic}."), reader.LineNumber);

    private void Begin(int printedNumber)
    {
        FlushLearned();
        Flush();
        ResolveHeader();
        current = new(header, stepOffset + printedNumber, printedNumber, reader.LineNumber, isMachineLearned: false);
        if (stepOffset + printedNumber <= lastStep && lastStep > stepOffset)
        {
            current.AddProblem("StepNumbersContradict", FormattableString.Invariant($"Step {printedNumber} comes after step {lastStep - stepOffset}."), reader.LineNumber);
        }

        lastStep = Math.Max(lastStep, stepOffset + printedNumber);
        report.IonicStepCount++;
    }

    /// <summary>The step that blocks now belong to: one without a heading where its heading is missing.</summary>
    private IonicStep Current()
    {
        if (current is null || current.IsEnded)
        {
            Begin(lastStep - stepOffset + 1);
            current!.AddProblem("IterationMissing", "The heading of its electronic steps is missing.", reader.LineNumber);
        }

        return current;
    }

    private void EndStep()
    {
        if (current is not null)
        {
            current.IsEnded = true;
        }

        FlushLearned();
    }

    private void Flush()
    {
        if (current is not null)
        {
            ready.Enqueue(current);
            current = null;
        }

        while (waiting.TryDequeue(out IonicStep? step))
        {
            ready.Enqueue(step);
        }
    }

    private void ResolveHeader()
    {
        if (header.IsResolved)
        {
            return;
        }

        header.Resolve(report.Add);
        if (header.Error is { } error)
        {
            report.Add(error.InFile(report.File));
        }
    }

    private void TakeForces(ReadOnlySpan<byte> text)
    {
        bool isLearned = text.IndexOf("(ML)"u8) > 0, withoutDispersion = text.IndexOf("FORCE-w/o vdW"u8) > 0;
        long line = reader.LineNumber;
        IonicStep step = isLearned ? Learned() : Current();
        int count = step.Header.Species.Length;
        if (count == 0)
        {
            step.AddProblem("SpeciesUnknown", "It is not known which element its atoms are.", line);
            return;
        }

        if (ForceTable.TryRead(reader, count, withoutDispersion, out Vector3D[]? positions, out Vector3D[]? forces, out Vector3D? drift, out string problem))
        {
            step.SetForces(positions!, forces!, line);
            step.Drift = drift;
        }
        else
        {
            step.AddProblem("ForcesUnreadable", problem, reader.LineNumber);
        }
    }

    private void TakeStartingPositions()
    {
        if (header.IonCount is not { } count || header.StartingPositions is not null)
        {
            return;
        }

        var positions = new Vector3D[count];
        Span<double> row = stackalloc double[3];
        for (int i = 0; i < count; i++)
        {
            if (!reader.Read())
            {
                return;
            }

            ReadOnlySpan<byte> rest = reader.Line;
            if (!FixedDecimals.TryTake(ref rest, 8, row) || !FixedDecimals.IsBlank(rest))
            {
                reader.PushBack();
                return;
            }

            positions[i] = new(row[0], row[1], row[2]);
        }

        header.StartingPositions = positions;
    }

    private void TakeFreeEnergy(ReadOnlySpan<byte> text)
    {
        // One blank in an electronic step, two in an ionic one.
        bool isElectronic = text.StartsWith("free energy    TOTEN"u8), isIonic = text.StartsWith("free  energy   TOTEN"u8), isLearned = text.StartsWith("free  energy ML TOTEN"u8);
        if (!isElectronic && !isIonic && !isLearned)
        {
            return;
        }

        bool readable = TryNumber(text[(text.IndexOf((byte)'=') + 1)..], out PrintedNumber value);
        if (isElectronic)
        {
            if (current is not null)
            {
                current.SetElectronicEnergy(readable ? value : null);
            }

            return;
        }

        IonicStep step = isLearned ? Learned() : Current();
        if (readable)
        {
            step.SetFreeEnergy(value, reader.LineNumber);
        }
        else
        {
            step.AddProblem("EnergyUnreadable", "Its free energy is unreadable: " + Encoding.UTF8.GetString(text.TrimEnd((byte)' ')), reader.LineNumber);
        }
    }

    private void TakeOtherEnergies(ReadOnlySpan<byte> text, bool isLearned)
    {
        IonicStep step = isLearned ? Learned() : Current();
        int first = text.IndexOf((byte)'='), label = text.IndexOf("energy(sigma->0)"u8);
        if (first > 0 && label > first && text[label..].IndexOf((byte)'=') is > 0 and var second
            && TryNumber(text[(first + 1)..], out PrintedNumber withoutEntropy) && TryNumber(text[(label + second + 1)..], out PrintedNumber sigmaToZero))
        {
            step.SetOtherEnergies(withoutEntropy, sigmaToZero, reader.LineNumber);
        }
        else
        {
            step.AddProblem("EnergyUnreadable", "Its energies without entropy and for σ→0 are unreadable.", reader.LineNumber);
        }
    }

    private void TakeLattice()
    {
        bool followsVolume = volumeLine == reader.LineNumber - 1, followsCutoff = followsVolume && cutoffLine == reader.LineNumber - 2;
        bool isLearned = followsVolume && !followsCutoff && learned is { Lattice: null };
        if (!followsCutoff && !isLearned)
        {
            // The primitive cell of the symmetry analysis.
            return;
        }

        // Before the first heading the cell is the starting one; a machine-learned frame may already stand there.
        IonicStep? step = isLearned ? learned : header.IsResolved && (current is not null || lastStep > stepOffset) ? Current() : null;
        long line = reader.LineNumber;
        if (LatticeBlock.TryRead(reader, volume is { } v ? (v.Value, v.Decimals) : null, out LatticeBlock? block, out string problem))
        {
            if (step is not null)
            {
                step.SetLattice(block!);
            }
            else if (block!.Contradiction is null)
            {
                header.StartingLattice = block;
            }
        }
        else
        {
            step?.AddProblem("LatticeUnreadable", problem, line);
        }
    }

    private void TakeStressTotal(ReadOnlySpan<byte> text)
    {
        IonicStep? step = inLearnedStress ? learned : current;
        var row = new double[6];
        int decimals = FixedDecimals.CountDecimals(text);
        if (step is not null && decimals is > 0 and < 12 && FixedDecimals.TryTake(ref text, decimals, row) && FixedDecimals.IsBlank(text))
        {
            step.StressTotal = row;
            step.StressTotalDecimals = decimals;
        }
    }

    private void TakeStress(ReadOnlySpan<byte> text)
    {
        IonicStep step = inLearnedStress ? Learned() : Current();
        var row = new double[6];
        int decimals = FixedDecimals.CountDecimals(text);
        if (decimals is > 0 and < 12 && FixedDecimals.TryTake(ref text, decimals, row) && FixedDecimals.IsBlank(text))
        {
            step.SetStress(row, decimals, reader.LineNumber);
        }
        else
        {
            step.AddProblem("StressUnreadable", "Its stress is unreadable: " + Encoding.UTF8.GetString(reader.Line.Trim((byte)' ')), reader.LineNumber);
        }
    }

    private void TakeMoments(int axis)
    {
        if (axis is < 0 or > 2 || current is null)
        {
            return;
        }

        current.Moments[axis] = MomentTable.TryRead(reader, current.Header.Species.Length, out double[]? moments) ? moments : null;
    }

    private void TakeTotalMoment(ReadOnlySpan<byte> text)
    {
        int label = text.IndexOf("magnetization"u8);
        if (label < 0 || current is null || current.IsEnded)
        {
            return;
        }

        ReadOnlySpan<byte> rest = text[(label + 13)..];
        var values = new double[3];
        int count = 0;
        while (count < 3 && FixedDecimals.TryTake(ref rest, 7, out double value))
        {
            values[count++] = value;
        }

        current.TotalMoment = count is 1 or 3 && FixedDecimals.IsBlank(rest) ? values[..count] : null;
    }

    private void TakeKineticEnergy(ReadOnlySpan<byte> text)
    {
        if (current is null)
        {
            return;
        }

        if (text.StartsWith("kinetic energy EKIN"u8) && !current.IsEnded)
        {
            current.KineticEnergy = TryNumber(text[(text.IndexOf((byte)'=') + 1)..], out PrintedNumber value) ? value.Value : null;
        }
        else if (text.StartsWith("kin. lattice"u8) && !current.IsEnded && text.IndexOf("(temperature"u8) is > 0 and var label)
        {
            current.Temperature = TryNumber(text[(label + 12)..], out PrintedNumber value) ? value.Value : null;
        }
    }

    private void TakeLearned(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("ML FORCE on cell =-STRESS"u8))
        {
            FlushLearned();
            Learned();
            inLearnedStress = true;
        }
        else if (text.StartsWith("ML energy  without entropy"u8))
        {
            TakeOtherEnergies(text, isLearned: true);
            FlushLearned();
        }
    }

    private IonicStep Learned()
    {
        if (learned is null)
        {
            ResolveHeader();
            if (current is { IsEnded: true })
            {
                Flush();
            }

            // Within an ab-initio step stands the prediction for the next geometry.
            lastLearned = current is not null ? current.Number + 1 : Math.Max(lastStep, lastLearned) + 1;
            learned = new(header, lastLearned, lastLearned - stepOffset, reader.LineNumber, isMachineLearned: true);
        }

        return learned;
    }

    /// <summary>A machine-learned frame is whole with its energies; it stands within the ab-initio step before the one it belongs to.</summary>
    private void FlushLearned()
    {
        inLearnedStress = false;
        if (learned is null)
        {
            return;
        }

        learned.IsEnded = learned.EnergyWithoutEntropy is not null;
        (current is null ? ready : waiting).Enqueue(learned);
        learned = null;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out PrintedNumber number)
    {
        text = text.TrimStart((byte)' ');
        number = default;
        if (!Utf8Number.TryParseDouble(text, out double value, out int consumed) || (consumed < text.Length && text[consumed] != ' '))
        {
            return false;
        }

        number = new(value, FixedDecimals.CountDecimals(text[..consumed]));
        return true;
    }
}
