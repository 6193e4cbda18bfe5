using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AtomProNet.Calculations;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Vasp.Outputs;

/// <summary>
/// Reads the frames of an OUTCAR (VASP 4.6 to 6.5; also gzipped, with CRLF, cut off, or two runs in one file) in one streaming pass.
/// A frame is returned only where its blocks belong together with certainty and agree with whatever VASP prints twice; every other
/// step is listed in <see cref="Report"/> with the reason.
/// </summary>
/// <remarks>
/// Units and signs: the VASP wiki, <i>OUTCAR</i>. Energies in eV (F = TOTEN, E without entropy, σ→0), forces in eV/Å, stress
/// σ = −(in kB)/1602.176634 in eV/Å³. Positions have five decimals; where CONTCAR or POSCAR beside the file holds the same
/// geometry to within that rounding (a run without ionic motion, or with one step), its digits are taken.
/// </remarks>
public sealed class OutcarReader : IFrameReader
{
    private readonly OutputStream stream;
    private readonly string? folder;
    private bool started;

    /// <summary>Reads from a stream. No file beside it is looked for.</summary>
    /// <param name="stream">The OUTCAR's bytes, or those of its gzip file.</param>
    /// <param name="source">Its name, for <see cref="Frame.Source"/> and messages.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed of.</param>
    public OutcarReader(Stream stream, string source, bool leaveOpen = false)
        : this(new OutputStream(stream, leaveOpen), source, folder: null)
    {
    }

