using System.Reflection;
using System.Text;
using AtomProNet.Calculations;

namespace AtomProNet.Lammps.Inputs;

/// <summary>What a job script needs to know of LAMMPS.</summary>
public static class LammpsJobScript
{
    private static readonly Lazy<JobScript> BuiltIn = new(() =>
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("AtomProNet.Lammps.Inputs.Data.job-slurm.sh")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new JobScript { Template = reader.ReadToEnd(), NamePrefix = "lmp_" };
    });

    /// <summary>The built-in script, for Slurm.</summary>
    public static JobScript Default => BuiltIn.Value;

    /// <summary>The script for one calculation.</summary>
    internal static string ToText(JobScript script, string name) => script.ToText(name, "lmp", "-in", LammpsInputPlan.InputFile, "-log", LammpsInputPlan.LogFile);
}
