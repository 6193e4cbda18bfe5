using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Vasp.Outputs;

/// <summary>What an output file says about the course of a run.</summary>
internal sealed record VaspOutcome
{
    internal string? Version { get; init; }

    internal CalculationTask Task { get; init; }

    internal bool IsFinished { get; init; }

    internal bool? IonicConverged { get; init; }

    internal bool HasOverflow { get; init; }

    internal ImmutableArray<StepVerdict> Steps { get; init; } = [];

    internal ImmutableArray<Finding> Findings { get; init; } = [];

    internal int? StepLimit { get; init; }

    internal int? ElectronicStepLimit { get; init; }

    internal int? BandCount { get; init; }

    /// <summary>ENCUT and the largest ENMAX, eV.</summary>
    internal double? CutoffEnergy { get; init; }

    internal double? PotentialCutoff { get; init; }

    internal VaspSettings? Settings { get; init; }

    internal static VaspOutcome Read(string file, CancellationToken cancellation)
    {
        bool isOutcar = VaspFileNames.IsOutcar(Path.GetFileName(file));
        using IFrameReader reader = isOutcar ? OutcarReader.Open(file) : VasprunReader.Open(file);
        ImmutableArray<StepVerdict> steps = StepVerdicts.Read(reader, cancellation);
        CalculationReport report = reader.Report;
        VaspSettings? settings = reader is OutcarReader o ? o.Header?.Settings : (reader as VasprunReader)?.Settings;
        return new()
        {
            Version = report.Version,
            Task = TaskOf(settings),
            IsFinished = report.IsFinished,
            IonicConverged = report.IonicConverged,
            HasOverflow = report.LeftOut.Any(l => l.Message.Contains("***", StringComparison.Ordinal)),
            Steps = steps,
            Findings = [.. report.Findings, .. report.Errors.Select(e => new Finding(FindingSeverity.Error, e.ErrorId, e.Message))],
            StepLimit = settings?.IonicSteps,
            ElectronicStepLimit = settings?.MaximumElectronicSteps,
            BandCount = settings?.Integer("NBANDS"),
            CutoffEnergy = settings?.Number("ENCUT", rounding: 0.05),
            PotentialCutoff = (reader as OutcarReader)?.Header?.PotentialCutoff,
            Settings = settings,
        };
    }

    private static CalculationTask TaskOf(VaspSettings? settings) => (settings?.IonicSteps, settings?.IonicMotion) switch
    {
        (null, null) => CalculationTask.Unknown,
        (0, _) or (_, -1) => CalculationTask.Static,
        (_, 0) => CalculationTask.MolecularDynamics,
        (_, 1 or 2 or 3) => CalculationTask.Relaxation,
        _ => CalculationTask.Other,
    };
}
