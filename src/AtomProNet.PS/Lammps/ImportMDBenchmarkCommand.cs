using System.Management.Automation;
using AtomProNet.Lammps.Benchmarks;
using AtomProNet.PS.Hosting;

namespace AtomProNet.PS.Lammps;

/// <summary>Reads the speed of runs from LAMMPS logs, and from files of fix ave/time.</summary>
[Cmdlet(VerbsData.Import, "MDBenchmark", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Root + "Import-MDBenchmark.md")]
[OutputType(typeof(MDBenchmark))]
public sealed class ImportMDBenchmarkCommand : PSCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";

    /// <summary>Logs, files of lines "step time", or folders that hold log.lammps or *comp_perf*.txt.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, with no character a wildcard.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "LP", "FullName", "FolderPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Of files "step time": the wall time of the run. Default one hour, as in the paper.</summary>
    [Parameter]
    public TimeSpan WallTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Of files "step time": the time step in fs. Default 0.1, as in the paper.</summary>
    [Parameter]
    [ValidateRange(1e-6, 100.0)]
    [Numbers]
    public double TimeStep { get; set; } = 0.1;

    /// <summary>Of files "step time": the number of atoms of the cell that was repeated (the paper's has 20).</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int? AtomsPerCell { get; set; }

    /// <summary>Of files "step time": the number of CPUs. Default 1.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Numbers(AreWhole = true)]
    public int CpuCount { get; set; } = 1;

    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralSet;
        var facts = new AverageFileFacts(WallTime, TimeStep, AtomsPerCell, CpuCount);
        foreach (string file in new InputPaths(this).Files(literal ? LiteralPath : Path, literal, IsBenchmark, "log.lammps, *comp_perf*.txt"))
        {
            try
            {
                MDBenchmark run = MDBenchmarkReader.Read(file, facts);
                if (run.RequestedCpuCount is { } asked && asked != run.CpuCount)
                {
                    WriteWarning(FormattableString.Invariant($"{file}: the run was made for {asked} CPUs and ran on {run.CpuCount}, for which it counts. A launcher was missing, or began another number of processes (Register-DftCluster -LaunchLine, Submit-DftJob -Tasks)."));
                }

                WriteObject(run);
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, file));
            }
        }
    }

    private static bool IsBenchmark(string name) =>
        name == "log.lammps" || (name.Contains("comp_perf", StringComparison.Ordinal) && name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase));
}
