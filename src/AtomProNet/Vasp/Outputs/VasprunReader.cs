using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// Reads the frames of a vasprun.xml (VASP 5.2 to 6.5; also gzipped, with CRLF, cut off) in one streaming pass. A calculation is a
/// frame once its element has ended; whatever the file tells twice must agree.
/// </summary>
/// <remarks>
/// Units and signs: the VASP wiki, <i>vasprun.xml</i>. F is the calculation's <c>e_fr_energy</c>; the other two energies are
/// F + (X − F) of the last electronic step, since the calculation's own are wrong before VASP 6.1 and the electronic ones lack the
/// dispersion correction. Positions are fractional with eight decimals; forces have eight, stress is in kbar, compression positive.
/// </remarks>
public sealed class VasprunReader : IFrameReader
{
    private readonly OutputStream stream;
    private readonly string? folder;
    private bool started;

    /// <summary>Reads from a stream. No file beside it is looked for.</summary>
    /// <param name="stream">The bytes of the vasprun.xml, or those of its gzip file.</param>
    /// <param name="source">Its name, for <see cref="Frame.Source"/> and messages.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed of.</param>
    public VasprunReader(Stream stream, string source, bool leaveOpen = false)
        : this(new OutputStream(stream, leaveOpen), source, folder: null)
    {
    }