    private OutcarReader(OutputStream stream, string source, string? folder)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.stream = stream;
        this.folder = folder;
        Report = new("VASP", source);
    }

    /// <inheritdoc/>
    public CalculationReport Report { get; }

    /// <summary>What stands before the steps; null until it was read.</summary>
    internal OutcarHeader? Header { get; private set; }

    /// <summary>Opens a file. CONTCAR, POSCAR and provenance.json beside it are used where they fit.</summary>
    /// <param name="path">The OUTCAR.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static OutcarReader Open(string path)
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
        var scanner = new OutcarScanner(lines, Report);
        OutcarHeader? header = null;
        FrameBuilder? builder = null;
        Frame? held = null;
        while (stream.Guarded(Report, lines, scanner.Next) is { } step)
        {
            Header = step.Header;
            cancellation.ThrowIfCancellationRequested();
            if (IonicStepCheck.Reject(step) is { } rejected)
            {
                Report.Add(rejected);
                continue;
            }

            if (header != step.Header)
            {
                header = step.Header;
                builder = new FrameBuilder(header, Report, folder);
            }

            Frame frame = builder!.Build(step);
            if (held is not null)
            {
                if (builder.RepeatsGeometry && held.Structure.Equals(frame.Structure))
                {
                    // IBRION = -1 with NSW > 0 computes one geometry again and again, each time from better orbitals.
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
            yield return Report.IonicStepCount == 1 ? builder!.WithMoreDigits(held) : held;
        }

        Finish(scanner, lines, header);
    }

    private void Finish(OutcarScanner scanner, Utf8LineReader lines, OutcarHeader? header)
    {
        stream.Conclude(Report, lines);
        if (Report.IonicStepCount == 0 && Report.LeftOut.Count == 0 && Report.FrameCount == 0 && Report.Errors.Count == 0)
        {
            Report.Add(scanner.SawHeader
                ? new AtomProNetException(ErrorKind.InvalidData, "OutcarHoldsNoStep", "The OUTCAR ends before its first ionic step.", Report.File, lines.LineNumber, remedy: "The job failed at its start or still runs: look at its standard output, and read the file again when it has finished.")
                : new AtomProNetException(ErrorKind.InvalidData, "OutcarNotRecognised", "The file is no OUTCAR: it has neither VASP's version line nor 'ions per type'.", Report.File, lines.LineNumber, remedy: "Give an OUTCAR of VASP; other files are read by the cmdlets for their formats."));
        }

        if (header is { Settings.IonicSteps: > 0, Settings.IonicMotion: 1 or 2 or 3 })
        {
            Report.IonicConverged ??= false;
        }
    }

    /// <summary>Turns the steps of one run into frames.</summary>
    private sealed class FrameBuilder(OutcarHeader header, CalculationReport report, string? folder)
    {
        private readonly bool isStatic = header.Settings.IonicSteps == 0 || header.Settings.IonicMotion == -1;
        private readonly ImmutableArray<Element> potcarElements = [.. header.Types.Select(t => t.Element)];
        private static readonly ImmutableSortedDictionary<string, object> WithoutInformation = ImmutableSortedDictionary<string, object>.Empty.WithComparers(StringComparer.Ordinal);
        private DftMethod? method;
        private FrameDescent? descent;
        private Lattice? starting, last;

        internal bool RepeatsGeometry => header.Settings.IonicMotion == -1 && header.Settings.IonicSteps > 0;

        internal Frame Build(IonicStep step)
        {
            Lattice printed = PrintedLattice(IonicStepCheck.Lattice(step)!);
            Structure? exact = isStatic && folder is not null && !step.IsMachineLearned ? GeometryDigits.Find(folder, ["CONTCAR", "POSCAR"], potcarElements, header.Species, printed, step.Positions) : null;
            descent ??= FrameDescent.Of(report.File, Starting() ?? exact ?? Printed(step, printed, null, null), isStatic, report.Add, () => GeometryDigits.Input(folder, potcarElements));
            Provenance provenance = descent.Step(step.Number);
            Structure structure = exact?.With(name: descent.StructureName, provenance: provenance, siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty) ?? Printed(step, printed, descent.StructureName, provenance);
            method ??= SharedMethods.Of(VaspMethod.Create(header.Settings, header.Types));
            bool confirmed = IonicStepCheck.EnergiesAgree(step);
            if (!confirmed)
            {
                report.Add(new Finding(FindingSeverity.Warning, "EnergiesNotComparable", "The energies without entropy and for σ→0 do not fit the free energy, as with some dispersion corrections: only the free energy is taken.", report.File));
            }

            return new Frame(structure)
            {
                FreeEnergy = step.FreeEnergy!.Value.Value,
                EnergyWithoutEntropy = confirmed ? step.EnergyWithoutEntropy!.Value.Value : null,
                EnergySigmaToZero = confirmed ? step.EnergySigmaToZero!.Value.Value : null,
                Forces = ImmutableCollectionsMarshal.AsImmutableArray(step.Forces),
                Stress = step.StressKilobar is [var xx, var yy, var zz, var xy, var yz, var zx] ? StressTensor.FromVaspKilobar(xx, yy, zz, xy, yz, zx) : null,
                MagneticMoments = !header.Settings.IsNonCollinear && step.Moments is [{ } moments, null, null] ? ImmutableCollectionsMarshal.AsImmutableArray(moments) : null,
                MagneticMomentVectors = header.Settings.IsNonCollinear && step.Moments is [{ } x, { } y, { } z] ? Vectors(x, y, z) : null,
                TotalMagneticMoment = step.TotalMoment switch { [var m] => m, [var mx, var my, var mz] => new Vector3D(mx, my, mz).Length, _ => null },
                Temperature = step.Temperature,
                KineticEnergy = step.KineticEnergy,
                Origin = step.IsMachineLearned ? LabelOrigin.MachineLearned : LabelOrigin.AbInitio,
                Convergence = step.IsMachineLearned ? FrameConvergence.Unknown : ElectronicVerdict.Of(step),
                Method = method,
                BasisLattice = Basis(printed, structure.Lattice!),
                ConfigType = descent.ConfigType,
                Source = new(report.File, step.Number),
                Information = step.SphereElectrons is { } electrons ? WithoutInformation.Add(Frame.SphereElectronsKey, electrons) : WithoutInformation,
            };
        }

        /// <summary>The frame of a run that made one step only: its POSCAR has the same geometry, and the CONTCAR already the next one.</summary>
        internal Frame WithMoreDigits(Frame frame)
        {
            if (isStatic || folder is null || frame.Origin == LabelOrigin.MachineLearned)
            {
                return frame;
            }

            Structure? exact = GeometryDigits.Find(folder, ["POSCAR"], potcarElements, header.Species, frame.Structure.Lattice!, frame.Structure.CartesianPositions.AsSpan());
            return exact is null ? frame : frame.WithStructure(exact.With(name: frame.Structure.Name, provenance: frame.Structure.Provenance, siteProperties: ImmutableSortedDictionary<string, SiteProperty>.Empty)) with { BasisLattice = frame.BasisLattice is null ? null : exact.Lattice };
        }

        // Steps may be left out at the beginning; the family is the same.
        private Structure? Starting() => header is { StartingLattice: { } lattice, StartingPositions: { } positions } && positions.Length == header.Species.Length
            ? new(new(lattice.Rows), header.Species, ImmutableCollectionsMarshal.AsImmutableArray(positions), CoordinateKind.Cartesian)
            : null;

        private static ImmutableArray<Vector3D> Vectors(double[] x, double[] y, double[] z)
        {
            var vectors = new Vector3D[x.Length];
            for (int i = 0; i < vectors.Length; i++)
            {
                vectors[i] = new(x[i], y[i], z[i]);
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(vectors);
        }

        // Where the cell is still the starting one, the ratio of volumes is exactly 1, whatever digits were added.
        private Lattice? Basis(Lattice printed, Lattice used) => header.StartingLattice switch
        {
            null => null,
            { } start when start.Rows == printed.Rows => used,
            { } start => starting ??= new(start.Rows),
        };

        // Most runs keep one cell: its inverse is computed once.
        private Lattice PrintedLattice(LatticeBlock block) => last is not null && last.Rows == block.Rows ? last : last = new(block.Rows);

        private Structure Printed(IonicStep step, Lattice lattice, string? name, Provenance? provenance) =>
            new(lattice, header.Species, ImmutableCollectionsMarshal.AsImmutableArray(step.Positions), CoordinateKind.Cartesian, name: name, provenance: provenance);
    }
}
