using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.QuantumEspresso.Inputs;

/// <summary>Writes the folder of a pw.x calculation, whole or not at all.</summary>
public static class PwInputWriter
{
    /// <summary>Files that pw.x and its schedulers write.</summary>
    private static readonly HashSet<string> Results = new(["pw.out", "pw.err", "CRASH", "tmp", "data-file-schema.xml", "pwscf.save", "pwscf.xml", "pwscf.EXIT"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Throws where the folder could not be written, without touching anything.</summary>
    /// <exception cref="AtomProNetException">It is there, or it holds results of a run.</exception>
    public static void ThrowIfTaken(string folder, bool force) => AtomicFolder.ThrowIfTaken(folder, force, Judge);

    /// <summary>Writes the folder.</summary>
    /// <param name="plan">What goes into it.</param>
    /// <param name="folder">Where it will stand, as a full path.</param>
    /// <param name="force">Whether an older input may be replaced; a folder with results of a run never is.</param>
    /// <exception cref="AtomProNetException">The folder is there, or it holds results of a run.</exception>
    public static DftInput Write(PwInputPlan plan, string folder, bool force) => Write(plan, folder, force, open: null);

    /// <summary>For tests: with a way of one's own to open a file, which may fail.</summary>
    internal static DftInput Write(PwInputPlan plan, string folder, bool force, Func<string, Stream>? open)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var output = new AtomicFolder(folder, force, Judge, open);
        output.WriteAllText(PwInputPlan.InputFile, plan.Text);
        if (plan.CopiesPseudopotentials)
        {
            foreach (UpfHeader upf in plan.Pseudopotentials)
            {
                output.Copy(upf.FilePath, upf.FileName);
            }
        }

        if (plan.JobScript is { } script)
        {
            output.WriteScript(JobScript.FileName, script);
        }

        output.WriteAllText(CalculationRecord.FileName, plan.Record.ToJson());
        output.Commit();

        return new()
        {
            Code = "pw.x",
            Name = plan.Name,
            FolderPath = Path.GetFullPath(folder),
            Files = [.. output.FileNames],
            Structure = plan.Structure,
            JobScript = plan.JobScript is null ? null : JobScript.FileName,
            SiteOrder = plan.SiteOrder,
            Method = plan.Record.Method,
            Findings = plan.Findings,
        };
    }

    private static FormerFile Judge(string name) =>
        name.Equals(PwInputPlan.InputFile, StringComparison.OrdinalIgnoreCase) || name.Equals(JobScript.FileName, StringComparison.OrdinalIgnoreCase) || name.Equals(CalculationRecord.FileName, StringComparison.OrdinalIgnoreCase) || name.EndsWith(".upf", StringComparison.OrdinalIgnoreCase) ? FormerFile.Replace
        : Results.Contains(name) || name.StartsWith("slurm-", StringComparison.OrdinalIgnoreCase) ? FormerFile.Refuse
        : FormerFile.Keep;
}
