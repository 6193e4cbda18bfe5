namespace AtomProNet.Calculations;

/// <summary>Why a frame was left out.</summary>
public enum LeftOutReason
{
    /// <summary>The file does not give its labels with certainty: something is missing, doubled, unreadable, contradictory or cut off.</summary>
    Damaged,
    /// <summary>The file ends within it: the usual end of a job that was killed or still runs.</summary>
    CutOff,
    /// <summary>The electronic self-consistency was not reached.</summary>
    NotConverged,
    /// <summary>The output does not prove that the self-consistency was reached.</summary>
    ConvergenceUnproven,
    /// <summary>Its labels come from a machine-learned force field.</summary>
    MachineLearned,
    /// <summary>It repeats the geometry of another frame of the file, which is kept.</summary>
    Repeated,
    /// <summary>It is an energy on the way to that of the same step, such as one within a loop over exact exchange.</summary>
    Intermediate,
    /// <summary>Only the last ionic step was asked for.</summary>
    NotLast,
}

/// <summary>A frame that a reader or a selection left out.</summary>
/// <param name="Step">The ionic step, counted from 1.</param>
/// <param name="Reason">The kind of reason.</param>
/// <param name="Code">A stable identifier in PascalCase, such as <c>ForcesMissing</c>.</param>
/// <param name="Message">One sentence: what is wrong with it.</param>
/// <param name="Line">The line of the file, counted from 1; null where it does not lie in one.</param>
public sealed record LeftOutFrame(int Step, LeftOutReason Reason, string Code, string Message, long? Line = null)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"step {Step}{(Line is { } l ? FormattableString.Invariant($" (line {l})") : "")}: {Message}");
}

/// <summary>
/// What a reader found in one output file besides its frames. A reader fills it while the frames are enumerated; it is whole when
/// they have ended.
/// </summary>
public sealed class CalculationReport
{
    private readonly List<LeftOutFrame> leftOut = [];
    private readonly List<Finding> findings = [];
    private readonly List<AtomProNetException> errors = [];

    /// <summary>Creates an empty report.</summary>
    /// <param name="code">The code that wrote the file: <c>VASP</c>, <c>pw.x</c>.</param>
    /// <param name="file">The file, as a full path, or another name of the source.</param>
    public CalculationReport(string code, string file)
    {
        Code = code;
        File = file;
    }

    /// <summary>The code that wrote the file.</summary>
    public string Code { get; }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The code's version, as printed; null where the file does not tell.</summary>
    public string? Version { get; set; }

    /// <summary>How many ionic steps the file began, whatever became of them. Steps of a machine-learned force field are not counted.</summary>
    public int IonicStepCount { get; set; }

    /// <summary>How many frames were returned.</summary>
    public int FrameCount { get; set; }

    /// <summary>Whether the code says that it came to its regular end. That proves neither electronic nor ionic convergence.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Whether the relaxation says that it reached its goal; null for a run that does not relax.</summary>
    public bool? IonicConverged { get; set; }

    /// <summary>The frames that were not returned, in the order of the file.</summary>
    public IReadOnlyList<LeftOutFrame> LeftOut => leftOut;

    /// <summary>What was noticed about data that could be read.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>What made the file, or the rest of it, unreadable. The frames that were returned are not touched by it.</summary>
    public IReadOnlyList<AtomProNetException> Errors => errors;

    /// <summary>Adds a frame that is not returned.</summary>
    public void Add(LeftOutFrame frame) => leftOut.Add(frame);

    /// <summary>Adds a finding, once: the same code and message of every step would drown the rest.</summary>
    public void Add(Finding finding)
    {
        if (!findings.Exists(f => f.Code == finding.Code && f.Message == finding.Message))
        {
            findings.Add(finding);
        }
    }

    /// <summary>Adds an error.</summary>
    public void Add(AtomProNetException error) => errors.Add(error);
}
