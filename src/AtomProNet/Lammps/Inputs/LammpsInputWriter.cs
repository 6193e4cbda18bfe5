using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.Lammps.Inputs;

/// <summary>Writes the folder of a LAMMPS calculation, whole or not at all.</summary>
public static class LammpsInputWriter
{
    private static readonly HashSet<string> Inputs = new([LammpsInputPlan.InputFile, LammpsInputPlan.DataFile, JobScript.FileName, CalculationRecord.FileName], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Results = new([LammpsInputPlan.LogFile, "lammps.out", "lammps.err", "minimized.data", "static.dump"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Throws where the folder could not be written, without touching anything.</summary>
    /// <exception cref="AtomProNetException">It is there, or it holds results of a run.</exception>
    public static void ThrowIfTaken(string folder, bool force) => AtomicFolder.ThrowIfTaken(folder, force, Judge);

    /// <summary>Writes the folder.</summary>
    /// <param name="plan">What goes into it.</param>
    /// <param name="folder">Where it will stand, as a full path.</param>
    /// <param name="force">Whether an older input may be replaced; a folder with results of a run never is.</param>
    /// <exception cref="AtomProNetException">The folder is there, or it holds results of a run.</exception>
    public static DftInput Write(LammpsInputPlan plan, string folder, bool force)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var output = new AtomicFolder(folder, force, Judge);
        output.WriteAllText(LammpsInputPlan.InputFile, plan.Input);
        output.WriteAllText(LammpsInputPlan.DataFile, plan.Data);
        foreach (string file in plan.PotentialFiles)
        {
            string name = Path.GetFileName(file);
            if (Inputs.Contains(name) || Results.Contains(name))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "PotentialFileNamesClash", "A file of the potential has the name of a file of the input.", file, remedy: "Rename it.");
            }

            output.Copy(file, name);
        }

        if (plan.JobScriptText is { } script)
        {
            output.WriteScript(JobScript.FileName, script);
        }

        output.WriteAllText(CalculationRecord.FileName, plan.Record.ToJson());
        output.Commit();

        return new()
        {
            Code = "LAMMPS",
            Name = plan.Name,
            FolderPath = Path.GetFullPath(folder),
            Files = [.. output.FileNames],
            Structure = plan.Structure,
            JobScript = plan.JobScriptText is null ? null : JobScript.FileName,
            Method = plan.Record.Method,
            Findings = plan.Findings,
        };
    }

    private static FormerFile Judge(string name) => Inputs.Contains(name) ? FormerFile.Replace
        : Results.Contains(name) || name.StartsWith("slurm-", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dump", StringComparison.OrdinalIgnoreCase) ? FormerFile.Refuse
        : FormerFile.Keep;
}
