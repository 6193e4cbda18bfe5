using AtomProNet.Calculations;
using AtomProNet.Files;

namespace AtomProNet.Lammps.Inputs;

/// <summary>What a job script needs to know of LAMMPS.</summary>
public static class LammpsJobScript
{
    private static readonly Lazy<JobScript> BuiltIn = new(() => new() { Template = EmbeddedText.Read("AtomProNet.Lammps.Inputs.Data.job-slurm.sh"), NamePrefix = "lmp_" });

    /// <summary>The built-in script, for Slurm.</summary>
    public static JobScript Default => BuiltIn.Value;

    /// <summary>The script for one calculation.</summary>
    internal static string ToText(JobScript script, string name) => script.ToText(name, "lmp", "-in", LammpsInputPlan.InputFile, "-log", LammpsInputPlan.LogFile);
}
