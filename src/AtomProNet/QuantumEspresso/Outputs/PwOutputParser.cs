using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// Reads pw.x's standard output line by line into runs and steps. It knows the order in which pw.x works (PW/src/run_pwscf.f90,
/// electrons.f90, forces.f90, stress.f90, output_tau.f90 of releases 4.0 to 7.5): self-consistency, energy, forces, stress, and only
/// then the geometry that follows from them, which belongs to the next step.
/// </summary>
internal sealed partial class PwOutputParser : IDisposable
{
    private readonly Utf8LineReader reader;
    private readonly Queue<PwStep> finished = new();
    private PwRun? run;
    private PwStep? step;
    private PwGeometry? nextGeometry, summaryGeometry, lastGeometry;
    private (string Code, string Message, long Line)? nextProblem;
    private bool summaryIsNew, positionsAreForeign, sameGeometryAgain, exchangeGoesOn, finalScfAnnounced, optimizerGaveUp, solventIsSolved, ended;
    private int stepCount;

    internal PwOutputParser(Stream stream, CancellationToken cancellation)
    {
        reader = new(stream, cancellation);
    }

    /// <summary>The runs so far; the last one is the present one.</summary>
    internal List<PwRun> Runs { get; } = [];

    /// <summary>Whether the file ends within a line.</summary>
    internal bool EndsWithinLine => reader.EndsWithinLine;

    /// <summary>Why the stream broke off; null where it did not.</summary>
    internal Exception? BrokenBy => reader.BrokenBy;

    /// <summary>The number of lines read.</summary>
    internal long LineNumber => reader.LineNumber;

