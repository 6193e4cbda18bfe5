using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Files;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>
/// Reads the frames of pw.x's data-file-schema.xml (6.2 and later) where nothing else is left of a run. The standard output is the
/// richer source: it has the stress of every step and the forces on atoms that are held, which the XML replaces by zeros.
/// </summary>
public sealed class PwXmlReader : IFrameReader
{
    private readonly Stream stream;
    private bool started;

    private PwXmlReader(Stream stream, string name)
    {
        this.stream = stream;
        Report = new("pw.x", name);
    }

    /// <inheritdoc/>
    public CalculationReport Report { get; }

    /// <summary>Opens a file, which may be compressed with gzip.</summary>
    /// <param name="path">The data-file-schema.xml, as a full path.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static PwXmlReader Open(string path) => new(CompressedFile.OpenRead(path), path);

    /// <summary>Reads from a stream, which may be compressed with gzip and is closed with the reader.</summary>
    /// <param name="xml">The content of data-file-schema.xml.</param>
    /// <param name="name">What the frames name as their source.</param>
    public static PwXmlReader FromStream(Stream xml, string name)
    {
        ArgumentNullException.ThrowIfNull(xml);
        return new(CompressedFile.Unwrap(xml), name);
    }

    /// <inheritdoc/>
    public IEnumerable<Frame> ReadFrames(CancellationToken cancellation = default)
    {
        if (started)
        {
            throw new InvalidOperationException("The frames of a reader can be read once.");
        }

        started = true;
        return Frames(PwXmlParser.Read(stream, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private IEnumerable<Frame> Frames(PwXmlDocument document)
    {
        Report.Version = document.Version;
        Report.IsFinished = document is { IsWhole: true, ExitStatus: 0 };
        Report.IonicConverged = document.Calculation is "relax" or "vc-relax" ? document is { OptimisationConverged: true, IsWhole: true } : null;
        if (document.Calculation is null && document.Steps.Count == 0 && document.Output is null)
        {
            Report.Add(new AtomProNetException(ErrorKind.InvalidData, "NotPwXml", "This is no data-file-schema.xml of pw.x" + (document.Problem is null ? "." : $": {document.Problem}"), Report.File, remedy: "Give the file from the run's .save folder, or the standard output."));
            yield break;
        }

        if (!document.IsWhole)
        {
            Report.Add(new Finding(FindingSeverity.Warning, "XmlCutOff", "The XML is cut off or damaged; what stands before was read.", Report.File));
        }

        List<PwXmlStep> steps = [.. document.Steps];
        if (document.OutputIsFrame)
        {
            if (document.Calculation == "relax" && steps.Count > 0)
            {
                // The end of a relaxation is its last step once more, with the stress.
                steps[^1].Stress ??= document.Output!.Stress;
                steps[^1].Problem ??= PwXmlChecks.Difference(steps[^1], document.Output!);
            }
            else
            {
                steps.Add(document.Output!);
            }
        }

        DftMethod? method = Method(document);
        if (document.HasHubbardU)
        {
            Report.Add(new Finding(FindingSeverity.Warning, "HubbardUNotRead", "The run has a +U whose value the XML gives in a unit that differs between releases; the method does not tell it.", Report.File, "Read the standard output instead."));
        }

        PwRunReport.AddFeatures(Report, document.Features);
        FrameDescent? descent = null;
        Lattice? basis = null;
        for (int i = 0; i < steps.Count; i++)
        {
            int number = steps[i].Number > 0 ? steps[i].Number : document.Steps.Count + 1;
            Report.IonicStepCount++;
            Frame frame;
            try
            {
                frame = Build(steps[i], number, document, method, ref descent, ref basis);
            }
            catch (AtomProNetException e)
            {
                Report.Add(new LeftOutFrame(number, LeftOutReason.Damaged, e.ErrorId, e.Problem));
                continue;
            }

            Report.FrameCount++;
            yield return frame;
        }
    }

    private Frame Build(PwXmlStep step, int number, PwXmlDocument document, DftMethod? method, ref FrameDescent? descent, ref Lattice? basis)
    {
        int atoms = step.Positions.Count;
        if (step.Problem is not null || step.Cell is null || atoms == 0 || step.Energy is null || (step.Forces is { } f && f.Length != atoms))
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "XmlStepDamaged", step.Problem ?? "The XML does not give the geometry and the energy of this step.");
        }

        if (PwXmlChecks.FindContradiction(step, isFirst: number == 1, document) is { } contradiction)
        {
            throw new AtomProNetException(ErrorKind.InvalidData, "XmlContradictory", contradiction);
        }

        var lattice = new Lattice(step.Cell.Value * PhysicalConstants.BohrInAngstrom);
        basis = basis is null || ReferenceEquals(step, document.Output) ? lattice : basis;
        var elements = ImmutableArray.CreateBuilder<Element>(atoms);
        foreach (string label in step.Labels)
        {
            elements.Add(PwSpecies.TryParseLabel(label, out Element? element) ? element : throw new AtomProNetException(ErrorKind.InvalidData, "SpeciesUnknown", "A species label names no element.", value: label));
        }

        var structure = new Structure(lattice, elements.MoveToImmutable(), [.. step.Positions.Select(p => p * PhysicalConstants.BohrInAngstrom)], CoordinateKind.Cartesian, Periodicity.Full, PwFrameBuilder.SiteProperties([.. step.Labels], [.. step.Labels.Select(PwSpecies.ElementOf)], document.FreeComponents, lattice));
        descent ??= FrameDescent.Of(Report.File, structure, isStatic: document.Calculation == "scf", Report.Add);
        // Zeros stand for the forces on held atoms, which are no labels.
        bool hasHeldZeros = step.Forces is { } all && (document.FreeComponents is not null || document.HoldsAllAtoms || (document.Calculation == "scf" && all.Any(v => v == default) && all.Any(v => v != default)));
        if (hasHeldZeros)
        {
            Report.Add(new Finding(FindingSeverity.Warning, "ForcesOfHeldAtoms", "Some forces are zero, which the XML also writes for atoms that are held: no forces were taken.", Report.File, "Read the standard output, which has the true ones."));
        }

        double energy = step.Energy.Value * PhysicalConstants.HartreeInElectronvolt;
        double? withoutEntropy = step.SmearingContribution is { } ts ? energy - (ts * PhysicalConstants.HartreeInElectronvolt) : document.Occupations is "fixed" or "tetrahedra" or "tetrahedra_lin" or "tetrahedra_opt" or "from_input" ? energy : null;
        return new(structure.With(name: descent.StructureName, provenance: descent.Step(number)))
        {
            FreeEnergy = energy,
            EnergyWithoutEntropy = withoutEntropy,
            EnergySigmaToZero = document.Smearing == "gaussian" && withoutEntropy is { } e ? (energy + e) / 2 : null,
            Forces = hasHeldZeros ? null : step.Forces?.Select(v => v * (2 * PhysicalConstants.RydbergPerBohrInElectronvoltPerAngstrom)).ToImmutableArray(),
            Stress = step.Stress is { } s ? PwFrameBuilder.Stress(s, -2 * PhysicalConstants.RydbergPerCubicBohrInElectronvoltPerCubicAngstrom) : null,
            TotalMagneticMoment = document.SpinPolarised ? step.TotalMagnetization : null,
            Origin = LabelOrigin.AbInitio,
            Convergence = step.ScfConverged switch
            {
                true when document.HasPotentiostat => new(ElectronicConvergence.Ambiguous, PwStepChecks.GrandPotential, step.ScfSteps, document.MaximumElectronicSteps),
                true => new(ElectronicConvergence.Converged, null, step.ScfSteps, document.MaximumElectronicSteps),
                false => new(ElectronicConvergence.NotConverged, "The self-consistency was not reached.", step.ScfSteps, document.MaximumElectronicSteps),
                null => new(ElectronicConvergence.Ambiguous, "The XML does not say that the self-consistency was reached.", step.ScfSteps, document.MaximumElectronicSteps),
            },
            Method = method,
            BasisLattice = basis,
            ConfigType = descent.ConfigType,
            Source = new(Report.File, number),
        };
    }

    private static DftMethod? Method(PwXmlDocument document)
    {
        if (document.WavefunctionCutoff is not { } cutoff)
        {
            return null;
        }

        string? smearing = document.Occupations switch
        {
            "smearing" => document.Smearing switch { "gaussian" => "Gaussian", "mp" => "MethfesselPaxton1", "mv" => "MarzariVanderbilt", "fd" => "Fermi", var other => other },
            "fixed" => "Fixed",
            "tetrahedra" => "TetrahedronBloechl",
            "tetrahedra_lin" or "tetrahedra_opt" => "TetrahedronOptimized",
            "from_input" => "FromInput",
            var other => other,
        };
        return new()
        {
            Code = "pw.x",
            Version = document.Version,
            Functional = PwFunctional.NameOf(document.Functional),
            Dispersion = document.Dispersion?.ToLowerInvariant() switch { "grimme-d2" or "dft-d" => "D2", "grimme-d3" or "dft-d3" => "D3", "xdm" => "XDM", "ts-vdw" or "ts" or "tkatchenko-scheffler" => "TS", "mbd" or "mbd_vdw" or "many-body-dispersion" => "MBD", null or "none" => null, _ => document.Dispersion },
            CutoffEnergy = cutoff * PhysicalConstants.HartreeInElectronvolt,
            DensityCutoffEnergy = document.DensityCutoff * PhysicalConstants.HartreeInElectronvolt,
            Smearing = smearing,
            // Rounded as the standard output rounds it, so that one calculation has one fingerprint from either file.
            SmearingWidth = document.Occupations == "smearing" && document.SmearingWidth is { } width ? Math.Round(2 * width, 4) * PhysicalConstants.RydbergInElectronvolt : null,
            SpinPolarised = document.SpinPolarised,
            Potentials = document.Species.Where(s => s.File.Length > 0 && PwSpecies.TryParseLabel(s.Label, out _)).GroupBy(s => PwSpecies.ElementOf(s.Label).Symbol).ToImmutableSortedDictionary(g => g.Key, g => string.Join(", ", g.Select(s => s.File).Distinct().Order(StringComparer.Ordinal)), StringComparer.Ordinal),
            KPointMesh = document.KPointMesh,
            ElectronicTolerance = document.Threshold * PhysicalConstants.HartreeInElectronvolt,
        };
    }
}
