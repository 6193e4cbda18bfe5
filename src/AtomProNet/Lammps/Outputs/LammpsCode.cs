using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Lammps.Inputs;

namespace AtomProNet.Lammps.Outputs;

/// <summary>
/// LAMMPS as a code that jobs run: its result files, its verdicts. Its outputs hold no DFT frames, so that it has no <see cref="DftResult"/>:
/// logs of benchmarks are read by Import-MDBenchmark.
/// </summary>
public sealed class LammpsCode : IDftCode
{
    /// <summary>The code's name.</summary>
    public const string Name = "LAMMPS";

    private static readonly HashSet<string> Outputs = new(
        [LammpsInputPlan.LogFile, "lammps.out", "lammps.err", "log.cite", "minimized.data", "nve.data", "nvt.data", "npt.data"], StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public string Code => Name;

    /// <inheritdoc/>
    public bool IsResultName(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return Outputs.Contains(fileName) || fileName.EndsWith(".dump", StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public DftResult? FindResult(string file) => null;

    /// <inheritdoc/>
    public bool IsCalculation(string folder) => File.Exists(Path.Combine(folder, LammpsInputPlan.InputFile)) || File.Exists(Path.Combine(folder, LammpsInputPlan.LogFile));

    /// <inheritdoc/>
    public CalculationVerdict Judge(string path, CancellationToken cancellation = default) => LammpsJudge.Judge(path, cancellation);

    /// <summary>An input that begins again begins from its start; what an error asks for is told, and left to the user.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="changes">What is to change.</param>
    public RestartInput PlanRestart(string folder, ImmutableArray<RestartChange> changes) => new()
    {
        NotApplied = [.. changes.Where(c => c.Target != "Job").Select(c => (c, "Inputs of LAMMPS are not edited: make a new one (New-LammpsInput)."))],
    };
}