    /// <summary>The next step; null at the end of the file.</summary>
    internal PwStep? ReadStep()
    {
        while (finished.Count == 0)
        {
            if (ended)
            {
                return null;
            }

            if (reader.Read())
            {
                Dispatch(reader.Line);
            }
            else
            {
                ended = true;
                FinishStep();
            }
        }

        return finished.Dequeue();
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private void Dispatch(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> t = line.TrimStart((byte)' ');
        if (t.Length < 5)
        {
            return;
        }

        // Most lines are bands and k-points: numbers, or k = and k(.
        switch (t[0])
        {
            case (byte)'P':
                if (t.StartsWith("Program PWSCF"u8))
                {
                    StartRun(t);
                    return;
                }

                break;
            case (byte)'k':
                if (t.Length > 7 && t[1] != 'i')
                {
                    return;
                }

                break;
            case (byte)'L' when t.StartsWith("Laue-RISM Calculation"u8):
                StartSolvent();
                return;
            case (byte)'@' when t.StartsWith("@ DRIVER MODE: Received positions"u8):
                TakeForeignPositions();
                return;
            case (byte)'-' or (byte)'%' or (byte)'=' or (>= (byte)'0' and <= (byte)'9'):
                if (t.StartsWith("%%%%%%%%"u8))
                {
                    ReadError();
                }
                else if (t.StartsWith("1D-RISM Calculation"u8) || t.StartsWith("3D-RISM Calculation"u8))
                {
                    StartSolvent();
                }

                return;
        }

        if (run is null)
        {
            // A fragment without a beginning, or text of the launcher: nothing in it can be placed.
            return;
        }

        if (!DispatchScf(t, line[0] == '!') && !DispatchGeometry(t) && !DispatchDynamics(t) && !DispatchEnd(t))
        {
            DispatchSummary(t);
        }
    }

    private void StartRun(ReadOnlySpan<byte> t)
    {
        FinishStep();
        var fields = new Utf8Fields(t["Program PWSCF"u8.Length..]);
        fields.TryRead(out ReadOnlySpan<byte> version);
        string text = Utf8Fields.ToText(version).TrimStart('v', '.');
        int on = t.IndexOf("starts on "u8);
        run = new PwRun { Version = text.Length > 0 ? text : null, StartedAt = on < 0 ? null : PwTime.Parse(t[(on + "starts on "u8.Length)..]) };
        Runs.Add(run);
        nextGeometry = summaryGeometry = lastGeometry = null;
        nextCell = null;
        nextVolume = null;
        nextProblem = null;
        cellAnnounced = false;
        summaryIsNew = positionsAreForeign = sameGeometryAgain = exchangeGoesOn = finalScfAnnounced = optimizerGaveUp = solventIsSolved = false;
    }

    /// <summary>Begins a step if none is open, or the open one has had its self-consistency.</summary>
    private PwStep OpenStep()
    {
        if (step is not null && (!step.IsPastScf || exchangeGoesOn))
        {
            exchangeGoesOn = false;
            return step;
        }

        FinishStep();
        optimizerGaveUp = false;
        PwRun r = run!;
        r.StepCount++;
        step = new PwStep(r, ++stepCount, r.StepCount, reader.LineNumber) { Threshold = r.Threshold };
        TakeGeometry(step);
        return step;
    }

    private void TakeGeometry(PwStep s)
    {
        PwGeometry? fromSummary = null;
        if (summaryIsNew)
        {
            s.HasOwnBasis = true;
            summaryGeometry = fromSummary = SummaryGeometry(out (string Code, string Message, long Line)? problem);
            summaryIsNew = false;
            if (problem is { } p)
            {
                s.Damage(p.Code, p.Message, p.Line);
            }
        }

        s.IsFinalScf = finalScfAnnounced;
        finalScfAnnounced = false;
        if (nextProblem is { } damaged)
        {
            s.Damage(damaged.Code, damaged.Message, damaged.Line);
        }

        if (nextGeometry is not null && fromSummary is not null && !(nextGeometry.Agrees(fromSummary) && nextGeometry.Labels.AsSpan().SequenceEqual(fromSummary.Labels)))
        {
            s.Damage("GeometriesDisagree", "The new geometry and the summary of the new run of plane waves disagree.", reader.LineNumber);
        }

        PwGeometry? geometry = nextGeometry ?? fromSummary ?? (sameGeometryAgain ? lastGeometry : null);
        if (geometry is null)
        {
            s.Damage("GeometryMissing", positionsAreForeign ? "The positions came from another program (i-PI), and pw.x does not print them." : "No geometry is printed that this self-consistency belongs to.", reader.LineNumber);
        }

        s.Geometry = s.Problem is null ? geometry : null;
        lastGeometry = s.Geometry;
        nextGeometry = null;
        nextProblem = null;
        positionsAreForeign = sameGeometryAgain = false;
    }

    /// <summary>
    /// As a client of i-PI pw.x gets cell and positions through a socket (PW/src/run_driver.f90) and prints them only where it sets up its
    /// plane waves anew, which it then does at once. The summary that stands before is of its input, which was not computed.
    /// </summary>
    private void TakeForeignPositions()
    {
        CloseStep();
        positionsAreForeign = run is not null;
        summaryIsNew = false;
        nextGeometry = null;
        nextProblem = null;
    }

    private void FinishStep()
    {
        if (step is not null)
        {
            finished.Enqueue(step);
            step = null;
            exchangeGoesOn = false;
        }
    }

    /// <summary>Whatever stands behind a step and is not part of it shows that the step was printed to its end.</summary>
    private void CloseStep()
    {
        if (step is { IsPastScf: true })
        {
            step.IsClosed = true;
        }
    }

    /// <summary>The value behind the first <c>=</c> or <c>&lt;</c>, of as many decimals as given.</summary>
    private static bool TryFixed(ReadOnlySpan<byte> t, int decimals, out double value, out ReadOnlySpan<byte> rest)
    {
        int sign = t.IndexOfAny((byte)'=', (byte)'<');
        rest = sign < 0 ? default : t[(sign + 1)..];
        value = 0;
        return sign >= 0 && FixedDecimals.TryTake(ref rest, decimals, out value);
    }

    /// <summary>The number behind the last <c>=</c> or <c>&lt;</c>, in any form.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> t, out double value)
    {
        int sign = t.LastIndexOfAny((byte)'=', (byte)'<');
        value = 0;
        return sign >= 0 && new Utf8Fields(t[(sign + 1)..]).TryReadDouble(out value);
    }
}
