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
internal sealed partial class OutcarScanner
{
    // What Take looks for once the header is known, and nothing else; before the words in a rule stand strokes.
    private static readonly string[] Words =
    [
        "---", "-- ", "--I", "--a", "vasp.", "POSITION", "position of", "free ", "energy  without", "energy-cutoff", "volume of cell", "direct lattice", "FORCE on cell", "FORCES acting on ions", "Total", "in kB",
        "total charge", "magnetization (", "number of electron", "kin", "LOOP+:", "General timing", "reached required", "IVDW ", "ML ",
    ];

    // Half of a header are tables of which nothing is wanted; its tags may stand in any line with an equals sign.
    private static readonly LineStarts Headings = new(Words), HeaderLines = new((byte)'=', [.. Words, .. OutcarHeader.Words, "old parameters"]);
    private readonly Utf8LineReader reader;
    private readonly CalculationReport report;
    private readonly Queue<IonicStep> ready = new();
    private readonly Queue<IonicStep> waiting = new();
    private OutcarHeader header = new();
    private IonicStep? current, learned;
    private PrintedNumber? volume;
    private LatticeBlock? lastLattice;
    private long volumeLine, cutoffLine, oldParametersLine;
    private int stepOffset, lastStep, lastLearned;
    private bool inLearnedStress, inResponse, ended, sawVersion;

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

            if (header.WantsNextLine ? reader.Read() : reader.ReadNext(header.IsResolved ? Headings : HeaderLines))
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
            header.Take(text, reader.LineNumber);
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
            case (byte)'o' when text.StartsWith("old parameters found on file"u8):
                oldParametersLine = reader.LineNumber;
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
            case (byte)'F' when text.StartsWith("FORCES acting on ions"u8):
                PassOverForceParts();
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
            case (byte)'t' when text.StartsWith("total charge"u8) && text.TrimEnd((byte)' ').Length == 12:
                TakeSphereElectrons();
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
        inResponse = false;
        volume = null;
        int end = text.IndexOf((byte)' ');
        header.Settings.Version = Encoding.ASCII.GetString(end > 0 ? text[5..end] : text[5..]);
        report.Version = header.Settings.Version;
    }

    private void TakeRule(ReadOnlySpan<byte> text)
    {
        // Most rules are nothing else.
        int first = text.IndexOfAnyExcept((byte)'-');
        if (first < 0)
        {
            return;
        }

        ReadOnlySpan<byte> words = text[first..].TrimStart((byte)' ');
        if (words.StartsWith("Iteration"u8))
        {
            BeginResponse();
            if (!inResponse)
            {
                TakeIteration(words[9..]);
            }
        }
        else if (words.StartsWith("aborting loop"u8) && !inResponse)
        {
            IonicStep step = Current();
            words = words.TrimEnd((byte)'-').TrimEnd((byte)' ');
            step.LoopEnd = words.SequenceEqual("aborting loop because EDIFF is reached"u8) ? LoopEnd.Reached
                : words.IndexOf("EDIFF was not reached"u8) >= 0 ? LoopEnd.NotReached
                : LoopEnd.Other;
        }
    }

    // The loops of a response stand between the labels of the ground state and the end of its step, with numbers of their own: they are no steps, and the step is whole.
    private void BeginResponse()
    {
        if (!inResponse && header.Settings.HasResponse && current is { IsEnded: false, FreeEnergy: not null, Forces: not null })
        {
            inResponse = true;
            current.IsEnded = true;
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
        inResponse = false;
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
}