    private VasprunReader(OutputStream stream, string source, string? folder)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.stream = stream;
        this.folder = folder;
        Report = new("VASP", source);
    }

    /// <inheritdoc/>
    public CalculationReport Report { get; }

    /// <summary>The tags of the run; null until they were read.</summary>
    internal VaspSettings? Settings { get; private set; }

    /// <summary>Opens a file. CONTCAR, POSCAR and provenance.json beside it are used where they fit.</summary>
    /// <param name="path">The vasprun.xml.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static VasprunReader Open(string path)
    {
        string full = Path.GetFullPath(path);
        return new(OutputStream.Open(full), full, Path.GetDirectoryName(full));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The frames were read already.</exception>
    public IEnumerable<Frame> ReadFrames(CancellationToken cancellation = default)
    {
        if (started)
        {
            throw new InvalidOperationException("The frames of a reader can be read once.");
        }

        started = true;
        return Frames(cancellation);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private IEnumerable<Frame> Frames(CancellationToken cancellation)
    {
        using Stream text = stream.Decompressed();
        using var lines = new Utf8LineReader(text, cancellation);
        var scanner = new VasprunScanner(lines, Report);
        FrameBuilder? builder = null;
        Frame? held = null;
        while (stream.Guarded(Report, lines, scanner.Next) is { } step)
        {
            Settings = scanner.Header.Settings;
            cancellation.ThrowIfCancellationRequested();
            if (VasprunCheck.Reject(step, scanner.Header) is { } rejected)
            {
                Report.Add(rejected);
                continue;
            }

            builder ??= new(scanner.Header, Report, folder);
            Frame frame = builder.Build(step);
            if (held is not null)
            {
                if (builder.RepeatsGeometry && held.Structure.Equals(frame.Structure))
                {
                    Report.Add(new LeftOutFrame(held.Source!.Step, LeftOutReason.Repeated, "GeometryRepeated", "A later step has the same geometry and is kept."));
                }
                else
                {
                    Report.FrameCount++;
                    yield return held;
                }
            }

            held = frame;
        }

        if (held is not null)
        {
            Report.FrameCount++;
            yield return held;
        }

        stream.Conclude(Report, lines);
        if (Report.IsFinished && Settings is { IonicSteps: > 0 and var limit, IonicMotion: 1 or 2 or 3 } && Report.IonicStepCount >= limit)
        {
            // The file does not say whether the goal was reached; a run that used up its steps proves it no more than a loop of NELM steps does.
            Report.IonicConverged = false;
        }

        if (Report.IonicStepCount == 0 && Report.Errors.Count == 0)
        {
            Report.Add(scanner.IsRecognised || scanner.Header.HasAtoms
                ? new AtomProNetException(ErrorKind.InvalidData, "VasprunHoldsNoStep", "The vasprun.xml ends before its first calculation.", Report.File, lines.LineNumber, remedy: "The job failed at its start or still runs: look at its standard output, and read the file again when it has finished.")
                : new AtomProNetException(ErrorKind.InvalidData, "VasprunNotRecognised", "The file is no vasprun.xml: it has no <modeling> element, one tag a line as VASP writes it.", Report.File, lines.LineNumber, remedy: "Give the file as VASP wrote it."));
        }
    }

    /// <summary>Turns calculations into frames.</summary>
    private sealed class FrameBuilder(VasprunHeader header, CalculationReport report, string? folder)
    {
        private readonly bool isStatic = header.Settings.IonicSteps == 0 || header.Settings.IonicMotion == -1;
        private readonly bool isMachineLearned = header.Settings.Flag("ML_LMLFF") == true;
        private readonly Lattice? start = header.Start is { } s ? new(s.Rows) : null;
        private DftMethod? method;
        private FrameDescent? descent;

        internal bool RepeatsGeometry => header.Settings.IonicMotion == -1 && header.Settings.IonicSteps > 0;

        internal Frame Build(VasprunStep step)
        {
            var printed = new Lattice(step.Structure!.Rows);
            Structure structure = Exact(step, printed)
                ?? new Structure(printed, header.Species, ImmutableCollectionsMarshal.AsImmutableArray(step.Structure.Fractional), CoordinateKind.Fractional);
            descent ??= FrameDescent.Of(report.File, Starting() ?? structure, isStatic, report.Add, () => GeometryDigits.Input(folder, [.. header.Types.Select(t => t.Element)]));
            method ??= SharedMethods.Of(VaspMethod.Create(header.Settings, header.Types));
            (double? withoutEntropy, double? sigmaToZero) = VasprunCheck.OtherEnergies(step, header.Settings);
            bool isLearned = step.ElectronicSteps == 0 && isMachineLearned;
            return new Frame(structure.With(name: descent.StructureName, provenance: descent.Step(step.Number), siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty))
            {
                FreeEnergy = step.Energies["e_fr_energy"].Value,
                EnergyWithoutEntropy = withoutEntropy,
                EnergySigmaToZero = sigmaToZero,
                Forces = ImmutableCollectionsMarshal.AsImmutableArray(step.Forces),
                // The two halves of the matrix differ by rounding, or by what the loop left.
                Stress = step.Stress is { } s ? StressTensor.FromVaspKilobar(s[0, 0], s[1, 1], s[2, 2], Mean(s[0, 1], s[1, 0]), Mean(s[1, 2], s[2, 1]), Mean(s[0, 2], s[2, 0])) : null,
                KineticEnergy = step.Energies.TryGetValue("kinetic", out PrintedNumber kinetic) ? kinetic.Value : null,
                Origin = isLearned ? LabelOrigin.MachineLearned : LabelOrigin.AbInitio,
                Convergence = isLearned ? FrameConvergence.Unknown : Verdict(step),
                Method = method,
                BasisLattice = start is null ? null : start.Rows == printed.Rows ? structure.Lattice : start,
                ConfigType = descent.ConfigType,
                Source = new(report.File, step.Number),
            };
        }

        private static double Mean(double a, double b) => a.Equals(b) ? a : (a + b) / 2;

        private Structure? Exact(VasprunStep step, Lattice printed)
        {
            if (!isStatic || folder is null)
            {
                return null;
            }

            Vector3D[] positions = [.. step.Structure!.Fractional.Select(printed.ToCartesian)];
            Vector3D l = printed.Lengths;
            return GeometryDigits.Find(folder, ["CONTCAR", "POSCAR"], [.. header.Types.Select(t => t.Element)], header.Species, printed, positions, 0.5e-8, 0.5e-8 * (l.X + l.Y + l.Z) + 0.5e-8);
        }

        private Structure? Starting() => header.Start is { } s ? new(new(s.Rows), header.Species, ImmutableCollectionsMarshal.AsImmutableArray(s.Fractional), CoordinateKind.Fractional) : null;

        private FrameConvergence Verdict(VasprunStep step)
        {
            if (step.ElectronicSteps == 0)
            {
                return new(ElectronicConvergence.Ambiguous, "The file does not hold its electronic steps.", 0, header.Settings.MaximumElectronicSteps);
            }

            double? change = step.PreviousElectronicEnergy is { } previous && step.Electronic.TryGetValue("e_fr_energy", out PrintedNumber last)
                ? Math.Max(0, Math.Abs(last.Value - previous.Value) - last.HalfUnit - previous.HalfUnit)
                : null;
            // Eight decimals of EDIFF are none where it is 1E-9.
            double? tolerance = header.Settings.Number("EDIFF", rounding: 0.5e-8) is > 0 and var ediff ? ediff : null;
            return ElectronicVerdict.Of(LoopEnd.Reached, step.ElectronicSteps, header.Settings.MaximumElectronicSteps, change, tolerance, header.Settings.FixedDensity);
        }
    }
}
