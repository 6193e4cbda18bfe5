using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// Reads the frames of pw.x's standard output (Quantum ESPRESSO 4.0 to 7.5): scf, relax, vc-relax, md and vc-md, plain or gzip, cut
/// off anywhere, with several runs one after the other. Where the run's data-file-schema.xml is at hand, it adds digits to what both
/// print alike; where the two contradict each other, the frame is left out.
/// <para>Ry, Ry/bohr and Ry/bohr³ (compression positive) become eV, eV/Å and eV/Å³ (tension positive).</para>
/// </summary>
public sealed class PwOutputReader : IFrameReader
{
    private readonly Stream stream, source;
    private readonly PwXmlDocument? xml;
    private readonly int? xmlRun;
    private readonly List<PwRun> runs = [];
    private bool started;

    private PwOutputReader(Stream source, Stream stream, string name, PwXmlDocument? xml, int? xmlRun)
    {
        this.source = source;
        this.stream = stream;
        this.xml = xml;
        this.xmlRun = xmlRun;
        Report = new("pw.x", name);
    }

    /// <inheritdoc/>
    public CalculationReport Report { get; }

    /// <summary>The runs of the file, for verdicts; whole once the frames have been enumerated.</summary>
    internal IReadOnlyList<PwRun> Runs => runs;

    /// <summary>Sees every step before it is judged: for verdicts on convergence.</summary>
    internal Action<PwStep>? StepSeen { get; set; }

    /// <summary>Opens a file, which may be compressed with gzip.</summary>
    /// <param name="path">The output, as a full path.</param>
    /// <param name="mergeXml">Whether to look for the run's data-file-schema.xml beside the output and in the folder that the output names.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static PwOutputReader Open(string path, bool mergeXml = true, CancellationToken cancellation = default)
    {
        PwXmlDocument? document = null;
        int? documentRun = null;
        if (mergeXml)
        {
            (document, documentRun, _) = PwXmlSearch.Find(path, cancellation);
        }

        Stream stream = CompressedFile.OpenRead(path);
        return new(stream, stream, path, document, documentRun);
    }

    /// <summary>Reads from a stream, which may be compressed with gzip and is closed with the reader.</summary>
    /// <param name="output">The standard output of pw.x.</param>
    /// <param name="name">What the frames name as their source.</param>
    /// <param name="xml">The data-file-schema.xml of the last run in it; null for none. It is read at once and left open.</param>
    public static PwOutputReader FromStream(Stream output, string name, Stream? xml = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        return new(output, CompressedFile.Unwrap(output), name, xml is null ? null : PwXmlParser.Read(xml), xmlRun: null);
    }

    /// <inheritdoc/>
    public IEnumerable<Frame> ReadFrames(CancellationToken cancellation = default)
    {
        if (started)
        {
            throw new InvalidOperationException("The frames of a file can be read once.");
        }

        started = true;
        using var parser = new PwOutputParser(stream, cancellation);
        var builder = new PwFrameBuilder(Report.File, Report);
        while (parser.ReadStep() is { } step)
        {
            StepSeen?.Invoke(step);
            Report.IonicStepCount++;
            Report.Version ??= step.Run.Version;
            bool hasXml = xml is not null && (xmlRun is { } wanted ? ReferenceEquals(parser.Runs[wanted], step.Run) : ReferenceEquals(parser.Runs[^1], step.Run));
            if (builder.Build(step, hasXml ? xml : null) is { } frame)
            {
                Report.FrameCount++;
                yield return frame;
            }
        }

        runs.AddRange(parser.Runs);
        PwRunReport.Complete(Report, parser, xml);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        source.Dispose();
    }
}
