using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.QuantumEspresso.Outputs;

/// <summary>What an output file says about the course of its last run.</summary>
internal sealed record PwOutcome
{
    internal string? Version { get; init; }

    internal CalculationTask Task { get; init; }

    internal bool IsFinished { get; init; }

    internal bool? IonicConverged { get; init; }

    internal bool HasOverflow { get; init; }

    internal ImmutableArray<StepVerdict> Steps { get; init; } = [];

    internal ImmutableArray<Finding> Findings { get; init; } = [];

    internal PwRunEvents Events { get; init; }

    /// <summary>Routine, message and line of each error of the run.</summary>
    internal ImmutableArray<(string Routine, string Message, long Line)> Errors { get; init; } = [];

    /// <summary>The input as the output names it.</summary>
    internal string? InputName { get; init; }

    internal int? ElectronicStepLimit { get; init; }

    internal int? BandCount { get; init; }

    /// <summary>Ry.</summary>
    internal double? WavefunctionCutoff { get; init; }

    /// <summary>The pressure before and after the plane waves were made anew for a relaxed cell, GPa.</summary>
    internal (double Before, double After)? FinalPressures { get; init; }

    internal static PwOutcome Read(string file, CancellationToken cancellation)
    {
        using IFrameReader reader = PwFileNames.OpenReader(file);
        return reader is PwOutputReader output ? OfOutput(output, cancellation) : OfXml(reader, cancellation);
    }

    private static PwOutcome OfOutput(PwOutputReader reader, CancellationToken cancellation)
    {
        var seen = new Dictionary<int, PwStep>();
        reader.StepSeen = step => seen[step.Number] = step;
        ImmutableArray<StepVerdict> all = StepVerdicts.Read(reader, cancellation);
        CalculationReport report = reader.Report;
        if (reader.Runs.Count == 0)
        {
            return new() { Findings = FindingsOf(report) };
        }

        PwRun run = reader.Runs[^1];
        // A file to which a restart was appended holds the former tries, too.
        ImmutableArray<StepVerdict> steps = [.. all.Where(s => seen.TryGetValue(s.Step, out PwStep? step) && ReferenceEquals(step.Run, run)).Select(s => s with { ElectronicSteps = s.ElectronicSteps ?? seen[s.Step].NotConvergedAfter ?? (seen[s.Step].Iteration > 0 ? seen[s.Step].Iteration : null) })];
        IEnumerable<Finding> former = reader.Runs.Count > 1 ? [new(FindingSeverity.Information, "SeveralRuns", FormattableString.Invariant($"The output holds {reader.Runs.Count} runs; the verdict is on the last one."), report.File)] : [];
        // What makes labels uncertain does not make a self-consistency that was given up a converged one.
        steps = [.. steps.Select(s => s.Electronic == ElectronicConvergence.Unknown && seen[s.Step].NotConvergedAfter is not null ? s with { Electronic = ElectronicConvergence.NotConverged } : s)];
        int final = Array.FindLastIndex([.. steps], s => seen[s.Step].IsFinalScf);
        return new()
        {
            Version = run.Version,
            Task = run.Events.HasFlag(PwRunEvents.BandStructure) ? CalculationTask.Other : run.IsDynamics ? CalculationTask.MolecularDynamics : run.MovesIons ? CalculationTask.Relaxation : run.SummaryCount > 0 ? CalculationTask.Static : CalculationTask.Unknown,
            IsFinished = run.Events.HasFlag(PwRunEvents.Finished),
            IonicConverged = run is { MovesIons: true, IsDynamics: false } ? run.IonicConverged : null,
            HasOverflow = report.LeftOut.Any(l => l.Message.Contains("***", StringComparison.Ordinal)),
            Steps = steps,
            Findings = [.. former, .. FindingsOf(report)],
            Events = run.Events,
            Errors = [.. run.Errors],
            InputName = run.InputName,
            ElectronicStepLimit = seen.Values.Where(s => ReferenceEquals(s.Run, run)).Max(s => s.NotConvergedAfter),
            BandCount = run.BandCount,
            WavefunctionCutoff = run.WavefunctionCutoff,
            FinalPressures = final > 0 && steps[final - 1].Pressure is { } before && steps[final].Pressure is { } after ? (before, after) : null,
        };
    }

    private static PwOutcome OfXml(IFrameReader reader, CancellationToken cancellation)
    {
        ImmutableArray<StepVerdict> steps = StepVerdicts.Read(reader, cancellation);
        return new()
        {
            Version = reader.Report.Version,
            Task = reader.Report.IonicConverged is not null ? CalculationTask.Relaxation : steps.Length > 1 ? CalculationTask.MolecularDynamics : steps.Length == 1 ? CalculationTask.Static : CalculationTask.Unknown,
            IsFinished = reader.Report.IsFinished,
            IonicConverged = reader.Report.IonicConverged,
            Steps = steps,
            Findings = FindingsOf(reader.Report),
        };
    }

    private static ImmutableArray<Finding> FindingsOf(CalculationReport report) =>
        [.. report.Findings.Where(f => f.Code != "RunStoppedWithError"), .. report.Errors.Select(e => new Finding(FindingSeverity.Error, e.ErrorId, e.Message))];
}
